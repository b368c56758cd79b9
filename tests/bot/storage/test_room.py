"""A server works on a few turns at once, whatever comes: else its own delay looks like a fault."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.channels.gate import TURN_WITHIN, Outcome, always_answered
from bot.storage import room
from bot.storage.room import AT_ONCE, Room, TooBusy, check_not_too_busy, going_ahead
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


async def take_a_moment(rooms: Room, number: int, order: list[int]) -> None:
    async with rooms.taken():
        await asyncio.sleep(0)
        time.sleep(0.002)  # holds the process, as a turn does  # noqa: ASYNC251
        order.append(number)


async def test_who_waited_for_too_long_is_told_so_and_who_came_first_is_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(room, "WAIT_AT_MOST", 0.1)
    order: list[int] = []
    done = await asyncio.gather(
        *(take_a_moment(room.room(), number, order) for number in range(200)),
        return_exceptions=True,
    )
    told = [number for number, error in enumerate(done) if isinstance(error, TooBusy)]
    assert told
    assert order == list(range(200 - len(told)))
    assert told == list(range(200 - len(told), 200))
    assert room.room()._taken == 0


async def test_who_comes_when_the_queue_is_too_long_is_told_so_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order: list[int] = []
    tasks = [take_a_moment(room.room(), number, order) for number in range(60)]
    waiting = asyncio.gather(*tasks, return_exceptions=True)
    while len(order) < 30:  # noqa: ASYNC110  (each round is one of the loop)
        await asyncio.sleep(0)
    check_not_too_busy()  # few enough, a hundredth of a second each at most
    monkeypatch.setattr(room, "WAIT_AT_MOST", 0.001)
    with pytest.raises(TooBusy):
        check_not_too_busy()
    with going_ahead():  # as the health check does
        check_not_too_busy()
        await asyncio.wait_for(enter(room.room()), 1)
    await waiting
    check_not_too_busy()  # nobody waits any more


async def test_one_stall_of_the_machine_refuses_nobody() -> None:
    rooms = Room()
    async with full(rooms) as end:
        waiting = [asyncio.ensure_future(enter(rooms)) for _ in range(100)]
        await asyncio.sleep(0)
        time.sleep(0.5)  # noqa: ASYNC251
        end.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert 0 < len(rooms._waiting) < 100
        assert not rooms.is_too_busy
        await asyncio.gather(*waiting)


async def test_who_is_refused_gets_words_and_no_turn_begins(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def handle(message: UserMessage) -> None:
        raise AssertionError("a turn began")

    monkeypatch.setattr(Room, "is_too_busy", True)
    message = UserMessage("my chest hurts", CollectingOutputChannel(), "p", input_channel="rest")
    assert await always_answered(message, handle) is Outcome.FAILED
    (said,) = message.output_channel.messages
    assert "911" in said["text"]


def test_a_turn_that_waited_has_time_left_for_the_rest() -> None:
    assert room.WAIT_AT_MOST <= TURN_WITHIN - 1
