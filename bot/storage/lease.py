"""The hold of the turn that runs now on its conversation."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Lease:
    """What a server has to renew, or others take the conversation over."""

    sender_id: str = ""
    of: object = None  # the locks that gave it
    until: float = float("inf")  # by time.monotonic(); a server on its own never loses it
    has_ended: bool = False
    renew: Callable[[], Awaitable[bool]] | None = None  # whether nobody has taken it over yet

    @property
    def is_lost(self) -> bool:
        return time.monotonic() > self.until

    async def is_ours(self) -> bool:
        """A server that was late with its signs may still be the first."""
        return not self.is_lost or (self.renew is not None and await self.renew())

    def holds(self, sender_id: str, of: object) -> bool:
        return self.sender_id == sender_id and self.of is of and not self.has_ended


NONE = Lease(has_ended=True)
current_lease: ContextVar[Lease] = ContextVar("current_lease", default=NONE)


@contextmanager
def holding(lease: Lease) -> Iterator[None]:
    """What runs inside, in tasks that start inside too, has this lease."""
    token = current_lease.set(lease)
    try:
        yield
    finally:
        lease.has_ended = True  # a task may outlive the turn
        current_lease.reset(token)
