"""Engines of this folder's own: what other tests have left in theirs must not matter here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from postgres_server import Postgres, running_postgres
from redis_server import RedisServer, running_redis


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as started:
        yield started


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with running_redis(tmp_path_factory.mktemp("redis")) as started:
        yield started
