"""A Redis of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engines import skipped_where_missing

from benchmarks.engines.redis_server import RedisServer
from benchmarks.engines.redis_server import running_redis as running

__all__ = ["RedisServer", "running_redis"]


@contextmanager
def running_redis(folder: Path) -> Iterator[RedisServer]:
    with skipped_where_missing(), running(folder) as started:
        yield started
