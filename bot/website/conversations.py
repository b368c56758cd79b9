"""What is remembered of the conversations that are open: bounded, and forgotten in time."""

from __future__ import annotations

import json
import sys
import time
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from bot.website.token import LIFETIME, LONGEST, Session

MOST_CONVERSATIONS = 5_000
MOST_TURNS = 60  # of one conversation, the latest
MOST_OFFERED = 60  # buttons of one conversation, the latest


@dataclass(frozen=True)
class Turn:
    """A patient's message and the reply to it; times are ISO 8601."""

    message_id: str
    said: str
    payload: str
    at: str
    reply: dict[str, Any] | None = None  # None while it is under way
    rating: dict[str, str] | None = None

    def as_text(self) -> str:
        return json.dumps(vars(self), separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str | bytes) -> Turn:
        return cls(**json.loads(text))

    def is_same_message(self, other: Turn) -> bool:
        """The same id with other words is another message, of a faulty or hostile client."""
        return (self.said, self.payload) == (other.said, other.payload)


@dataclass
class _Open:
    expires: float
    turns: dict[str, bytes] = field(default_factory=dict)  # packed: a sixth of the objects' size
    offered: dict[str, None] = field(default_factory=dict)  # payloads


class Conversations:
    """All open conversations by sender, in the memory of one server."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, _Open] = OrderedDict()
        self._forgotten: dict[str, float] = {}  # sender -> when its token expires by itself

    async def open(self, session: Session) -> bool:
        """Goes on with the conversation of a token, or starts it; False for a forgotten one."""
        if session.sender in self._forgotten:
            return False
        found = self._of(session.sender, session.expires)
        found.expires = max(found.expires, session.expires)
        return True

    async def turn(self, sender: str, message_id: str) -> Turn | None:
        found = self._open.get(sender)
        kept = found.turns.get(message_id) if found else None
        return _unpacked(kept) if kept else None

    async def turns(self, sender: str) -> list[Turn]:
        found = self._open.get(sender)
        return [_unpacked(kept) for kept in found.turns.values()] if found else []

    async def keep(self, sender: str, turn: Turn, offered: Iterable[str] = ()) -> None:
        """Adds a turn with the payloads of its buttons, or replaces the turn of the same id."""
        if sender in self._forgotten:
            return
        found = self._of(sender, time.time() + LIFETIME)
        found.turns[turn.message_id] = zlib.compress(turn.as_text().encode(), 1)
        while len(found.turns) > MOST_TURNS:
            del found.turns[next(iter(found.turns))]
        for payload in offered:
            found.offered.pop(payload, None)  # what was offered again is the latest
            found.offered[sys.intern(payload)] = None  # there are few: one copy for all patients
        while len(found.offered) > MOST_OFFERED:
            del found.offered[next(iter(found.offered))]

    async def rate(self, sender: str, turn: Turn, rating: dict[str, str]) -> None:
        await self.keep(sender, replace(turn, rating=rating))

    async def was_offered(self, sender: str, payload: str) -> bool:
        found = self._open.get(sender)
        return found is not None and payload in found.offered

    async def is_forgotten(self, sender: str) -> bool:
        return sender in self._forgotten

    async def forget(self, sender: str) -> None:
        """Its token counts no more."""
        if self._open.pop(sender, None):
            self._forgotten[sender] = time.time() + LONGEST

    async def sweep(self, now: float) -> list[str]:
        """Drops what has expired, and the oldest above the limit; gives their senders."""
        self._forgotten = {s: until for s, until in self._forgotten.items() if until > now}
        ended = [sender for sender, one in self._open.items() if one.expires <= now]
        surplus = len(self._open) - len(ended) - MOST_CONVERSATIONS
        if surplus > 0:
            kept = [sender for sender in self._open if sender not in set(ended)]
            ended += kept[:surplus]
        for sender in ended:
            del self._open[sender]
        return ended

    def _of(self, sender: str, expires: float) -> _Open:
        found = self._open.setdefault(sender, _Open(expires))
        self._open.move_to_end(sender)
        return found


def _unpacked(kept: bytes) -> Turn:
    return Turn.from_text(zlib.decompress(kept))
