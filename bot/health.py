"""Live: the process runs. Ready: a real question was answered just now, or what stands against it.

One place for all channels, at /health/live and /health/ready.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from contextlib import suppress

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.gate import answered
from bot.errors import BotError
from bot.metrics import READY
from bot.storage.conversation_store import conversations_of
from bot.storage.room import going_ahead
from bot.website.reply import StructuredOutput
from knowledge import wording
from knowledge.edition import current_editions
from knowledge.errors import KnowledgeError

logger = logging.getLogger(__name__)
ERASED_WITHIN = 1  # seconds; for a patient who asks to be forgotten it tries for longer
TRUSTED_FOR = 5  # seconds; load balancers ask more often than that


class Readiness:
    """Asks the bot what the first treatment of the document is.

    What it tells is for everybody: no path, no address, no text of an error. The log has more.
    """

    def __init__(self) -> None:
        self._asking = asyncio.Lock()
        self._reasons: list[str] = []
        self._asked_at = -1e9

    def add_to(self, routes: Sanic | Blueprint) -> None:
        async def live(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        async def ready(request: Request) -> HTTPResponse:
            reasons = await self.reasons_against(request.app)
            if reasons:
                return response.json({"status": "not_ready", "reasons": reasons}, status=503)
            return response.json({"status": "ok", "notes": _notes()})

        routes.add_route(live, "/health/live", name="live")
        routes.add_route(ready, "/health/ready", name="ready")

    async def reasons_against(self, app: Sanic) -> list[str]:
        """Why the bot is not ready; empty where it is."""
        async with self._asking:
            if time.monotonic() - self._asked_at > TRUSTED_FOR:
                self._reasons = await _reasons_against(app)
                self._asked_at = time.monotonic()
                READY.set(not self._reasons)
            if self._reasons:
                logger.warning("not ready: %s", "; ".join(self._reasons))
            return self._reasons


async def _reasons_against(app: Sanic) -> list[str]:
    agent = getattr(app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        return ["the model is not loaded"]
    return await try_question(agent)


async def try_question(agent: Agent) -> list[str]:
    """Why a real question gets no answer; nothing of it is kept."""
    output, sender = StructuredOutput(), f"health-{secrets.token_hex(8)}"
    try:
        question = UserMessage(_question(), output, sender, input_channel="health")
    except KnowledgeError as error:
        return [f"there is no table to answer from ({type(error).__name__})"]
    with going_ahead():
        _, record = await answered(question, agent.handle_message)
    if not any(message.get("answer") for message in output.messages):
        return [f"a question was not answered ({', '.join(record.faults) or 'no fault seen'})"]
    # Without its database a bot still answers; taken away, it would leave silence.
    with suppress(BotError, asyncio.TimeoutError):
        erasing = conversations_of(agent.tracker_store).erase(sender)
        await asyncio.wait_for(erasing, ERASED_WITHIN)
    return []


def _question() -> str:
    table = current_editions().in_use.table
    return f"What is {wording.full_name(table.treatment(table.treatment_ids()[0]))}?"


def _notes() -> list[str]:
    if current_editions().refusal:
        return ["the table file was refused (see the log); the one from before is in use"]
    return []


READINESS = Readiness()
