"""Asks a running bot questions over REST: one sender, or many at once."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from random import Random

import aiohttp

from benchmarks.errors import BenchmarkError
from benchmarks.running import RunningBot

OPENINGS = ("", "Hello, ", "Please tell me, ", "One question: ", "Hi there, ", "I wonder, ",
            "My wife asks, ", "For my father: ", "Good morning, ", "Quick question, ")  # fmt: skip
QUESTIONS = (
    "what are the side effects of {}?", "what side effects can {} cause?",
    "which side effects does {} have?", "what are the known side effects of {}?",
    "can you list the side effects of {}?", "what are common side effects of {}?",
)  # fmt: skip
# Treatments whose own side effects the table holds: one lookup answers, in both bots.
NAMES = ("Opdivo", "nivolumab", "Avastin", "bevacizumab", "interleukin-2", "interferon alpha",
         "TKIs", "mTOR inhibitors", "radiation therapy", "chemotherapy")  # fmt: skip
TURNS_OF_A_CONVERSATION = 10
READY_WITHIN = 180  # seconds
FIRST_QUESTION = "What are the side effects of Opdivo?"
ANSWERED = "Side effects of"  # stands in each answer from the table
ANSWER_PAUSE = 0.05  # seconds between two tries while a bot starts


def questions() -> Iterator[str]:
    """Differently worded questions in a shuffled order, again from the start when all are used."""
    asked = [o + q.format(name) for o, q, name in product(OPENINGS, QUESTIONS, NAMES)]
    Random(1).shuffle(asked)
    while True:
        yield from asked


@dataclass
class Load:
    """A stream of questions to one bot over kept-alive connections."""

    bot: RunningBot
    turns: int = 0
    answered: int = 0
    _questions: Iterator[str] = field(default_factory=questions)

    def first_answer(self) -> float:
        """Seconds from the start of the bot to its first right answer."""
        return asyncio.run(self._first_answer())

    def turn_times(self, turns: int) -> list[float]:
        """Seconds of each turn, one after the other."""
        return asyncio.run(self._senders(1, turns))[1]

    def throughput(self, senders: int, turns: int) -> float:
        """Turns answered in a second while so many senders talk at once."""
        took, times = asyncio.run(self._senders(senders, turns))
        return len(times) / took

    async def _first_answer(self) -> float:
        async with _session(1) as session:
            while time.perf_counter() - self.bot.started_at < READY_WITHIN:
                self.bot.check_alive()
                try:
                    if ANSWERED in await _ask(session, self.bot.address, "first", FIRST_QUESTION):
                        return time.perf_counter() - self.bot.started_at
                except (aiohttp.ClientError, ValueError):
                    pass  # it does not listen yet, or has no model yet
                await asyncio.sleep(ANSWER_PAUSE)
        raise BenchmarkError(
            f"{self.bot.name}: no right answer within {READY_WITHIN} s of its start. It printed:\n"
            f"{self.bot.last_output()}"
        )

    async def _senders(self, senders: int, turns: int) -> tuple[float, list[float]]:
        times: list[float] = []
        async with _session(senders) as session:
            started = time.perf_counter()
            await asyncio.gather(
                *(self._talk(session, turns // senders, times) for _ in range(senders))
            )
            return time.perf_counter() - started, times

    async def _talk(self, session: aiohttp.ClientSession, turns: int, times: list[float]) -> None:
        sender = ""
        for turn in range(turns):
            if turn % TURNS_OF_A_CONVERSATION == 0:
                sender = uuid.uuid4().hex
            started = time.perf_counter()
            text = await _ask(session, self.bot.address, sender, next(self._questions))
            times.append(time.perf_counter() - started)
            self.turns += 1
            self.answered += ANSWERED in text


def _session(connections: int) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections),
        timeout=aiohttp.ClientTimeout(total=READY_WITHIN),
    )


async def _ask(session: aiohttp.ClientSession, address: str, sender: str, message: str) -> str:
    async with session.post(address, json={"sender": sender, "message": message}) as response:
        replies = await response.json()
    return " ".join(reply.get("text") or "" for reply in replies)
