"""How many turns a server works on at once; the others wait, and the first come goes first."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

AT_ONCE = 8  # turns; they share one core, and this many fill it while some wait for an engine
COMPUTES_FOR = 1.0  # seconds; a turn that takes longer waits for something, and needs no core


class Room:
    """Keeps a flood of messages from making the event loop late.

    With a hundred turns at once every limit of time measured the server's own delay: engines that
    were well were taken for down, and conversations lost their memory.
    """

    def __init__(self) -> None:
        self._taken = 0
        # asyncio.Semaphore of Python 3.10 sends who has waited to the end when somebody new comes.
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
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
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():  # it was given in the same moment
                self._give_on()
            raise

    def _give_on(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._taken -= 1
