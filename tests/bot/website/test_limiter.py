"""Token buckets, of one server and over several."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from redis_server import RedisServer

from bot.storage.shared_redis import SharedRedis
from bot.website.limiter import Limiter, SharedLimiter, address_key

MakeLimiter = Callable[[], Limiter]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["one server", "several servers"])
async def limiter(request: pytest.FixtureRequest) -> MakeLimiter:
    """Makes the limiter of another server that counts the same events."""
    if request.param == "one server":
        one = Limiter()
        return lambda: one
    redis: RedisServer = request.getfixturevalue("redis_server")
    client = SharedRedis(redis.url).client
    await client.flushall()
    await client.close()
    return lambda: SharedLimiter(SharedRedis(redis.url), "turns")


async def test_as_many_as_a_minute_allows_pass_at_once_and_no_more(limiter: MakeLimiter) -> None:
    waits = [await limiter().seconds_to_wait("a", 3) > 0 for _ in range(5)]
    assert waits == [False] * 3 + [True] * 2


async def test_after_the_time_it_names_one_more_passes(clock: Clock) -> None:
    limiter = Limiter(clock)
    for _ in range(3):
        await limiter.seconds_to_wait("a", 3)
    clock.now += await limiter.seconds_to_wait("a", 3)
    assert await limiter.seconds_to_wait("a", 3) == 0
    assert await limiter.seconds_to_wait("a", 3) > 0


async def test_after_the_time_it_names_one_more_passes_on_another_server(
    limiter: MakeLimiter,
) -> None:
    for _ in range(600):
        await limiter().seconds_to_wait("a", 600)
    wait = await limiter().seconds_to_wait("a", 600)
    assert 0 <= wait <= 0.1
    await asyncio.sleep(wait + 0.01)
    assert await limiter().seconds_to_wait("a", 600) == 0


async def test_one_does_not_use_up_what_another_has(limiter: MakeLimiter) -> None:
    assert await limiter().seconds_to_wait("a", 1) == 0
    assert await limiter().seconds_to_wait("b", 1) == 0
    assert await limiter().seconds_to_wait("a", 1) > 0


async def test_a_flood_of_keys_takes_no_more_memory_than_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.website.limiter.MOST_KEYS", 10)
    limiter = Limiter()
    for number in range(1000):
        await limiter.seconds_to_wait(str(number), 1)
    assert len(limiter._buckets) == 10


async def test_without_redis_each_server_limits_by_itself(redis_server: RedisServer) -> None:
    limiter = SharedLimiter(SharedRedis(redis_server.url), "turns")
    redis_server.stop()
    try:
        waits = [await limiter.seconds_to_wait("a", 2) > 0 for _ in range(3)]
    finally:
        redis_server.start()
    assert waits == [False, False, True]


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("nonsense", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_is_counted_by_what_one_subscriber_has(address: str, key: str) -> None:
    assert address_key(address) == key
