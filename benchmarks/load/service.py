"""A service under load: conversations at once, then turns a second, then too many of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

import requests

from benchmarks.figures import as_table
from benchmarks.load.chat import Tally
from benchmarks.load.crowd import Level, at_once, at_rate
from benchmarks.load.engine_counts import TOLD_WITHIN, engine_counts
from benchmarks.load.set_ups import SetUp

AT_ONCE = (1, 10, 50, 200)
# Rates to try, as shares of the most turns a second that were answered; then far too many.
LADDER = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1)
TOO_MANY = 2.0
BOUNDS = {"p99 below 1 s": 1000.0, "p99 below 5 s": 5000.0}
PROBE = {"sender": "", "message": "What are the side effects of Opdivo?"}
ANSWERS_AGAIN_WITHIN = 60  # seconds


@dataclass(frozen=True)
class Length:
    """How long each measurement takes, in seconds."""

    at_once: float = 20
    at_rate: float = 20
    too_many: float = 10


QUICK = Length(3, 3, 3)


def measure_service(set_up: SetUp, length: Length) -> dict[str, Any]:
    """The figures of one service, as they stand in load.json."""
    before = engine_counts(set_up)
    costed = [_at_once(set_up, number, length) for number in AT_ONCE[:-1]]
    if set_up.engines:
        time.sleep(TOLD_WITHIN)
    counts = {name: after - before[name] for name, after in engine_counts(set_up).items()}
    levels = [level for level, _ in [*costed, _at_once(set_up, AT_ONCE[-1], length)]]
    most = max(level.turns_a_second for level in levels)
    ladder = list(_climb(set_up, most, length.at_rate))
    print(f"  {most * TOO_MANY:.0f} turns a second, twice too many ...", flush=True)
    too_many = at_rate(set_up, most * TOO_MANY, length.too_many)
    return {
        "at once": [asdict(level) for level in levels],
        "at rate": [asdict(level) for level in ladder],
        "too many": {**asdict(too_many), "answers again after": _answers_again(set_up)},
        "most turns a second": most,
        **{
            name: max((level.asked for level in ladder if level.holds(bound)), default=0.0)
            for name, bound in BOUNDS.items()
        },
        "memory": sum(bot.memory() for bot in set_up.bots) / len(set_up.bots),
        "a turn": _of_a_turn(costed, counts),
    }


def _climb(set_up: SetUp, most: float, seconds: float) -> Iterator[Level]:
    """Higher and higher rates, until one does not hold."""
    for share in LADDER:
        print(f"  {most * share:.0f} turns a second ...", flush=True)
        level = at_rate(set_up, most * share, seconds)
        yield level
        if not level.holds(max(BOUNDS.values())):
            return


def _answers_again(set_up: SetUp) -> float:
    """Seconds until a single question is answered within a second, after too many."""
    began = time.perf_counter()
    while time.perf_counter() - began < ANSWERS_AGAIN_WITHIN:
        asked_at = time.perf_counter()
        with suppress(requests.RequestException):
            found = [requests.post(bot.address, json=PROBE, timeout=5) for bot in set_up.bots]
            if all(one.ok for one in found) and time.perf_counter() - asked_at < 1:
                break
    return time.perf_counter() - began


def _at_once(set_up: SetUp, number: int, length: Length) -> tuple[Level, Tally]:
    print(f"  {number} conversations at once ...", flush=True)
    return at_once(set_up, number, length.at_once)


def _of_a_turn(costed: list[tuple[Level, Tally]], counts: dict[str, float]) -> dict[str, Any]:
    """What one turn costs, where all were answered: an apology would cost less."""
    turns = sum(level.turns for level, _ in costed)
    cpu = {
        role: sum(level.cpu[role] * level.turns for level, _ in costed) / max(1, turns)
        for role in costed[0][0].cpu
    }
    asked = sum(len(tally.ended) for _, tally in costed)  # those of the warm-up too
    each = {name: count / asked for name, count in counts.items() if name != "redis bytes"}
    if "redis bytes" in counts:
        started = sum(tally.started for _, tally in costed)
        each["redis bytes of a conversation"] = counts["redis bytes"] / max(1, started)
    return {
        "core ms": cpu,
        "bytes received": sum(tally.received for _, tally in costed) / asked,
        "bytes sent": sum(tally.sent for _, tally in costed) / asked,
        **each,
    }


def service_table(title: str, figures: dict[str, Any]) -> str:
    rows = [
        (title, "turns/s", "median (ms)", "p99 (ms)", "right", "sorry", "refused", "core ms a turn")
    ]
    rows += [_row(f"{level['asked']:.0f} at once", level) for level in figures["at once"]]
    rows += [_row(f"{level['asked']:.0f} a second", level) for level in figures["at rate"]]
    rows.append(_row(f"{figures['too many']['asked']:.0f} a second", figures["too many"]))
    highest = ", ".join(f"{name}: {figures[name]:.0f} turns a second" for name in BOUNDS)
    again = figures["too many"]["answers again after"]
    return (
        f"{as_table(rows)}\nHighest rate with {highest}.\n"
        f"After too many, a question is answered within a second again in {again:.1f} s."
    )


def _row(name: str, level: dict[str, Any]) -> tuple[str, ...]:
    cpu = " ".join(f"{role} {used:.1f}" for role, used in level["cpu"].items())
    shares = (f"{level[one]:.1%}" for one in ("right", "sorry", "refused"))
    times = (f"{level[one]:.0f}" for one in ("median", "p99"))
    return (name, f"{level['turns_a_second']:.1f}", *times, *shares, cpu)
