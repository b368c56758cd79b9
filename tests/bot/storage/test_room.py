"""A server works on a few turns at once, whatever comes: else its own delay looks like a fault."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bot.storage import room
from bot.storage.room import AT_ONCE, Room
from bot.storage.turn_lock import TurnLocks


async def test_of_many_conversations_a_few_have_their_turn_at_once_and_in_order() -> None:
    locks, running, seen = TurnLocks(), 0, []

    async def turn(number: int) -> None:
        nonlocal running
        async with locks.lock(f"patient {number}"):
            running += 1
            assert running <= AT_ONCE
            await asyncio.sleep(0.001)
            running -= 1
            seen.append(number)

    await asyncio.gather(*(turn(number) for number in range(AT_ONCE * 10)))
    assert seen == sorted(seen)


async def test_who_waits_for_a_turn_of_the_same_conversation_takes_no_room() -> None:
    locks, done = TurnLocks(), asyncio.Event()

    async def turn() -> None:
        async with locks.lock("patient"):
            await done.wait()

    turns = [asyncio.ensure_future(turn()) for _ in range(AT_ONCE * 2)]
    await asyncio.sleep(0.01)
    async with locks.lock("another"):
        done.set()
    await asyncio.gather(*turns)


@asynccontextmanager
async def full(rooms: Room) -> AsyncIterator[asyncio.Event]:
    """As many turns as there is room for, until the event is set."""
    end = asyncio.Event()

    async def turn() -> None:
        async with rooms.taken():
            await end.wait()

    turns = [asyncio.ensure_future(turn()) for _ in range(AT_ONCE)]
    await asyncio.sleep(0)
    yield end
    end.set()
    await asyncio.gather(*turns)


async def enter(rooms: Room) -> None:
    async with rooms.taken():
        pass


async def test_a_turn_that_hangs_holds_up_others_for_a_moment_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "COMPUTES_FOR", 0.05)
    rooms = Room()
    async with full(rooms):
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(enter(rooms), 0.02)
        await asyncio.wait_for(enter(rooms), 1)
    assert rooms._taken == 0


async def test_who_is_cut_short_while_waiting_or_inside_leaves_room_for_the_next() -> None:
    rooms = Room()
    async with full(rooms) as end:
        waiting = [asyncio.ensure_future(enter(rooms)) for _ in range(4)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        end.set()
        await asyncio.sleep(0)
        waiting[1].cancel()  # room was given to it in this moment
        for one in waiting:
            with suppress(asyncio.CancelledError):
                await one
    assert rooms._taken == 0
