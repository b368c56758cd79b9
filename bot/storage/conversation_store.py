"""What every store of conversations can do, wherever it keeps them."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Sequence

from rasa.core.tracker_store import AwaitableTrackerStore, FailSafeTrackerStore, TrackerStore
from rasa.shared.core.events import Event
from rasa.shared.core.events import deserialise_events as events_from
from rasa.shared.core.trackers import DialogueStateTracker

from bot.storage.errors import StoreUnknown
from bot.storage.gaps import Gaps, gaps
from bot.storage.stored_events import MOST_EVENTS, StoredEvent, of_latest_session, to_store

logger = logging.getLogger(__name__)


class ConversationStore(TrackerStore, ABC):
    """Reads the last events of a conversation and adds the new ones of a turn.

    Rasa's own stores read and write all of a conversation at each turn, so long ones get slow.
    """

    gaps: Gaps = gaps  # of the process

    @abstractmethod
    async def events_of(self, sender_id: str, latest: int | None = None) -> list[StoredEvent]:
        """All that is kept of a sender, or the latest events; the oldest first."""

    @abstractmethod
    async def erase(self, sender_id: str) -> None:
        """Returns when nothing of the sender is left."""

    @abstractmethod
    async def erase_older_than(self, cutoff: float) -> int:
        """Erases each event from before the cutoff (seconds since 1970); gives how many."""

    @abstractmethod
    async def _append(self, sender_id: str, events: Sequence[StoredEvent]) -> None:
        """Adds the events of a turn, all or none."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        if sender_id in self.gaps:
            return None
        stored = of_latest_session(await self.events_of(sender_id, MOST_EVENTS))
        if not stored:
            return None
        try:
            events = events_from(stored)
        except (KeyError, TypeError, ValueError) as error:
            # Its text would quote the patient. Without the history a new session begins.
            logger.warning("a stored conversation cannot be read: %s", type(error).__name__)
            return None
        tracker = DialogueStateTracker.from_events(sender_id, events, self.domain.slots)
        tracker.last_stored = events[-1]
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        return await self.retrieve(conversation_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        new = to_store(_new_events(tracker))
        if new:
            await self._append(tracker.sender_id, new)
            tracker.last_stored = tracker.events[-1]
            self.gaps.discard(tracker.sender_id)

    async def exists(self, conversation_id: str) -> bool:
        return bool(await self.events_of(conversation_id, 1))


def conversations_of(store: TrackerStore) -> ConversationStore:
    """The store inside of those that Rasa wraps around it.

    Raises:
        StoreUnknown: it is none of ours.
    """
    while isinstance(store, (FailSafeTrackerStore, AwaitableTrackerStore)):
        store = store._tracker_store  # noqa: SLF001  (Rasa names no other way in)
    if not isinstance(store, ConversationStore):
        raise StoreUnknown(
            f"conversations are kept by {type(store).__name__}, from which nothing can be erased. "
            "Name a store of bot/storage in endpoints.yml."
        )
    return store


def _new_events(tracker: DialogueStateTracker) -> list[Event]:
    """Those after the one that was stored last; all of a tracker that was never stored."""
    last = getattr(tracker, "last_stored", None)
    new: list[Event] = []
    for event in reversed(tracker.events):
        if event is last:
            break
        new.append(event)
    return new[::-1]
