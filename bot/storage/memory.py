"""Conversations in the memory of the process: nothing that patients wrote is kept on disk."""

from __future__ import annotations

import json
import zlib
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.domain import Domain

from bot.storage.conversation_store import ConversationStore
from bot.storage.stored_events import MOST_EVENTS, StoredEvent

MOST_CONVERSATIONS = 5_000  # the one unused for longest goes; 5 turns of one are about 3 kB


@dataclass(frozen=True)
class _Packed:
    """The events that were added together, which is those of a turn: a quarter of the size."""

    count: int
    data: bytes

    @classmethod
    def of(cls, events: Sequence[StoredEvent]) -> _Packed:
        text = json.dumps(events, separators=(",", ":"))
        return cls(len(events), zlib.compress(text.encode(), 1))

    def events(self) -> list[StoredEvent]:
        found: list[StoredEvent] = json.loads(zlib.decompress(self.data))
        return found


class MemoryStore(ConversationStore):
    """Bounded: Rasa's own keeps every conversation until the process ends."""

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        **endpoint: Any,  # Rasa gives an address, which memory has none of
    ) -> None:
        super().__init__(domain, event_broker)
        self._kept: OrderedDict[str, deque[_Packed]] = OrderedDict()

    async def events_of(self, sender_id: str, latest: int | None = None) -> list[StoredEvent]:
        events: list[StoredEvent] = []
        for packed in reversed(self._kept.get(sender_id, ())):
            events[:0] = packed.events()
            if latest and len(events) >= latest:
                return events[-latest:]
        return events

    async def erase(self, sender_id: str) -> None:
        self._kept.pop(sender_id, None)
        self.gaps.discard(sender_id)

    async def erase_older_than(self, cutoff: float) -> int:
        erased = 0
        for sender_id, kept in list(self._kept.items()):
            while kept:
                events = kept.popleft().events()
                fresh = [event for event in events if event["timestamp"] >= cutoff]
                erased += len(events) - len(fresh)
                if fresh:
                    kept.appendleft(_Packed.of(fresh))
                    break
            if not kept:
                del self._kept[sender_id]
        return erased

    async def keys(self) -> Iterable[str]:
        return list(self._kept)

    async def _append(self, sender_id: str, events: Sequence[StoredEvent]) -> None:
        kept = self._kept.setdefault(sender_id, deque())
        kept.append(_Packed.of(events[-MOST_EVENTS:]))
        count = sum(packed.count for packed in kept)
        while count - kept[0].count >= MOST_EVENTS:
            count -= kept.popleft().count
        self._kept.move_to_end(sender_id)
        while len(self._kept) > MOST_CONVERSATIONS:
            self._kept.popitem(last=False)
