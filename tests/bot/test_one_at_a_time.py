"""Messages are understood in the order of coming, and nobody waits longer than a turn may take."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot import one_at_a_time as module
from bot.channels.gate import TURN_WITHIN
from bot.one_at_a_time import TooBusy, check_not_too_busy, one_at_a_time


async def understand(number: int, order: list[int]) -> None:
    async with one_at_a_time():
        order.append(number)
        time.sleep(0.01)  # holds the process, as understanding does  # noqa: ASYNC251


async def test_messages_are_understood_in_the_order_of_coming() -> None:
    order: list[int] = []
    await asyncio.gather(*(understand(number, order) for number in range(20)))
    assert order == list(range(20))


async def test_other_work_goes_on_between_two_messages() -> None:
    order: list[int] = []
    waiting = asyncio.gather(*(understand(number, order) for number in range(20)))
    for _ in range(10):  # of all else that runs
        await asyncio.sleep(0)
    assert 0 < len(order) < 10
    await waiting


async def test_who_would_wait_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WAIT_AT_MOST", 0.05)
    order: list[int] = []
    done = await asyncio.gather(
        *(understand(number, order) for number in range(30)), return_exceptions=True
    )
    told = [number for number, error in enumerate(done) if isinstance(error, TooBusy)]
    assert order == list(range(30 - len(told)))
    assert told == list(range(30 - len(told), 30))
    assert told


async def test_who_gives_up_waiting_leaves_the_place_to_the_next() -> None:
    order: list[int] = []
    tasks = [asyncio.ensure_future(understand(number, order)) for number in range(5)]
    await asyncio.sleep(0)
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == [0, 1, 3, 4]
    await asyncio.wait_for(understand(5, order), 1)


async def test_who_comes_when_the_queue_is_too_long_is_told_so_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order: list[int] = []
    waiting = asyncio.gather(*(understand(number, order) for number in range(20)))
    while len(order) < 10:  # noqa: ASYNC110  (each round is one of the loop)
        await asyncio.sleep(0)
    check_not_too_busy()  # ten more, a hundredth of a second each
    monkeypatch.setattr(module, "WAIT_AT_MOST", 0.001)
    with pytest.raises(TooBusy):
        check_not_too_busy()
    await asyncio.gather(waiting, return_exceptions=True)
    check_not_too_busy()  # nobody waits any more


def test_a_turn_that_waited_has_time_left_for_the_rest() -> None:
    assert module.WAIT_AT_MOST <= TURN_WITHIN - 1
