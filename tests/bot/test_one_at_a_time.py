"""Messages are understood in the order of coming, and other work goes on between two of them."""

from __future__ import annotations

import asyncio
import time

from bot.one_at_a_time import one_at_a_time


async def understand(number: int, order: list[int]) -> None:
    async with one_at_a_time():
        order.append(number)
        time.sleep(0.001)  # holds the process, as understanding does  # noqa: ASYNC251


async def test_messages_are_understood_in_the_order_of_coming() -> None:
    order: list[int] = []
    await asyncio.gather(*(understand(number, order) for number in range(20)))
    assert order == list(range(20))


async def test_other_work_goes_on_between_two_messages() -> None:
    order: list[int] = []
    waiting = asyncio.gather(*(understand(number, order) for number in range(20)))
    seen = []
    while len(order) < 20:
        await asyncio.sleep(0)  # all else that runs
        seen.append(len(order))
    assert set(range(1, 21)) <= set(seen)
    await waiting


async def test_who_gives_up_waiting_leaves_the_place_to_the_next() -> None:
    order: list[int] = []
    tasks = [asyncio.ensure_future(understand(number, order)) for number in range(5)]
    await asyncio.sleep(0)
    tasks[2].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == [0, 1, 3, 4]
    await asyncio.wait_for(understand(5, order), 1)
