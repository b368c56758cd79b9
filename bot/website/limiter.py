"""A token bucket for each key. The limiters of others need a newer `packaging` than Rasa takes."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

from bot.privacy.sender import keyed_sender
from bot.storage.errors import RedisDown
from bot.storage.shared_redis import SharedRedis, key_of

MOST_KEYS = 20_000

# KEYS: the bucket. ARGV: events a minute. Gives the seconds to wait, as text.
TAKE = """
local time = redis.call('TIME')
local now, most = time[1] + time[2] / 1000000, tonumber(ARGV[1])
local kept = redis.call('HMGET', KEYS[1], 'level', 'at')
local level, at = tonumber(kept[1]) or most, tonumber(kept[2]) or now
level = math.min(most, level + math.max(0, now - at) * most / 60)
local wait = 0
if level >= 1 then level = level - 1 else wait = (1 - level) * 60 / most end
redis.call('HSET', KEYS[1], 'level', tostring(level), 'at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], 61)
return tostring(wait)
"""


class Limiter:
    """Allows `per_minute` events a key on average, all of them at once if need be."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key -> level, time

    async def seconds_to_wait(self, key: str, per_minute: int) -> float:
        """0.0 where the event is allowed, and counted; else when to come back."""
        now = self._clock()
        level, then = self._buckets.pop(key, (float(per_minute), now))
        level = min(float(per_minute), level + (now - then) * per_minute / 60)
        allowed = level >= 1
        self._buckets[key] = (level - 1 if allowed else level, now)
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)  # the one unused for longest
        return 0.0 if allowed else (1 - level) * 60 / per_minute


class SharedLimiter(Limiter):
    """Counts what all servers take; while Redis is down, each its own."""

    def __init__(self, redis: SharedRedis, kind: str) -> None:
        super().__init__()
        self._redis, self._kind = redis, kind
        self._take = redis.client.register_script(TAKE)

    async def seconds_to_wait(self, key: str, per_minute: int) -> float:
        name = key_of(self._kind, keyed_sender(self._kind, key))  # an address is not to be guessed
        try:
            return float(await self._redis.call(lambda: self._take([name], [per_minute])))
        except RedisDown:
            return await super().seconds_to_wait(key, per_minute)


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
