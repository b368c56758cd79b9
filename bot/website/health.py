"""Health for load balancers: live, and ready when a real question was answered just now."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.gate import always_answered
from bot.errors import BotError
from bot.storage.conversation_store import conversations_of
from bot.website.reply import StructuredOutput
from knowledge import wording
from knowledge.errors import KnowledgeError
from knowledge.lookup import Table
from knowledge.places import table_path

logger = logging.getLogger(__name__)
TRUSTED_FOR = 5  # seconds; load balancers ask more often than that
ANSWER_WITHIN = 10  # seconds


class Readiness:
    """Asks the bot what the first treatment of the document is."""

    def __init__(self, handle: Callable[[UserMessage], Awaitable[Any]]) -> None:
        self._handle = handle
        self._asking = asyncio.Lock()
        self._ready, self._asked_at = False, -1e9

    def add_to(self, routes: Blueprint) -> None:
        async def live(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        async def ready(request: Request) -> HTTPResponse:
            if await self.is_ready(request):
                return response.json({"status": "ok"})
            return response.json({"status": "not_ready"}, status=503)

        routes.add_route(live, "/health/live", name="live")
        routes.add_route(ready, "/health/ready", name="ready")

    async def is_ready(self, request: Request) -> bool:
        async with self._asking:
            if time.monotonic() - self._asked_at > TRUSTED_FOR:
                self._ready = await self._answers(request)
                self._asked_at = time.monotonic()
            return self._ready

    async def _answers(self, request: Request) -> bool:
        output, sender = StructuredOutput(), f"health-{secrets.token_hex(8)}"
        try:
            question = UserMessage(_question(), output, sender, input_channel="website")
            turn = always_answered(question, self._handle)
            await asyncio.wait_for(turn, ANSWER_WITHIN)
        except (BotError, KnowledgeError, asyncio.TimeoutError, AttributeError) as error:
            logger.warning("not ready: %s", type(error).__name__)
            return False
        # Without its database a bot still answers; taken away, it would leave silence.
        with contextlib.suppress(BotError):
            await conversations_of(request.app.ctx.agent.tracker_store).erase(sender)
        return any(message.get("answer") for message in output.messages)


def _question() -> str:
    with Table(table_path()) as table:
        return f"What is {wording.full_name(table.treatment(table.treatment_ids()[0]))}?"
