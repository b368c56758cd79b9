"""One message is understood at a time, in the order of coming; who would wait too long is told so.

Understanding holds the whole process for some milliseconds. Rasa takes all messages that wait in
one go, in which nothing else happens: no clock, no health, no new connection. With too many
patients each waits longer than the one before, and nobody is told that it is busy.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from bot.errors import BotError

# Seconds. A turn has 4.5 (bot/channels/gate.py); the rest of it has to be done after the wait, or
# everybody is answered just too late, and all of the work is for nothing.
WAIT_AT_MOST = 3.5
HEALTH = "health"  # the channel of the health check, which does not wait
SLOWEST = 0.2  # seconds; above it the machine stood still, which says nothing of the next message
LATELY = 0.05  # weight of one message in the mean



class TooBusy(BotError):
    """More patients ask than this server can answer in time."""


@dataclass
class _Queue:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)  # serves in the order of asking
    users: int = 0
    each_takes: float = 0.0  # seconds from one message to the next, lately
    next_since: float = 0.0

    @property
    def wait(self) -> float:
        return self.users * self.each_takes

    def note_next(self) -> None:
        """The one before is done, and this one had to wait for it."""
        now = time.monotonic()
        if self.next_since:
            took = min(now - self.next_since, SLOWEST)
            self.each_takes += (took - self.each_takes) * LATELY
        self.next_since = now


_of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _Queue] = WeakKeyDictionary()


def _queue() -> _Queue:
    return _of_loop.setdefault(asyncio.get_running_loop(), _Queue())


def check_not_too_busy() -> None:
    """Refuses at once who would wait too long: by then databases would have been asked in vain.

    Raises:
        TooBusy: by how long those before have taken lately.
    """
    if _queue().wait > WAIT_AT_MOST:
        raise TooBusy(f"the wait would be longer than {WAIT_AT_MOST:g} s")


@asynccontextmanager
async def one_at_a_time() -> AsyncIterator[None]:
    """Raises TooBusy."""
    queue = _queue()
    queue.users += 1
    try:
        await _take(queue)
        try:
            await asyncio.sleep(0)  # whoever else has come takes a place in the queue
            yield
        finally:
            queue.lock.release()
    finally:
        queue.users -= 1


async def _take(queue: _Queue) -> None:
    if queue.users == 1:
        queue.next_since = time.monotonic()
        await queue.lock.acquire()
        return
    try:
        await asyncio.wait_for(queue.lock.acquire(), WAIT_AT_MOST)
    except asyncio.TimeoutError:
        raise TooBusy(f"{WAIT_AT_MOST:g} s were not enough for those before") from None
    queue.note_next()
