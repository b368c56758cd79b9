"""Deletes a conversation from the tracker store: Rasa 3.6 has no call for it."""

from __future__ import annotations

from rasa.core.tracker_store import (
    AwaitableTrackerStore,
    FailSafeTrackerStore,
    InMemoryTrackerStore,
    RedisTrackerStore,
    SQLTrackerStore,
    TrackerStore,
)

from bot.website.errors import CannotForget


async def erase(store: TrackerStore, sender: str) -> None:
    """Returns when nothing of the sender is left.

    Raises:
        CannotForget: this kind of store is not known, or something is left.
    """
    while isinstance(store, (FailSafeTrackerStore, AwaitableTrackerStore)):
        store = store._tracker_store  # noqa: SLF001  (Rasa names no other way in)
    if isinstance(store, InMemoryTrackerStore):
        store.store.pop(sender, None)
    elif isinstance(store, SQLTrackerStore):
        with store.session_scope() as session:
            session.query(store.SQLEvent).filter(store.SQLEvent.sender_id == sender).delete()
            session.commit()
    elif isinstance(store, RedisTrackerStore):
        store.red.delete(store.key_prefix + sender)
    else:
        raise CannotForget
    if await store.exists(sender):
        raise CannotForget
