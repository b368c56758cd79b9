"""Does a server grow? Its memory over 20,000 turns, when it keeps as much as it ever will."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import deque
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
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
NEW = 0.2  # share of the turns that begin a conversation: five turns each, on average
BY_REST = 0.1  # share of the new conversations that are of the testers' channel
# A server's conversations are complete when as many were begun as it keeps.
FILLED_AFTER = int(MOST_CONVERSATIONS / NEW / (1 - BY_REST))
OLDEST = int(0.8 * MOST_CONVERSATIONS)  # which conversations go on: these are surely kept
# 15,000 turns that kept 1 kB each would be 1.5% of a server; what is kept for a turn is more.
GROWTH = Bar(0.015)
MOST_UNANSWERED = 0.001


@dataclass
class Asking:
    """Patients who begin conversations and go on with any of the latest ones."""

    set_up: SetUp
    turns: int = 0
    unanswered: int = 0
    random: Random = field(default_factory=lambda: Random(1))
    texts: Any = field(default_factory=lambda: mixed_texts(1))
    open: deque[dict[str, str]] = field(default_factory=lambda: deque(maxlen=OLDEST))

    async def ask(self, session: aiohttp.ClientSession) -> None:
        if not self.open or self.random.random() < NEW:
            self.open.append(await self._new(session))
        known, text = self.random.choice(self.open), next(self.texts)
        self.turns += 1
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
    filled, turns, every = (int(n * part) for n in (FILLED_AFTER, TURNS, EVERY))
    asking = Asking(set_up)
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
