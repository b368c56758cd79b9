"""Does a long conversation get slow? Turns 401 to 500 beside the first five of fresh ones."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from statistics import median
from typing import Any

from benchmarks.errors import BenchmarkError
from benchmarks.figures import Bar, as_table
from benchmarks.load.chat import Chat, Outcome, Tally
from benchmarks.load.patients import Ask, conversations
from benchmarks.load.set_ups import SetUp

LONG = 500  # turns
FIRST_COUNTED = 401
RATIO = Bar(1.25)
MOST_WRONG = 0.01


def measure_long_conversation(set_up: SetUp, part: float = 1.0) -> dict[str, Any]:
    """Medians in ms and their ratio.

    Raises:
        BenchmarkError: turns were not answered rightly, so that their time would mean nothing.
    """
    return asyncio.run(_measure(set_up, int(LONG * part), int(FIRST_COUNTED * part)))


async def _measure(set_up: SetUp, turns: int, first_counted: int) -> dict[str, Any]:
    tally, scripts = Tally(), conversations(0)
    late: list[float] = []
    fresh: list[float] = []
    async with AsyncExitStack() as stack:
        long = await stack.enter_async_context(Chat(set_up.base, set_up.tls, tally))
        for turn in range(1, turns + 1, 5):
            script = next(scripts)
            if turn < first_counted:
                for ask in script:
                    await _seconds(long, ask, tally)
                continue
            # The same question to both in turns, so that only the length of the talk is different.
            async with Chat(set_up.base, set_up.tls, tally) as other:
                await other.start()
                for ask in script:
                    fresh.append(await _seconds(other, ask, tally))
                    late.append(await _seconds(long, ask, tally))
    wrong = 1 - tally.share(Outcome.RIGHT)
    if wrong > MOST_WRONG:
        raise BenchmarkError(f"{wrong:.0%} of the turns were not answered rightly")
    return {
        "fresh": median(fresh) * 1000,
        "late": median(late) * 1000,
        "ratio": median(late) / median(fresh),
    }


async def _seconds(chat: Chat, ask: Ask, tally: Tally) -> float:
    asked_at = time.perf_counter()
    outcome = await chat.ask(ask)
    tally.add(asked_at, outcome)
    return time.perf_counter() - asked_at


def long_table(figures: dict[str, dict[str, Any]]) -> tuple[str, bool]:
    """The report, and whether the bar is met with each store."""
    rows = [("conversations kept in", "turns 1-5 (ms)", "turns 401-500 (ms)", "ratio", "to reach")]
    for store, one in figures.items():
        rows.append(
            (store, f"{one['fresh']:.1f}", f"{one['late']:.1f}", f"{one['ratio']:.2f}",
             RATIO.told(one["ratio"]))
        )  # fmt: skip
    return as_table(rows), all(RATIO.is_met(one["ratio"]) for one in figures.values())
