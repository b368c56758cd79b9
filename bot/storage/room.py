"""How many turns a server works on at once; the others wait, and the first come goes first.

Who would wait too long is told so at once. Else, with too many patients, each waits longer than the
one before, all are answered just too late, and all of the work is for nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from weakref import WeakKeyDictionary

from bot.errors import BotError

AT_ONCE = 8  # turns; they share one core, and this many fill it while some wait for an engine
COMPUTES_FOR = 1.0  # seconds; a turn that takes longer waits for something, and needs no core
# Seconds. A turn has 4.5 (bot/channels/gate.py), and after the wait it still has to be done.
WAIT_AT_MOST = 3.5
SLOWEST = 0.2  # seconds; above it the machine stood still, which says nothing of the next turn
LATELY = 0.05  # weight of one turn in the mean


class TooBusy(BotError):
    """More patients ask than this server can answer in time."""


class Room:
    """Keeps a flood of messages from making the event loop late.

    With a hundred turns at once every limit of time measured the server's own delay: engines that
    were well were taken for down, and conversations lost their memory.
    """

    def __init__(self) -> None:
        self._taken = 0
        # asyncio.Semaphore of Python 3.10 sends who has waited to the end when somebody new comes.
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._each_takes = 0.0  # seconds from one served turn to the next, lately
        self._next_since = 0.0

    @property
    def is_too_busy(self) -> bool:
        """Whether who comes now would wait too long, by how long those before took lately."""
        return len(self._waiting) * self._each_takes > WAIT_AT_MOST

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Raises TooBusy."""
        if _goes_ahead.get():
            yield
            return
        if self._taken < AT_ONCE:
            self._taken += 1
        else:
            await self._wait()
        early = asyncio.Event()

        def give_on_early() -> None:
            early.set()
            self._give_on()

        timer = asyncio.get_running_loop().call_later(COMPUTES_FOR, give_on_early)
        try:
            yield
        finally:
            timer.cancel()
            if not early.is_set():
                self._give_on()

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        place: asyncio.Future[None] = loop.create_future()
        if not self._waiting:
            self._next_since = time.monotonic()
        self._waiting.append(place)
        timer = loop.call_later(WAIT_AT_MOST, self._refuse, place)
        try:
            await place
        except asyncio.CancelledError:
            if place.cancelled():
                with suppress(ValueError):  # it may be out already
                    self._waiting.remove(place)
            elif not place.exception():  # it was given in the same moment
                self._give_on()
            raise
        finally:
            timer.cancel()

    def _refuse(self, place: asyncio.Future[None]) -> None:
        if not place.done():
            self._waiting.remove(place)
            place.set_exception(TooBusy(f"{WAIT_AT_MOST:g} s were not enough for those before"))

    def _give_on(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                self._note_next()
                place.set_result(None)
                return
        self._taken -= 1

    def _note_next(self) -> None:
        now = time.monotonic()
        took = min(now - self._next_since, SLOWEST)
        self._each_takes += (took - self._each_takes) * LATELY
        self._next_since = now


_goes_ahead: ContextVar[bool] = ContextVar("goes_ahead", default=False)


@contextmanager
def going_ahead() -> Iterator[None]:
    """For the health check: what runs inside takes no place, and is never told to come again.

    It is one question in 5 seconds, and a server that is busy is not to be taken away.
    """
    token = _goes_ahead.set(True)
    try:
        yield
    finally:
        _goes_ahead.reset(token)


_of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, Room] = WeakKeyDictionary()


def room() -> Room:
    """The one of this server."""
    return _of_loop.setdefault(asyncio.get_running_loop(), Room())


def check_not_too_busy() -> None:
    """Refuses at once who would wait too long: else engines would have been asked in vain.

    Raises:
        TooBusy: by how long those before have taken lately.
    """
    if room().is_too_busy and not _goes_ahead.get():
        raise TooBusy(f"the wait would be longer than {WAIT_AT_MOST:g} s")
