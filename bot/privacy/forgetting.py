"""Deletes all that is kept of a person, wherever it is kept: for the chat, the website, the clinic.

The order matters: what was written goes first, so that a fault in between leaves the least.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timezone

from rasa.core.tracker_store import TrackerStore

from bot.privacy.receipt import new_receipt
from bot.privacy.stored_data import Summary, summary
from bot.storage.conversation_store import conversations_of

Forget = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)
class Forgotten:
    """What was deleted, when (UTC), and the number that proves it."""

    at: datetime
    what: Summary
    receipt: str


_keepers: dict[str, Forget] = {}


def also_forget(name: str, forget: Forget) -> None:
    """Registers what else keeps something of a sender: addresses, open chats.

    A name counts once, so a channel that is made anew takes the place of the one before.
    """
    _keepers[name] = forget


async def forget(store: TrackerStore, sender: str) -> Forgotten:
    """Returns when nothing of the sender is left.

    Raises:
        BotError: something is left; it may be tried again.
    """
    conversations = conversations_of(store)
    what = summary(await conversations.events_of(sender))
    await conversations.erase(sender)
    for keeper in _keepers.values():
        await keeper(sender)
    now = datetime.now(timezone.utc)
    return Forgotten(now, what, new_receipt(now.date()))
