"""One message is understood at a time; between two of them the server looks at all else.

Understanding holds the whole process for some milliseconds. Rasa takes messages that wait in one
go, in which nothing else happens: no new connection, no health. With too many patients most would
wait outside, where nobody counts them, and be answered after a quarter of a minute.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

_of_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


@asynccontextmanager
async def one_at_a_time() -> AsyncIterator[None]:
    """In the order of asking. How many can ask, bot/storage/room.py bounds."""
    async with _of_loop.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        await asyncio.sleep(0)
        yield
