"""One turn at a time for a conversation, in order: in one server, and over several."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from rasa.core.lock_store import LockError, LockStore
from redis import Redis
from redis_server import RedisServer

from bot.storage import redis_lock
from bot.storage.gaps import Gaps
from bot.storage.lease import current_lease
from bot.storage.redis_lock import RedisTurnLocks
from bot.storage.shared_redis import SharedRedis
from bot.storage.turn_lock import TurnLocks
from knowledge.places import ROOT

TURN_WITHIN = 5.0  # seconds: what a patient may have to wait at most
HOLDER = Path(__file__).with_name("lock_holder.py")


class FaultInATurn(Exception):
    """Raised inside of a turn."""


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[RedisServer]:
    # Not the bot's client: its patience is for patients, and too short for a busy machine.
    Redis.from_url(redis_server.url).flushall()
    yield redis_server
    redis_server.go_on()


def server_locks(redis: RedisServer) -> RedisTurnLocks:
    """Those of another server: a client, a name and gaps of its own."""
    locks = RedisTurnLocks(redis=SharedRedis(redis.url))
    locks.gaps = Gaps()
    return locks


@pytest.fixture(params=["one server", "three servers"])
def servers(request: pytest.FixtureRequest) -> list[LockStore]:
    if request.param == "one server":
        return [TurnLocks()]
    redis = request.getfixturevalue("redis")
    return [server_locks(redis) for _ in range(3)]


async def test_of_many_messages_at_once_each_has_its_turn_alone(servers: list[LockStore]) -> None:
    running, turns = 0, 0

    async def turn(locks: LockStore) -> None:
        nonlocal running, turns
        async with locks.lock("patient"):
            running += 1
            assert running == 1, "two turns of one conversation at once"
            await asyncio.sleep(0.001)
            running -= 1
            turns += 1

    await asyncio.gather(*(turn(servers[n % len(servers)]) for n in range(90)))
    assert turns == 90


async def test_turns_are_in_the_order_of_the_messages(servers: list[LockStore]) -> None:
    seen: list[int] = []

    async def turn(number: int) -> None:
        async with servers[number % len(servers)].lock("patient"):
            await asyncio.sleep(0.002)
            seen.append(number)

    turns = []
    for number in range(30):
        turns.append(asyncio.ensure_future(turn(number)))
        await asyncio.sleep(0.001)
    await asyncio.gather(*turns)
    by_server = [[n for n in seen if n % len(servers) == of] for of in range(len(servers))]
    assert by_server == [sorted(numbers) for numbers in by_server]
    assert max(abs(place - number) for place, number in enumerate(seen)) <= len(servers)


async def test_conversations_do_not_wait_for_each_other(servers: list[LockStore]) -> None:
    async with servers[0].lock("patient"), servers[-1].lock("another"):
        pass


async def test_a_turn_that_fails_or_is_cut_short_gives_its_conversation_back(
    servers: list[LockStore],
) -> None:
    async def fails() -> None:
        async with servers[0].lock("patient"):
            raise FaultInATurn

    async def lasts() -> None:
        async with servers[0].lock("patient"):
            await asyncio.sleep(60)

    async def waits() -> None:
        async with servers[-1].lock("patient"):
            pass

    with pytest.raises(FaultInATurn):
        await fails()
    lasting, waiting = asyncio.ensure_future(lasts()), asyncio.ensure_future(waits())
    await asyncio.sleep(0.1)
    for task in (waiting, lasting):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    await asyncio.wait_for(waits(), 1)


@pytest.mark.parametrize("sender", ["s" * 3000, "\ud800", "a\x00b", "{x}:*"])
async def test_a_sender_of_any_form_can_be_locked(servers: list[LockStore], sender: str) -> None:
    async with servers[0].lock(sender):
        pass


async def test_nothing_is_left_of_a_conversation_that_nobody_talks_in(redis: RedisServer) -> None:
    locks = server_locks(redis)
    async with locks.lock("patient"):
        pass
    assert not len(locks._turns)
    assert [key async for key in locks._redis.client.scan_iter("carecite:turns:*")] == []


async def test_a_server_that_is_killed_frees_its_conversation_within_five_seconds(
    redis: RedisServer,
) -> None:
    """Stock Rasa: after 59."""
    holder = subprocess.Popen(  # noqa: ASYNC220  (it starts at once, and is read before any await)
        [sys.executable, str(HOLDER), redis.url, "patient"],
        stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    locks = server_locks(redis)

    async def turn() -> None:
        async with locks.lock("patient"):
            pass

    with pytest.raises(asyncio.TimeoutError):  # while it lives it keeps it, past any lease
        await asyncio.wait_for(turn(), redis_lock.LIVES_FOR + 1)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    await asyncio.wait_for(turn(), TURN_WITHIN)


async def test_while_redis_is_down_or_hangs_turns_go_on_in_bounded_time(redis: RedisServer) -> None:
    locks = server_locks(redis)

    async def turn(sender: str) -> None:
        async with locks.lock(sender):
            pass

    for fault, recovery in ((redis.hang, redis.go_on), (redis.stop, redis.start)):
        await turn("before")
        fault()
        many = asyncio.gather(*(turn(f"patient {n % 10}") for n in range(50)))
        await asyncio.wait_for(many, TURN_WITHIN)
        recovery()
        await asyncio.sleep(1.1)
        await turn("after")
        assert not locks._redis._is_down


async def test_a_restart_of_redis_in_the_middle_of_a_queue_loses_nobody(redis: RedisServer) -> None:
    servers = [server_locks(redis) for _ in range(2)]
    done = 0

    async def turn(number: int) -> None:
        nonlocal done
        async with servers[number % 2].lock("patient"):
            await asyncio.sleep(0.02)
            done += 1

    turns = asyncio.gather(*(turn(number) for number in range(40)))
    await asyncio.sleep(0.2)
    redis.stop()
    redis.start()
    await asyncio.wait_for(turns, 10)
    assert done == 40


async def test_a_turn_before_that_never_ends_is_not_waited_for_for_ever(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_lock, "WAIT_AT_MOST", 0.1)
    one, other = server_locks(redis), server_locks(redis)
    async with one.lock("patient"):
        with pytest.raises(LockError):
            async with other.lock("patient"):
                pass


async def test_that_a_turn_could_not_be_kept_is_known_to_the_next_server(
    redis: RedisServer,
) -> None:
    one, other = server_locks(redis), server_locks(redis)
    async with one.lock("patient"):
        one.gaps.add("patient")
    assert "patient" not in one.gaps, "it is in Redis now"
    async with other.lock("patient"):
        assert "patient" in other.gaps
        other.gaps.discard("patient")  # a new session was kept
    async with one.lock("patient"):
        assert "patient" not in one.gaps


async def test_a_server_that_stood_still_knows_that_it_lost_its_turn(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_lock, "LIVES_FOR", 0.2)
    monkeypatch.setattr(redis_lock, "SIGN_EVERY", 60)
    one, other = server_locks(redis), server_locks(redis)
    async with one.lock("patient"):
        assert not current_lease.get().is_lost
        await asyncio.sleep(0.3)
        assert current_lease.get().is_lost
        async with other.lock("patient"):
            assert not current_lease.get().is_lost
    assert not current_lease.get().is_lost


async def test_a_server_that_was_late_but_not_passed_over_still_has_its_turn(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A busy server may miss its signs of life; nobody waits, so nothing of it is lost."""
    monkeypatch.setattr(redis_lock, "LIVES_FOR", 0.2)
    monkeypatch.setattr(redis_lock, "SIGN_EVERY", 60)
    one, other = server_locks(redis), server_locks(redis)
    async with one.lock("patient"):
        await asyncio.sleep(0.3)
        lease = current_lease.get()
        assert lease.is_lost
        assert await lease.is_ours()
        assert not lease.is_lost
        await asyncio.sleep(0.3)
        async with other.lock("patient"):
            pass
        assert not await lease.is_ours(), "another server had a turn since"
