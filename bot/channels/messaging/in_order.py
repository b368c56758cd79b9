"""Runs the jobs of one patient one after another, and those of different patients side by side."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from bot.turn_record import place_of

logger = logging.getLogger(__name__)
Job = Callable[[], Awaitable[None]]
MOST_WAITING = 20  # jobs of one key


class InOrder:
    def __init__(self) -> None:
        self._waiting: dict[str, deque[Job]] = {}
        self._running: set[asyncio.Task[None]] = set()

    def submit(self, key: str, job: Job, *, even_if_many: bool = False) -> bool:
        """Runs the job after those of this key that wait; False where too many wait already."""
        if key in self._waiting:
            if len(self._waiting[key]) >= MOST_WAITING and not even_if_many:
                return False
            self._waiting[key].append(job)
            return True
        self._waiting[key] = deque([job])
        task = asyncio.ensure_future(self._run(key))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return True

    async def finish(self, within: float) -> None:
        """Waits for the jobs that run, so that a server that stops still answers."""
        if self._running:
            await asyncio.wait(self._running, timeout=within)

    async def _run(self, key: str) -> None:
        jobs = self._waiting[key]
        try:
            while jobs:
                try:
                    await jobs.popleft()()
                except Exception as error:  # noqa: BLE001  (the jobs behind it still have to run)
                    # No traceback: it would hold the words of the patient.
                    logger.error("job failed: %s at %s", type(error).__name__, place_of(error))  # noqa: TRY400
        finally:
            del self._waiting[key]
