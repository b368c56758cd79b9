"""A PostgreSQL of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engines import skipped_where_missing

from benchmarks.engines.postgres import Postgres
from benchmarks.engines.postgres import running_postgres as running

__all__ = ["Postgres", "running_postgres"]


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    with skipped_where_missing(), running() as started:
        yield started
