"""Redis as several servers share it: bounded waits, and left alone while it is down."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionError_
from redis.exceptions import RedisError

from bot.metrics import DOWN
from bot.storage.errors import RedisAddressWrong, RedisDown

logger = logging.getLogger(__name__)
T = TypeVar("T")
REDIS = "CARECITE_REDIS_URL"
ANSWERS_WITHIN = 1.0  # seconds; it takes a millisecond, but a busy machine comes to it late
LEFT_ALONE_FOR = 1.0  # seconds after a failure: one hung call is what a turn can afford


class SharedRedis:
    """A client whose calls fail at once while Redis is known to be down."""

    def __init__(self, address: str) -> None:
        try:
            self.client: Redis = Redis.from_url(
                address, decode_responses=True,
                socket_timeout=ANSWERS_WITHIN, socket_connect_timeout=ANSWERS_WITHIN,
                # A connection from before a restart of Redis fails at its next use, once.
                retry=Retry(NoBackoff(), 1), retry_on_error=[ConnectionError_],
            )  # fmt: skip
        except ValueError:
            raise RedisAddressWrong(
                f"{REDIS} starts with '{address.partition(':')[0][:20]}' and is no address of "
                "Redis. Write redis://:PASSWORD@HOST:6379/0, or rediss:// for TLS"
            ) from None
        self._is_down = False
        DOWN.labels("redis").set(False)
        self._try_again_at = 0.0

    async def call(self, work: Callable[[], Awaitable[T]]) -> T:
        """Raises RedisDown."""
        now = time.monotonic()
        if self._is_down:
            if now < self._try_again_at:
                raise RedisDown("Redis did not answer a moment ago")
            self._try_again_at = now + LEFT_ALONE_FOR  # one tries, the others need not wait
        try:
            answered = await _to_its_end(asyncio.ensure_future(work()))
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            self._try_again_at = time.monotonic() + LEFT_ALONE_FOR
            fault = type(error).__name__
            if not self._is_down:
                logger.error("Redis is down (%s); servers share nothing meanwhile", fault)  # noqa: TRY400
            self._is_down = True
            DOWN.labels("redis").set(True)
            raise RedisDown(f"Redis did not answer ({fault})") from None
        if self._is_down:
            logger.warning("Redis is back")
            self._is_down = False
            DOWN.labels("redis").set(False)
        return answered


async def _to_its_end(running: asyncio.Future[T]) -> T:
    """Cut short inside, redis-py may take that for a timeout of its own, and the caller goes on."""
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.gather(running, return_exceptions=True)
        raise


def redis_is_named() -> bool:
    return bool(os.environ.get(REDIS))


def named_redis() -> SharedRedis:
    """The Redis of the environment: one client for the whole process.

    Raises:
        RedisAddressWrong: the address is malformed.
    """
    return _client(os.environ.get(REDIS, ""))


@lru_cache(maxsize=1)
def _client(address: str) -> SharedRedis:
    return SharedRedis(address)


def key_of(kind: str, sender_id: str) -> str:
    """A key that does not tell the sender; any text can be one."""
    digest = hashlib.sha256(sender_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"carecite:{kind}:{digest[:40]}"
