"""Does a server grow? Its memory over 20,000 turns, when it keeps as much as it ever will."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

import aiohttp

from benchmarks.errors import BenchmarkError
from benchmarks.figures import Bar, as_table
from benchmarks.load.patients import mixed_texts
from benchmarks.load.set_ups import SetUp
from bot.storage.memory import MOST_CONVERSATIONS

TURNS = 20_000
COUNTED_FROM = 5_000
EVERY = 1_000  # turns
ASKERS = 8  # at once
TURNS_OF_EACH = 5
LATER = MOST_CONVERSATIONS // TURNS_OF_EACH  # a patient's next turn, in conversations begun since
BY_REST = 0.1  # share of the conversations that are of the testers' channel
# 15,000 turns that kept 1 kB each would be 1.5% of a server; what is kept for a turn is more.
GROWTH = Bar(0.015)
MOST_UNANSWERED = 0.001


def visits(later: int) -> Iterator[int]:
    """Which conversation each turn belongs to: a new one, or one of those begun long before.

    Of as many conversations as a server keeps, equal shares have had one turn, two ... and five:
    from then on what is kept stays the same, so whatever grows is something else.
    """
    for newest in count():
        for turn in range(TURNS_OF_EACH):
            if newest >= turn * later:
                yield newest - turn * later


def filled_after(part: float = 1.0) -> int:
    """Turns until a server keeps as much as it ever does, in both of its stores."""
    conversations = int(MOST_CONVERSATIONS * part / (1 - BY_REST))
    later = int(LATER * part)
    return sum(min(TURNS_OF_EACH, 1 + number // later) for number in range(conversations))


@dataclass
class Asking:
    """Patients who begin conversations, and go on with them after others have come."""

    set_up: SetUp
    numbers: Iterator[int]
    turns: int = 0
    unanswered: int = 0
    random: Random = field(default_factory=lambda: Random(1))
    texts: Iterator[str] = field(default_factory=lambda: mixed_texts(1))
    begun: dict[int, dict[str, str]] = field(default_factory=dict)

    async def ask(self, session: aiohttp.ClientSession) -> None:
        number, text = next(self.numbers), next(self.texts)
        self.turns += 1
        if number not in self.begun:
            self.begun[number] = await self._new(session)
        known = self.begun[number]
        if "sender" in known:
            body = {"sender": known["sender"], "message": text}
            async with session.post(self.set_up.bots[0].address, json=body) as response:
                self.unanswered += not await response.json()
            return
        headers = {"Authorization": f"Bearer {known['token']}"}
        body = {"id": uuid.uuid4().hex, "text": text[:1_000]}
        address = f"{self.set_up.base}/messages"
        async with session.post(address, json=body, headers=headers) as response:
            self.unanswered += not (await response.json()).get("text")

    async def _new(self, session: aiohttp.ClientSession) -> dict[str, str]:
        if self.random.random() < BY_REST:
            return {"sender": uuid.uuid4().hex}
        async with session.post(f"{self.set_up.base}/conversations") as response:
            return {"token": (await response.json())["token"]}


def measure_memory(set_up: SetUp, part: float = 1.0) -> dict[str, Any]:
    """MB after each thousand turns: while conversations fill the server, and after.

    Raises:
        BenchmarkError: turns went unanswered, so that the memory would mean nothing.
    """
    filled, turns, every = filled_after(part), int(TURNS * part), int(EVERY * part)
    asking = Asking(set_up, visits(int(LATER * part)))
    points = asyncio.run(_points(asking, filled + turns, every))
    if asking.unanswered > MOST_UNANSWERED * asking.turns:
        raise BenchmarkError(f"{asking.unanswered} of {asking.turns} turns had no answer")
    counted = int(COUNTED_FROM * part)
    return {
        "filled after": filled,
        "points": points,
        "growth while filling": growth([p for p in points if p[0] <= turns], counted),
        "growth when filled": growth([p for p in points if p[0] >= filled], filled + counted),
    }


def growth(points: list[tuple[int, float]], since: int) -> float:
    """By which share memory grew from `since` turns to the last point, on the line through all.

    The line of least squares: one point more or less than a page's worth decides nothing.
    """
    counted = [(turns, memory) for turns, memory in points if turns >= since]
    middle = sum(turns for turns, _ in counted) / len(counted)
    mean = sum(memory for _, memory in counted) / len(counted)
    spread = sum((turns - middle) ** 2 for turns, _ in counted)
    slope = sum((t - middle) * (memory - mean) for t, memory in counted) / max(1, spread)
    first = mean + slope * (counted[0][0] - middle)
    return slope * (counted[-1][0] - counted[0][0]) / first


async def _points(asking: Asking, turns: int, every: int) -> list[tuple[int, float]]:
    points: list[tuple[int, float]] = []
    began = time.perf_counter()
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        )
        while asking.turns < turns:
            until = min(turns, asking.turns + every)
            await asyncio.gather(*(_asker(asking, session, until) for _ in range(ASKERS)))
            memory = await asyncio.to_thread(asking.set_up.bots[0].memory)
            points.append((asking.turns, memory))
            rate = asking.turns / (time.perf_counter() - began)
            print(
                f"  {asking.turns:,} of {turns:,} turns: {memory:.0f} MB, {rate:.0f} turns/s",
                flush=True,
            )
    return points


async def _asker(asking: Asking, session: aiohttp.ClientSession, until: int) -> None:
    while asking.turns < until:
        await asking.ask(session)


def memory_table(figures: dict[str, Any]) -> tuple[str, bool]:
    """The report, and whether the bar is met."""
    grown = figures["growth when filled"]
    told = f"<= {GROWTH.limit:.1%} {'met' if GROWTH.is_met(grown) else 'MISSED'}"
    points, filled = figures["points"], figures["filled after"]
    shown = points[:: max(1, len(points) // 10)]
    rows = [("memory of one server", "MB", "")]
    rows += [(f"{t:,} turns", f"{mb:.0f}", "filling" if t < filled else "") for t, mb in shown]
    rows.append(("growth while filling", f"{figures['growth while filling']:.2%}", ""))
    rows.append(("growth when filled", f"{grown:.2%}", told))
    return as_table(rows), GROWTH.is_met(grown)
