"""The open conversations in Redis, so that each message may go to another server.

While Redis is down a server remembers by itself: the chat goes on, its history may have holes.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.storage.errors import RedisDown
from bot.storage.shared_redis import SharedRedis, key_of
from bot.website.conversations import MOST_OFFERED, MOST_TURNS, Conversations, Turn
from bot.website.token import LIFETIME, LONGEST, Session

OURS = "web-"  # how the senders of this channel start
EXPIRY = "carecite:web:expiry"  # sorted by when the token of each sender expires
SWEPT_AT_ONCE = 50

# KEYS: turns, their order, offered payloads, forgotten. ARGV: how many turns and payloads are kept,
# for how many seconds, id, turn, payloads.
KEEP = """
if redis.call('EXISTS', KEYS[4]) == 1 then return end
if redis.call('HSET', KEYS[1], ARGV[4], ARGV[5]) == 1 then
  redis.call('RPUSH', KEYS[2], ARGV[4])
  if redis.call('LLEN', KEYS[2]) > tonumber(ARGV[1]) then
    redis.call('HDEL', KEYS[1], redis.call('LPOP', KEYS[2]))
  end
end
for place = 6, #ARGV do
  redis.call('LREM', KEYS[3], 0, ARGV[place])
  redis.call('RPUSH', KEYS[3], ARGV[place])
end
redis.call('LTRIM', KEYS[3], -tonumber(ARGV[2]), -1)
for place = 1, 3 do redis.call('EXPIRE', KEYS[place], ARGV[3]) end
"""
# KEYS: the sorted set, forgotten. ARGV: sender, when its token expires.
OPEN = """
if redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[1])
return 1
"""
# KEYS: the sorted set. ARGV: now, how many at once. Each sender is given to one server only.
SWEEP = """
local ended = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[1], 'BYSCORE', 'LIMIT', 0, ARGV[2])
if #ended > 0 then redis.call('ZREM', KEYS[1], unpack(ended)) end
return ended
"""


class SharedConversations(Conversations):
    def __init__(self, redis: SharedRedis) -> None:
        super().__init__()
        self._redis = redis
        self._open_script = redis.client.register_script(OPEN)
        self._keep = redis.client.register_script(KEEP)
        self._sweep = redis.client.register_script(SWEEP)

    async def open(self, session: Session) -> bool:
        keys, values = [EXPIRY, _forgotten(session.sender)], [session.sender, session.expires]
        try:
            return bool(await self._redis.call(lambda: self._open_script(keys, values)))
        except RedisDown:
            return await super().open(session)

    async def turn(self, sender: str, message_id: str) -> Turn | None:
        try:
            kept = await self._redis.call(
                lambda: self._redis.client.hget(_keys(sender)[0], message_id)
            )
        except RedisDown:
            return await super().turn(sender, message_id)
        return Turn.from_text(kept) if kept else None

    async def turns(self, sender: str) -> list[Turn]:
        turns, order, _ = _keys(sender)
        both = self._redis.client.pipeline(transaction=False)
        both.hgetall(turns)
        both.lrange(order, 0, -1)
        try:
            kept, ids = await self._redis.call(both.execute)
        except RedisDown:
            return await super().turns(sender)
        return [Turn.from_text(kept[one]) for one in ids if one in kept]

    async def keep(self, sender: str, turn: Turn, offered: Iterable[str] = ()) -> None:
        values = [
            MOST_TURNS, MOST_OFFERED, LIFETIME, turn.message_id, turn.as_text(), *offered,
        ]  # fmt: skip
        keys = [*_keys(sender), _forgotten(sender)]
        try:
            await self._redis.call(lambda: self._keep(keys, values))
        except RedisDown:
            await super().keep(sender, turn, offered)

    async def was_offered(self, sender: str, payload: str) -> bool:
        key = _keys(sender)[2]
        try:
            place = await self._redis.call(lambda: self._redis.client.lpos(key, payload))
        except RedisDown:
            return await super().was_offered(sender, payload)
        return place is not None

    async def is_forgotten(self, sender: str) -> bool:
        try:
            kept = await self._redis.call(lambda: self._redis.client.exists(_forgotten(sender)))
        except RedisDown:
            return await super().is_forgotten(sender)
        return bool(kept)

    async def forget(self, sender: str) -> None:
        """Raises RedisDown: what is kept there cannot be deleted now."""
        await super().forget(sender)
        if not sender.startswith(OURS):
            return
        all_ = self._redis.client.pipeline(transaction=True)
        all_.set(_forgotten(sender), "", ex=LONGEST)
        all_.delete(*_keys(sender))
        all_.zrem(EXPIRY, sender)
        await self._redis.call(all_.execute)

    async def sweep(self, now: float) -> list[str]:
        ended = await super().sweep(now)
        try:
            return ended + await self._redis.call(
                lambda: self._sweep([EXPIRY], [now, SWEPT_AT_ONCE])
            )
        except RedisDown:
            return ended


def _keys(sender: str) -> list[str]:
    """Turns by id, their order, and the payloads offered."""
    return [key_of(kind, sender) for kind in ("web:turns", "web:order", "web:offered")]


def _forgotten(sender: str) -> str:
    return key_of("web:forgotten", sender)
