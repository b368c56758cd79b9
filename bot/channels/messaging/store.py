"""Where small things are kept for a while: in this process, or in Redis for several servers."""

from __future__ import annotations

import logging
import os
import time
from abc import ABC, abstractmethod
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from functools import lru_cache

from redis.asyncio import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
VARIABLE = "CARECITE_REDIS_URL"
MOST_OF_A_KIND = 50_000
REDIS_WITHIN = 2.0  # seconds
KEY_PREFIX = "carecite:"


class Store(ABC):
    """Keys are "kind:name"; values expire after `seconds`, or never with None."""

    @abstractmethod
    async def get(self, key: str) -> bytes | None: ...

    @abstractmethod
    async def swap(self, key: str, value: bytes, seconds: int | None) -> bytes | None:
        """Writes the value and gives the one before, in one step."""

    @abstractmethod
    async def delete(self, key: str) -> None: ...


class MemoryStore(Store):
    """In this process; of each kind the oldest go when there are too many."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kinds: dict[str, OrderedDict[str, tuple[bytes, float]]] = defaultdict(OrderedDict)

    async def get(self, key: str) -> bytes | None:
        value, expires = self._kind(key).get(key, (b"", 0.0))
        return value if expires > self._clock() else None

    async def swap(self, key: str, value: bytes, seconds: int | None) -> bytes | None:
        before = await self.get(key)
        kind = self._kind(key)
        kind.pop(key, None)
        kind[key] = (value, float("inf") if seconds is None else self._clock() + seconds)
        if len(kind) > MOST_OF_A_KIND:
            kind.popitem(last=False)
        return before

    async def delete(self, key: str) -> None:
        self._kind(key).pop(key, None)

    def _kind(self, key: str) -> OrderedDict[str, tuple[bytes, float]]:
        return self._kinds[key.partition(":")[0]]


class RedisStore(Store):
    """In Redis. While Redis cannot be reached, in this process: patients still get answers."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url, socket_timeout=REDIS_WITHIN, socket_connect_timeout=REDIS_WITHIN
        )
        self._instead = MemoryStore()

    async def get(self, key: str) -> bytes | None:
        try:
            found: bytes | None = await self._redis.get(KEY_PREFIX + key)
        except RedisError as error:
            _log(error)
            return await self._instead.get(key)
        return found

    async def swap(self, key: str, value: bytes, seconds: int | None) -> bytes | None:
        try:
            before: bytes | None = await self._redis.set(
                KEY_PREFIX + key, value, ex=seconds, get=True
            )
        except RedisError as error:
            _log(error)
            return await self._instead.swap(key, value, seconds)
        return before

    async def delete(self, key: str) -> None:
        await self._instead.delete(key)
        try:
            await self._redis.delete(KEY_PREFIX + key)
        except RedisError as error:
            _log(error)


def _log(error: RedisError) -> None:
    logger.error("Redis (%s) fails: %s", VARIABLE, type(error).__name__)


@lru_cache(maxsize=1)
def current_store() -> Store:
    url = os.environ.get(VARIABLE, "")
    return RedisStore(url) if url else MemoryStore()
