"""Conversations of which a turn could not be kept, and which therefore have to begin anew."""

from __future__ import annotations

from collections import OrderedDict

MOST_GAPS = 50_000


class Gaps:
    """Senders; the lock passes them on to the other servers (bot/storage/redis_lock.py)."""

    def __init__(self) -> None:
        self._senders: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, sender_id: object) -> bool:
        return sender_id in self._senders

    def add(self, sender_id: str) -> None:
        self._senders[sender_id] = None
        while len(self._senders) > MOST_GAPS:
            self._senders.popitem(last=False)

    def discard(self, sender_id: str) -> None:
        self._senders.pop(sender_id, None)


gaps = Gaps()  # those of this process
