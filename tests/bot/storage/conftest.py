"""The three stores, each with nothing in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from kept_turns import DOMAIN, MakeStore
from postgres_server import Postgres

from bot.storage.conversation_store import ConversationStore
from bot.storage.memory import MemoryStore
from bot.storage.sql import SqlStore


@pytest.fixture
def empty_postgres(postgres: Postgres) -> Postgres:
    engine = sa.create_engine(postgres.url)
    engine.execute("DROP TABLE IF EXISTS events")
    engine.dispose()
    return postgres


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> MakeStore:
    """Makes the store, and another one on the same database, as another server would."""
    if request.param == "memory":
        kept = MemoryStore(DOMAIN)
        return lambda: kept
    if request.param == "sqlite":
        return lambda: SqlStore(DOMAIN, f"sqlite:///{tmp_path}/conversations.db")
    started: Postgres = request.getfixturevalue("empty_postgres")
    return lambda: SqlStore(DOMAIN, started.url)


@pytest.fixture
def store(make_store: MakeStore) -> ConversationStore:
    return make_store()
