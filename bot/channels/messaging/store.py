"""Where small things are kept for a while: in this process, or in Redis for several servers."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable
from functools import lru_cache

from bot.storage.errors import RedisDown
from bot.storage.shared_redis import SharedRedis, named_redis, redis_is_named

MOST_OF_A_KIND = 50_000
KEY_PREFIX = "carecite:"


class Store(ABC):
    """Keys are "kind:name"; values are ASCII, and expire after `seconds`, or never with None."""

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
    """In Redis. While Redis cannot be reached, in this process: patients still get answers.

    A message needs several calls. So one that hangs is waited for once, not at each (SharedRedis).
    """

    def __init__(self, redis: SharedRedis) -> None:
        self._redis = redis
        self._instead = MemoryStore()

    async def get(self, key: str) -> bytes | None:
        try:
            found = await self._redis.call(lambda: self._redis.client.get(KEY_PREFIX + key))
        except RedisDown:
            return await self._instead.get(key)
        return found.encode() if found is not None else None

    async def swap(self, key: str, value: bytes, seconds: int | None) -> bytes | None:
        def swapped() -> Awaitable[str | None]:
            set_: Awaitable[str | None] = self._redis.client.set(
                KEY_PREFIX + key, value, ex=seconds, get=True
            )
            return set_

        try:
            before = await self._redis.call(swapped)
        except RedisDown:
            return await self._instead.swap(key, value, seconds)
        return before.encode() if before is not None else None

    async def delete(self, key: str) -> None:
        """Raises RedisDown: what is kept there cannot be deleted now."""
        await self._instead.delete(key)
        await self._redis.call(lambda: self._redis.client.delete(KEY_PREFIX + key))


@lru_cache(maxsize=1)
def current_store() -> Store:
    return RedisStore(named_redis()) if redis_is_named() else MemoryStore()
