"""Many patients at once: so many who wait for their answers, or so many questions a second."""

from __future__ import annotations

import asyncio
import resource
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from benchmarks.figures import percentile
from benchmarks.load.chat import Chat, Outcome, Tally
from benchmarks.load.patients import Ask, conversations
from benchmarks.load.set_ups import SetUp

WARM_UP = 2.0  # seconds of each measurement that do not count
MOST_FILES = 8_192  # each patient has a connection
KEPT_UP = 0.95  # turns that were answered, for each that was asked in the same time
MOST_FAILED = 0.001
READS_FOR = 1.0  # seconds after an apology, which asks to try again in a moment


@dataclass(frozen=True)
class Level:
    """What was measured at one load; times in ms."""

    asked: float  # conversations at once, or turns a second
    turns: int
    turns_a_second: float  # those that were answered rightly
    median: float
    p99: float
    right: float  # shares of the turns
    sorry: float
    refused: float
    kept_up: float
    cpu: dict[str, float]  # ms of a core for a turn, by the role of the process

    @property
    def failed(self) -> float:
        return self.sorry + self.refused

    def holds(self, milliseconds: float) -> bool:
        """Whether it can go on like this: nearly all are answered, and in time."""
        in_time = self.p99 < milliseconds and self.kept_up >= KEPT_UP
        return in_time and self.failed <= MOST_FAILED


def at_once(set_up: SetUp, number: int, seconds: float) -> tuple[Level, Tally]:
    """So many conversations at once; each patient asks as soon as the answer before is there."""
    with _many_files():
        return asyncio.run(_at_once(set_up, number, seconds))


def at_rate(set_up: SetUp, rate: float, seconds: float) -> Level:
    """So many turns a second, whether or not those before are answered yet (Poisson arrivals).

    A time counts from when the patient wanted to ask: with a load that waits for answers, a server
    that stops for a second would delay a handful of questions instead of all that came meanwhile.
    """
    with _many_files():
        return asyncio.run(_at_rate(set_up, rate, seconds))


async def _at_once(set_up: SetUp, number: int, seconds: float) -> tuple[Level, Tally]:
    tally = Tally()
    began = time.perf_counter()
    first, last = began + WARM_UP, began + WARM_UP + seconds
    window = asyncio.ensure_future(_window(set_up, first, last))
    await asyncio.gather(*(_patient(set_up, n * 1_000, last, tally) for n in range(number)))
    counted = tally.ended_between(first, last)
    return _level(number, counted, counted, seconds, 1.0, await window), tally


async def _patient(set_up: SetUp, seed: int, until: float, tally: Tally) -> None:
    for script in conversations(seed):
        async with Chat(set_up.base, set_up.tls, tally) as chat:
            for ask in script:
                asked_at = time.perf_counter()
                if asked_at >= until:
                    return
                outcome = await chat.ask(ask)
                tally.add(asked_at, outcome)
                if outcome in (Outcome.SORRY, Outcome.REFUSED):
                    await asyncio.sleep(min(READS_FOR, max(0.0, until - time.perf_counter())))


async def _at_rate(set_up: SetUp, rate: float, seconds: float) -> Level:
    tally, random, scripts = Tally(), Random(1), conversations(0)
    began = asked_at = time.perf_counter()
    first, last = began + WARM_UP, began + WARM_UP + seconds
    window = asyncio.ensure_future(_window(set_up, first, last))
    idle: deque[_Visit] = deque()
    running: set[asyncio.Future[None]] = set()
    while (asked_at := asked_at + random.expovariate(rate)) < last:
        await asyncio.sleep(max(0.0, asked_at - time.perf_counter()))
        if not idle:
            idle.append(_Visit(Chat(set_up.base, set_up.tls, tally), deque(next(scripts))))
        task = asyncio.ensure_future(_next_turn(idle.popleft(), asked_at, tally, idle))
        running.add(task)
        task.add_done_callback(running.discard)
    cpu = await window
    await asyncio.gather(*running)
    for visit in idle:
        await visit.chat.close()
    asked, ended = tally.asked_between(first, last), tally.ended_between(first, last)
    kept_up = len(ended.ended) / max(1, len(asked.ended))
    return _level(rate, asked, ended, seconds, kept_up, cpu)


@dataclass
class _Visit:
    chat: Chat
    left: deque[Ask]


async def _next_turn(visit: _Visit, asked_at: float, tally: Tally, idle: deque[_Visit]) -> None:
    outcome = await visit.chat.ask(visit.left.popleft())
    tally.add(asked_at, outcome)
    if visit.left and outcome is not Outcome.REFUSED:
        idle.append(visit)
    else:
        await visit.chat.close()


async def _window(set_up: SetUp, first: float, last: float) -> dict[str, float]:
    """Seconds of a core that each role used from the first moment to the last."""
    await asyncio.sleep(first - time.perf_counter())
    before = set_up.cpu()
    await asyncio.sleep(last - time.perf_counter())
    return {role: used - before[role] for role, used in set_up.cpu().items()}


def _level(
    asked: float, counted: Tally, ended: Tally, seconds: float, kept_up: float,
    cpu: dict[str, float],
) -> Level:  # fmt: skip
    """`counted` are the turns whose times count, `ended` those that the cores worked for."""
    turns = len(ended.ended)
    times = [second * 1000 for second in counted.seconds] or [float("inf")]
    right, sorry, refused = (
        counted.share(one) for one in (Outcome.RIGHT, Outcome.SORRY, Outcome.REFUSED)
    )
    return Level(
        asked, turns, turns * ended.share(Outcome.RIGHT) / seconds,
        percentile(times, 0.5), percentile(times, 0.99), right, sorry, refused, kept_up,
        {role: used * 1000 / max(1, turns) for role, used in cpu.items()},
    )  # fmt: skip


@contextmanager
def _many_files() -> Iterator[None]:
    """More files for this process alone: the servers keep the limit that they were started with."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
