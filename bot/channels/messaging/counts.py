"""How often what happened on which channel: for whoever watches the server."""

from __future__ import annotations

from collections import Counter


class Counts:
    """Numbers only, since the start of the process.

    Events: received, forged, duplicate, limited, stopped, answered, failed, sent, retried, kept,
    refused, given_up. A message to a vendor is counted once as sent, refused or given_up.
    """

    def __init__(self) -> None:
        self._numbers: Counter[tuple[str, str]] = Counter()

    def add(self, channel: str, event: str) -> None:
        self._numbers[channel, event] += 1

    def of(self, channel: str) -> dict[str, int]:
        return {event: n for (name, event), n in self._numbers.items() if name == channel}

    def as_dict(self) -> dict[tuple[str, str], int]:
        """(channel, event) -> number."""
        return dict(self._numbers)


counts = Counts()
