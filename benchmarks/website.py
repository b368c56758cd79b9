"""200 conversations of 5 turns at once over the website's channel: all answered, none mixed up."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.asking import Load
from benchmarks.errors import BenchmarkError
from benchmarks.figures import as_table
from benchmarks.running import Command, RunningBot, our_commands
from bot.readiness import ADDRESS, check_ready

CONVERSATIONS = 200
# Each names its drug once; that the four others are of the same drug shows that none is mixed up.
NAMES = ("Sutent", "Torisel", "Opdivo", "Avastin", "Inlyta")
TURNS = (
    "What is {}?",
    "how is it given?",
    "how does it work?",
    "what are its side effects?",
    "how often is it given?",
)
SETTINGS = "chat_turns_per_minute: 10000\nchat_requests_per_minute_and_address: 1000000\n"
ANSWER_WITHIN = 300  # seconds


@dataclass
class Figures:
    times: list[float] = field(default_factory=list)  # seconds of each turn
    unanswered: int = 0
    mixed_up: int = 0


def run() -> bool:
    """Prints the figures; whether all were answered and none mixed up."""
    check_ready()
    with tempfile.TemporaryDirectory() as folder:
        clinic = Path(folder) / "clinic.yml"
        clinic.write_text(SETTINGS, encoding="utf-8")

        def commands(port: int) -> list[Command]:
            ((arguments, where, variables),) = our_commands(port)
            return [(arguments, where, {**variables, "CARECITE_CLINIC": str(clinic)})]

        with RunningBot("our bot", commands) as bot:
            Load(bot).first_answer()
            alone, crowd = Figures(), Figures()
            asyncio.run(_talks(bot, 1, alone))
            started = time.perf_counter()
            asyncio.run(_talks(bot, CONVERSATIONS, crowd))
            took = time.perf_counter() - started
    _print(alone, crowd, took)
    return not (crowd.unanswered or crowd.mixed_up)


async def _talks(bot: RunningBot, conversations: int, figures: Figures) -> None:
    base = f"http://{ADDRESS}:{bot.port}/webhooks/website"
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN)
    ) as session:
        await asyncio.gather(*(_talk(session, base, n, figures) for n in range(conversations)))


async def _talk(
    session: aiohttp.ClientSession, base: str, number: int, figures: Figures
) -> None:
    async with session.post(f"{base}/conversations") as response:
        if response.status != 201:
            raise BenchmarkError(f"no conversation was started: {await response.text()}")
        headers = {"Authorization": f"Bearer {(await response.json())['token']}"}
    name = NAMES[number % len(NAMES)]
    for turn in TURNS:
        body = {"id": uuid.uuid4().hex, "text": turn.format(name)}
        started = time.perf_counter()
        async with session.post(f"{base}/messages", json=body, headers=headers) as response:
            reply: dict[str, Any] = await response.json()
        figures.times.append(time.perf_counter() - started)
        text = reply.get("text", "")
        figures.unanswered += response.status != 200 or not text
        others = [other for other in NAMES if other != name]
        figures.mixed_up += name not in text.split("\n")[0] or any(o in text for o in others)


def _print(alone: Figures, crowd: Figures, took: float) -> None:
    rows = [["website channel", "turns", "median (ms)", "p99 (ms)", "unanswered", "mixed up"]]
    for title, one in (("1 conversation", alone), (f"{CONVERSATIONS} at once", crowd)):
        p99 = statistics.quantiles(one.times, n=100, method="inclusive")[98]
        rows.append(
            [
                title, str(len(one.times)), f"{statistics.median(one.times) * 1000:.0f}",
                f"{p99 * 1000:.0f}", str(one.unanswered), str(one.mixed_up),
            ]
        )  # fmt: skip
    print(as_table(rows))
    print(f"{len(crowd.times) / took:.0f} turns/s with all {CONVERSATIONS} at once")
