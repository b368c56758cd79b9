"""A made-up patient's window: a conversation of the website's channel on its own connection."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import aiohttp
from typing_extensions import Self

from benchmarks.load.patients import Ask

ANSWER_WITHIN = 30  # seconds; then nobody waits any more


class Outcome(Enum):
    RIGHT = "right"
    WRONG = "wrong"  # words that are not the answer
    SORRY = "sorry"  # the apology of a turn that failed or took too long
    REFUSED = "refused"  # another status, no connection, or no words in time


@dataclass
class Tally:
    """Turns as they ended: seconds from the question to the answer, and what it was."""

    ended: list[tuple[float, float, Outcome]] = field(default_factory=list)  # when, seconds, what
    started: int = 0  # conversations
    sent: int = 0  # bytes of requests, without TLS
    received: int = 0

    def add(self, asked_at: float, outcome: Outcome) -> None:
        now = time.perf_counter()
        self.ended.append((now, now - asked_at, outcome))

    def ended_between(self, first: float, last: float) -> Tally:
        return Tally([one for one in self.ended if first <= one[0] < last])

    def asked_between(self, first: float, last: float) -> Tally:
        return Tally([one for one in self.ended if first <= one[0] - one[1] < last])

    @property
    def seconds(self) -> list[float]:
        return [seconds for _, seconds, _ in self.ended]

    def share(self, *outcomes: Outcome) -> float:
        counts = Counter(outcome for _, _, outcome in self.ended)
        return sum(counts[one] for one in outcomes) / max(1, len(self.ended))


class Chat:
    """Starts its conversation with its first message, as the widget does."""

    def __init__(self, base: str, tls: ssl.SSLContext | None, tally: Tally) -> None:
        self._base, self._tally = base, tally
        # A patient comes with a new connection; one pool for all would spare the TLS handshakes.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=2, ssl=tls if tls is not None else True),
            timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN),
        )
        self._headers: dict[str, str] = {}
        self._offered: list[dict[str, str]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._session.close()

    async def ask(self, ask: Ask) -> Outcome:
        button = self._offered[0] if ask.presses and self._offered else None
        body = {"id": uuid.uuid4().hex, "text": button["title"] if button else ask.text}
        if button:
            body["payload"] = button["payload"]
        try:
            if not self._headers and not await self.start():
                return Outcome.REFUSED
            status, reply = await self._post("messages", body)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
            return Outcome.REFUSED
        if status != 200:
            is_sorry = reply.get("error", {}).get("code") == "turn_failed"
            return Outcome.SORRY if is_sorry else Outcome.REFUSED
        self._offered = [b for item in reply["items"] for b in item["buttons"]]
        return Outcome.RIGHT if ask.expects in reply["text"] else Outcome.WRONG

    async def start(self) -> bool:
        status, reply = await self._post("conversations", None)
        if status == 201:
            self._headers = {"Authorization": f"Bearer {reply['token']}"}
            self._tally.started += 1
        return status == 201

    async def _post(self, path: str, body: Mapping[str, str] | None) -> tuple[int, dict[str, Any]]:
        data = json.dumps(body).encode() if body else b""
        async with self._session.post(
            f"{self._base}/{path}", data=data, headers=self._headers
        ) as response:
            received = await response.read()
            self._tally.sent += len(data) + _size(response.request_info.headers)
            self._tally.received += len(received) + _size(response.headers)
            return response.status, json.loads(received)


def _size(headers: Mapping[str, str]) -> int:
    """Bytes of a head, its first line taken as 40."""
    return 40 + sum(len(name) + len(value) + 4 for name, value in headers.items())
