"""The trained bot in this process, on each kind of store, and patients who write to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from patient import Patient
from postgres_server import Postgres
from rasa.core.agent import Agent

from bot.action_endpoint import InProcessActionEndpoint
from bot.mends import mend_rasa
from bot.privacy import forgetting
from bot.privacy.requests import serve_data_requests
from bot.server import latest_model
from bot.storage.conversation_store import ConversationStore
from bot.storage.memory import MemoryStore
from bot.storage.sql import SqlStore


@pytest.fixture(scope="session")
def agent() -> Agent:
    """The trained model with its actions; an error says `make train` where there is none."""
    mend_rasa()
    serve_data_requests()
    return Agent.load(str(latest_model()), action_endpoint=InProcessActionEndpoint())


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARECITE_SECRET", "of these tests alone, guarding nothing")


@pytest.fixture(autouse=True)
def keepers() -> Iterator[None]:
    """Keepers that a test registers are not there in the next one."""
    before = dict(forgetting._keepers)
    yield
    forgetting._keepers.clear()
    forgetting._keepers.update(before)


@pytest.fixture
def sqlite_store(agent: Agent, tmp_path: Path) -> SqlStore:
    (tmp_path / "store").mkdir()
    return SqlStore(agent.domain, f"sqlite:///{tmp_path}/store/conversations.db")


@pytest.fixture
def postgres_store(agent: Agent, postgres: Postgres) -> SqlStore:
    engine = sa.create_engine(postgres.url)
    engine.execute("DROP TABLE IF EXISTS events")
    engine.dispose()
    return SqlStore(agent.domain, postgres.url)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, agent: Agent) -> ConversationStore:
    if request.param == "memory":
        return MemoryStore(agent.domain)
    name = {"sqlite": "sqlite_store", "postgresql": "postgres_store"}[request.param]
    made: ConversationStore = request.getfixturevalue(name)
    return made


@pytest.fixture
def patient_of(agent: Agent) -> Callable[[ConversationStore], Patient]:
    def make(store: ConversationStore) -> Patient:
        agent.tracker_store = agent.processor.tracker_store = store
        return Patient(agent)

    return make


@pytest.fixture
def patient(agent: Agent, patient_of: Callable[[ConversationStore], Patient]) -> Patient:
    """One whose conversation is in memory."""
    return patient_of(MemoryStore(agent.domain))
