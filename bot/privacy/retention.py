"""Deletes what is older than the clinic wants it kept: by the hour in the server, or by command."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

from rasa.core.tracker_store import TrackerStore
from sanic import Sanic

from bot.errors import BotError
from bot.storage.conversation_store import conversations_of
from knowledge.clinic import current_clinic
from knowledge.errors import KnowledgeError

logger = logging.getLogger(__name__)
EVERY = 60 * 60  # seconds
DAY = 24 * 60 * 60  # seconds


async def expire(store: TrackerStore, now: float | None = None) -> int:
    """Erases each event from before the retention time; gives how many.

    Raises:
        BotError: the store cannot erase, or is down.
        ClinicInvalid: the retention time cannot be read.
    """
    kept = current_clinic().keep_conversations_days * DAY
    cutoff = (time.time() if now is None else now) - kept
    return await conversations_of(store).erase_older_than(cutoff)


async def start_expiring(app: Sanic, loop: Any) -> None:
    """Listener of the server."""
    app.add_task(_expire_by_the_hour(app))


async def _expire_by_the_hour(app: Sanic) -> None:
    while True:
        try:
            erased = await expire(app.ctx.agent.tracker_store)
        except (BotError, KnowledgeError, AttributeError) as error:  # no agent without a model
            logger.error("what has expired is not deleted yet: %s", error)  # noqa: TRY400
        else:
            if erased:
                logger.info("%s events have expired and were deleted", erased)
        await asyncio.sleep(EVERY)
