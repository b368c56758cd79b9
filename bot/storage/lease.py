"""Whether the turn that runs now still has its conversation for itself."""

from __future__ import annotations

import time
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Lease:
    """What a server has to renew, or others take the conversation over."""

    until: float = float("inf")  # by time.monotonic()

    @property
    def is_lost(self) -> bool:
        return time.monotonic() > self.until


UNLIMITED = Lease()  # of a server on its own
current_lease: ContextVar[Lease] = ContextVar("current_lease", default=UNLIMITED)
