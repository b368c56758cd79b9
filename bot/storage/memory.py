"""Conversations in the memory of the process: nothing that patients wrote is kept on disk."""

from __future__ import annotations

import json
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.domain import Domain

from bot.storage.conversation_store import ConversationStore
from bot.storage.stored_events import MOST_EVENTS, StoredEvent

MOST_CONVERSATIONS = 5_000  # the one unused for longest goes; 5 turns of one are about 12 kB


class MemoryStore(ConversationStore):
    """Bounded: Rasa's own keeps every conversation until the process ends."""

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        **endpoint: Any,  # Rasa gives an address, which memory has none of
    ) -> None:
        super().__init__(domain, event_broker)
        self._kept: OrderedDict[str, deque[str]] = OrderedDict()  # as text, which is smaller

    async def events_of(self, sender_id: str, latest: int | None = None) -> list[StoredEvent]:
        kept = self._kept.get(sender_id, ())
        wanted = list(kept)[-latest:] if latest else kept
        events: list[StoredEvent] = json.loads(f"[{','.join(wanted)}]")
        return events

    async def erase(self, sender_id: str) -> None:
        self._kept.pop(sender_id, None)
        self.gaps.discard(sender_id)

    async def erase_older_than(self, cutoff: float) -> int:
        erased = 0
        for sender_id, kept in list(self._kept.items()):
            while kept and json.loads(kept[0])["timestamp"] < cutoff:
                kept.popleft()
                erased += 1
            if not kept:
                del self._kept[sender_id]
        return erased

    async def keys(self) -> Iterable[str]:
        return list(self._kept)

    async def _append(self, sender_id: str, events: Sequence[StoredEvent]) -> None:
        kept = self._kept.setdefault(sender_id, deque(maxlen=MOST_EVENTS))
        kept.extend(json.dumps(event, separators=(",", ":")) for event in events)
        self._kept.move_to_end(sender_id)
        while len(self._kept) > MOST_CONVERSATIONS:
            self._kept.popitem(last=False)
