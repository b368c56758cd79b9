"""A token bucket for each key. The limiters of others need a newer `packaging` than Rasa takes."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_KEYS = 20_000


class Limiter:
    """Allows `per_minute` events a key on average, all of them at once if need be."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key -> level, time

    def seconds_to_wait(self, key: str, per_minute: int) -> float:
        """0.0 where the event is allowed, and counted; else when to come back."""
        now = self._clock()
        level, then = self._buckets.pop(key, (float(per_minute), now))
        level = min(float(per_minute), level + (now - then) * per_minute / 60)
        allowed = level >= 1
        self._buckets[key] = (level - 1 if allowed else level, now)
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)  # the one unused for longest
        return 0.0 if allowed else (1 - level) * 60 / per_minute


def address_key(address: str) -> str:
    """The address; of IPv6 the network, since one subscriber holds 2**64 of them."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
