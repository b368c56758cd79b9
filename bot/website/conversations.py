"""What the server remembers of the conversations that are open: in memory, bounded, forgotten."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from bot.website.token import Session

MOST_CONVERSATIONS = 5_000
MOST_TURNS = 60  # of one conversation, the latest
MOST_OFFERED = 60  # buttons of one conversation, the latest


@dataclass
class Turn:
    """A patient's message and the reply to it, once there is one; times are ISO 8601."""

    message_id: str
    words: tuple[str, str]  # text and payload, to tell a repeated message from another one
    said: str
    at: str
    reply: asyncio.Task[dict[str, Any]]
    rating: dict[str, str] | None = None

    def answered(self) -> dict[str, Any] | None:
        done = self.reply.done() and not self.reply.cancelled() and not self.reply.exception()
        return self.reply.result() if done else None


@dataclass
class Conversation:
    """One token's conversation."""

    expires: int
    closed: bool = False
    turns: OrderedDict[str, Turn] = field(default_factory=OrderedDict)
    offered: OrderedDict[str, str] = field(default_factory=OrderedDict)  # payload -> title
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    def add(self, turn: Turn) -> None:
        self.turns[turn.message_id] = turn
        while len(self.turns) > MOST_TURNS:
            self.turns.popitem(last=False)

    def offer(self, buttons: list[dict[str, str]]) -> None:
        for button in buttons:
            self.offered.pop(button["payload"], None)
            self.offered[button["payload"]] = button["title"]
        while len(self.offered) > MOST_OFFERED:
            self.offered.popitem(last=False)


class Conversations:
    """All open conversations by sender, and the senders whose token counts no more."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, Conversation] = OrderedDict()
        self._forgotten: dict[str, int] = {}  # sender -> when its token expires by itself

    def of(self, session: Session) -> Conversation | None:
        """The conversation of a token, made where there is none; None for a forgotten one."""
        if session.sender in self._forgotten:
            return None
        found = self._open.setdefault(session.sender, Conversation(session.expires))
        found.expires = max(found.expires, session.expires)
        self._open.move_to_end(session.sender)
        return found

    async def forget(self, sender: str) -> None:
        """Its token counts no more."""
        found = self._open.pop(sender, None)
        if found:
            found.closed = True
            self._forgotten[sender] = found.expires

    def sweep(self, now: float) -> list[str]:
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
