"""One turn at a time for a conversation, in the order in which its messages came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from rasa.core.lock_store import LockStore

from bot.storage.lease import Lease, current_lease, holding
from bot.storage.room import room


@dataclass
class _Queue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)  # serves in the order of asking
    users: int = 0


class KeyedLocks:
    """A lock for each key, which is dropped when nobody holds it or waits for it."""

    def __init__(self) -> None:
        self._queues: dict[str, _Queue] = {}

    @asynccontextmanager
    async def of(self, key: str) -> AsyncIterator[None]:
        queue = self._queues.setdefault(key, _Queue())
        queue.users += 1
        try:
            async with queue.lock:
                yield
        finally:
            queue.users -= 1
            if not queue.users:
                del self._queues[key]

    def __len__(self) -> int:
        return len(self._queues)


class TurnLocks(LockStore):
    """For one server. Rasa's own looks once a second, and drops who waited for a minute.

    Who has the conversation already has it again: a channel can hold it around Rasa's turn.
    """

    def __init__(self, endpoint_config: Any = None) -> None:
        self._turns = KeyedLocks()

    @asynccontextmanager
    async def lock(self, conversation_id: str, *rasas: Any, **others: Any) -> AsyncIterator[None]:
        if current_lease.get().holds(conversation_id, self):
            yield
            return
        # In this order: who waits for a turn of the same conversation takes no room from others.
        async with self._alone(conversation_id), room().taken():
            yield

    @asynccontextmanager
    async def _alone(self, conversation_id: str) -> AsyncIterator[None]:
        async with self._turns.of(conversation_id):
            with holding(Lease(conversation_id, self)):
                yield
