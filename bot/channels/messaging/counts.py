"""How often what happened on which channel: numbers for Prometheus, without content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily

# A message of a patient is received and, where it is not a duplicate, answered, failed, limited or
# stopped (who said STOP gets nothing), or a command. One to a vendor is counted once as sent,
# refused or given_up; on the way there it may be retried and kept.
EVENTS = (
    "received", "forged", "unreadable", "duplicate", "limited", "stopped", "answered", "failed",
    "sent", "retried", "kept", "refused", "given_up",
)  # fmt: skip


class Counts:
    """Since the start of the process."""

    def __init__(self) -> None:
        self._numbers: Counter[tuple[str, str]] = Counter()

    def open(self, channel: str) -> None:
        """From now on the channel is there, with zeros, since an alarm on a rise needs them."""
        self._numbers.update({(channel, event): 0 for event in EVENTS})

    def add(self, channel: str, event: str) -> None:
        self._numbers[channel, event] += 1

    def of(self, channel: str) -> dict[str, int]:
        return {event: n for (name, event), n in self._numbers.items() if name == channel}

    def collect(self) -> Iterator[CounterMetricFamily]:
        """Prometheus asks for this, in a thread of its own."""
        family = CounterMetricFamily(
            "carecite_messages", "Messages of messengers, by what became of them",
            labels=["channel", "event"],
        )  # fmt: skip
        for (channel, event), number in dict(self._numbers).items():
            family.add_metric([channel, event], number)
        yield family


counts = Counts()
REGISTRY.register(counts)
