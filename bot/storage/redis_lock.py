"""One turn at a time for a conversation, over all servers, in the order of the messages.

Each message takes a ticket at the end of its conversation's queue in Redis. A ticket counts while
its server says again and again that it lives. One that dies is passed over after 3 seconds.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

from rasa.core.lock_store import LockError

from bot.storage.errors import RedisDown
from bot.storage.gaps import Gaps, gaps
from bot.storage.lease import Lease, holding
from bot.storage.shared_redis import SharedRedis, key_of, named_redis
from bot.storage.turn_lock import KeyedLocks, TurnLocks

LIVES_FOR = 3.0  # seconds after its last sign of life a server counts as dead
SIGN_EVERY = 0.75  # seconds
LOOK_EVERY = 0.005  # seconds; only the first of a server's messages to a conversation looks
WAIT_AT_MOST = 30.0  # seconds
GAP_KEPT_FOR = 24 * 60 * 60  # seconds; a session lasts an hour
SIGNS = "carecite:lives:"

# KEYS: queue, gap, this server's sign of life. ARGV: ticket, its life in ms, prefix of the signs.
# A ticket that is not in the queue goes to its end: a new one, or one that a restart of Redis lost.
# Tickets of dead servers go. Gives whether this one is the first, and whether there is a gap.
ASK = """
redis.call('SET', KEYS[3], '', 'PX', ARGV[2])
if not redis.call('LPOS', KEYS[1], ARGV[1]) then redis.call('RPUSH', KEYS[1], ARGV[1]) end
local first = redis.call('LINDEX', KEYS[1], 0)
while redis.call('EXISTS', ARGV[3] .. string.match(first, '^[^:]+')) == 0 do
  redis.call('LPOP', KEYS[1])
  first = redis.call('LINDEX', KEYS[1], 0)
end
redis.call('PEXPIRE', KEYS[1], 60000)
return {first == ARGV[1] and 1 or 0, redis.call('EXISTS', KEYS[2])}
"""
# KEYS: queue, this server's sign of life. ARGV: ticket, its life in ms.
# Whether the ticket is still the first: then nobody else had a turn since it was given one.
RENEW = """
if redis.call('LINDEX', KEYS[1], 0) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], '', 'PX', ARGV[2])
return 1
"""
# KEYS: queue, gap. ARGV: ticket; the gap is 'there', 'gone' or 'unknown'; seconds it is kept.
LEAVE = """
redis.call('LREM', KEYS[1], 1, ARGV[1])
if ARGV[2] == 'there' then redis.call('SET', KEYS[2], '', 'EX', ARGV[3]) end
if ARGV[2] == 'gone' then redis.call('DEL', KEYS[2]) end
"""


@dataclass
class Ticket:
    """A message's place in the queue of its conversation."""

    name: str  # SERVER:NUMBER
    sender_id: str
    lease: Lease
    gap_is_known: bool = False

    @property
    def keys(self) -> list[str]:
        return [key_of("turns", self.sender_id), key_of("gap", self.sender_id)]


class RedisTurnLocks(TurnLocks):
    """Rasa's reads a lock and writes it back in two steps: of 90 messages at once 22 were dropped.

    While Redis is down each server keeps its own messages in order, so patients are answered.
    """

    def __init__(self, endpoint_config: Any = None, redis: SharedRedis | None = None) -> None:
        super().__init__()
        self._redis = redis or named_redis()
        self._ask_script = self._redis.client.register_script(ASK)
        self._leave_script = self._redis.client.register_script(LEAVE)
        self._renew_script = self._redis.client.register_script(RENEW)
        self._server = secrets.token_hex(8)
        self._numbers = count()
        self._in_order = KeyedLocks()
        self._out: dict[str, Ticket] = {}  # tickets that wait or have their turn
        self._not_given_back: list[Ticket] = []
        self._signing: asyncio.Task[None] | None = None
        self.gaps: Gaps = gaps

    @asynccontextmanager
    async def _alone(self, conversation_id: str) -> AsyncIterator[None]:
        ticket = Ticket(
            f"{self._server}:{next(self._numbers)}", conversation_id, Lease(conversation_id, self)
        )
        ticket.lease.renew = lambda: self._renew(ticket)
        self._out[ticket.name] = ticket
        try:
            async with self._in_order.of(conversation_id):  # so that tickets are in order too
                is_first = await self._ask(ticket)
            async with self._turns.of(conversation_id):
                if not is_first:
                    await self._wait(ticket)
                with holding(ticket.lease):
                    yield
        finally:
            # Not to be cut short, or the conversation's next message waits for nothing.
            await asyncio.shield(self._leave(ticket))

    async def _wait(self, ticket: Ticket) -> None:
        until = time.monotonic() + WAIT_AT_MOST
        while not await self._ask(ticket):
            if time.monotonic() > until:
                raise LockError("the turn before this one does not end")
            await asyncio.sleep(LOOK_EVERY)

    async def _ask(self, ticket: Ticket) -> bool:
        """Whether it is this ticket's turn; where Redis is down, it is."""
        keys = [*ticket.keys, f"{SIGNS}{self._server}"]
        values = [ticket.name, int(LIVES_FOR * 1000), SIGNS]
        asked_at = time.monotonic()
        try:
            is_first, has_gap = await self._redis.call(lambda: self._ask_script(keys, values))
        except RedisDown:
            ticket.lease.until, ticket.gap_is_known = float("inf"), False
            return True
        ticket.lease.until, ticket.gap_is_known = asked_at + LIVES_FOR, bool(is_first)
        if is_first and has_gap:
            self.gaps.add(ticket.sender_id)
        self._start_signing()
        return bool(is_first)

    async def _renew(self, ticket: Ticket) -> bool:
        keys = [ticket.keys[0], f"{SIGNS}{self._server}"]
        asked_at = time.monotonic()
        try:
            is_first = await self._redis.call(
                lambda: self._renew_script(keys, [ticket.name, int(LIVES_FOR * 1000)])
            )
        except RedisDown:
            return False
        if is_first:
            ticket.lease.until = asked_at + LIVES_FOR
        return bool(is_first)

    async def _leave(self, ticket: Ticket) -> None:
        del self._out[ticket.name]
        gap = "gone" if ticket.gap_is_known else "unknown"
        if ticket.sender_id in self.gaps:
            gap = "there"
        values = [ticket.name, gap, GAP_KEPT_FOR]
        try:
            await self._redis.call(lambda: self._leave_script(ticket.keys, values))
            self.gaps.discard(ticket.sender_id)  # all servers know it now
        except RedisDown:
            self._not_given_back.append(ticket)
            self._start_signing()

    def _start_signing(self) -> None:
        if self._signing is None or self._signing.done():
            self._signing = asyncio.ensure_future(self._sign())

    async def _give_back(self) -> None:
        """The tickets that Redis was down for: a living server's ticket holds up the others.

        Raises:
            RedisDown: it still is.
        """
        while self._not_given_back:
            ticket = self._not_given_back[-1]
            values = [ticket.name, "unknown", GAP_KEPT_FOR]
            await self._redis.call(lambda: self._leave_script(ticket.keys, values))  # noqa: B023
            self._not_given_back.pop()

    async def _sign(self) -> None:
        """Says that this server lives, as long as one of its messages waits or is answered."""
        key, life = f"{SIGNS}{self._server}", int(LIVES_FOR * 1000)
        while self._out or self._not_given_back:
            asked_at = time.monotonic()
            with suppress(RedisDown):
                await self._redis.call(lambda: self._redis.client.set(key, "", px=life))
                await self._give_back()
                for ticket in self._out.values():
                    ticket.lease.until = max(ticket.lease.until, asked_at + LIVES_FOR)
            await asyncio.sleep(SIGN_EVERY)
