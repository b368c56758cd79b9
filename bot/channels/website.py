"""The website channel: one request, one structured answer. docs/website.md tells its routes."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timezone
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.gate import Outcome, always_answered
from bot.errors import BotError
from bot.health import READINESS
from bot.incoming import LONGEST_MESSAGE
from bot.privacy.forgetting import also_forget, forget
from bot.storage.conversation_store import conversations_of
from bot.storage.errors import StoreUnknown
from bot.website import feedback, files, incoming
from bot.website.conversations import Conversation, Conversations, Turn
from bot.website.cors import cors_headers, is_allowed
from bot.website.errors import (
    CannotForget,
    EraseFailed,
    IdTaken,
    MessageUnknown,
    OriginNotAllowed,
    Refused,
    TokenInvalid,
    TooMany,
    TurnFailed,
)
from bot.website.limiter import Limiter, address_key
from bot.website.reply import StructuredOutput, now_as_text, reply
from bot.website.token import Session, Tokens, website_secret
from knowledge.clinic import current_clinic

logger = logging.getLogger(__name__)
Handler = Callable[[Request], Coroutine[Any, Any, HTTPResponse]]
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class WebsiteInput(InputChannel):
    """The sender comes from a token that this server signed, never from the client."""

    @classmethod
    def name(cls) -> str:
        return "website"

    def __init__(self) -> None:
        self._tokens = Tokens(website_secret())
        self._conversations = Conversations()
        also_forget(self.name(), self._conversations.forget)
        self._turns, self._requests = Limiter(), Limiter()
        self._handle: Callable[[UserMessage], Awaitable[Any]]

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        self._handle = on_new_message
        routes = Blueprint("website")
        files.add_to(routes)
        READINESS.add_to(routes)  # as at the root: a proxy may let through these paths alone
        for method, path, handler in (
            ("GET", "/config", self._config),
            ("POST", "/conversations", self._start),
            ("POST", "/messages", self._message),
            ("POST", "/feedback", self._feedback),
            ("GET", "/transcript", self._transcript),
            ("DELETE", "/conversation", self._forget),
        ):
            routes.add_route(
                self._guarded(handler), path, methods=(method, "OPTIONS"),
                name=handler.__name__, stream=method == "POST",
            )  # fmt: skip

        @routes.middleware("response")
        async def secure(request: Request, answered: HTTPResponse) -> None:
            for name, value in SECURITY_HEADERS.items():
                answered.headers.setdefault(name, value)
            answered.headers.setdefault("Cache-Control", "no-store")

        return routes

    def _guarded(self, handler: Handler) -> Handler:
        """Origin and address before the handler; a refusal as words for people after it."""

        async def guarded(request: Request) -> HTTPResponse:
            try:
                self._check_caller(request)
                if request.method == "OPTIONS":
                    answered = response.empty()
                else:
                    answered = await handler(request)
            except Refused as refused:
                answered = _refusal(refused)
            answered.headers.update(cors_headers(request, current_clinic()))
            return answered

        return guarded

    def _check_caller(self, request: Request) -> None:
        clinic = current_clinic()
        if not is_allowed(request, clinic):
            raise OriginNotAllowed
        address = address_key(request.remote_addr or request.ip)
        wait = self._requests.seconds_to_wait(
            address, clinic.chat_requests_per_minute_and_address
        )
        if wait:
            raise TooMany(retry_after=wait)

    def _conversation(self, request: Request) -> tuple[Session, Conversation]:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        session = self._tokens.read(token, time.time()) if kind == "Bearer" else None
        conversation = self._conversations.of(session) if session else None
        if session is None or conversation is None:
            raise TokenInvalid
        return session, conversation

    async def _config(self, request: Request) -> HTTPResponse:
        clinic = current_clinic()
        responses = request.app.ctx.agent.domain.responses
        return response.json(
            {
                "title": clinic.chat_title,
                "colour": clinic.chat_colour,
                "greeting": responses["utter_greet"][0]["text"].strip(),
                "emergency": f"Not for emergencies. In an emergency call "
                f"{clinic.emergency_number}.",
                "consent": clinic.chat_consent.strip(),
                "longest_message": LONGEST_MESSAGE,
            }
        )

    async def _start(self, request: Request) -> HTTPResponse:
        now = time.time()
        for sender in self._conversations.sweep(now):
            try:
                await conversations_of(request.app.ctx.agent.tracker_store).erase(sender)
            except BotError as error:
                logger.warning("an ended conversation is still stored: %s", error)
        token, session = self._tokens.start(now)
        self._conversations.of(session)
        expires = datetime.fromtimestamp(session.expires, timezone.utc).isoformat()
        return response.json({"token": token, "expires": expires}, status=201)

    async def _message(self, request: Request) -> HTTPResponse:
        session, conversation = self._conversation(request)
        asked = await incoming.read_message(request)
        words = (asked.text, asked.payload)
        turn = conversation.turns.get(asked.message_id)
        if turn is None:
            wait = self._turns.seconds_to_wait(
                session.sender, current_clinic().chat_turns_per_minute
            )
            if wait:
                raise TooMany(retry_after=wait)
            running = asyncio.ensure_future(self._turn(conversation, session.sender, asked))
            turn = Turn(asked.message_id, words, asked.text, now_as_text(), running)
            conversation.add(turn)
        elif turn.words != words:
            raise IdTaken
        try:
            # The turn goes on when this caller hangs up: a repeated request gets its reply.
            answer = await asyncio.shield(turn.reply)
        except Refused:
            if conversation.turns.get(asked.message_id) is turn:
                del conversation.turns[asked.message_id]  # the same id may try again
            raise
        renewed = self._tokens.renew(session, time.time())
        if renewed and not conversation.closed:
            conversation.expires = max(conversation.expires, renewed[1].expires)
            answer = {**answer, "token": renewed[0]}
        return response.json(answer)

    async def _turn(
        self, conversation: Conversation, sender: str, asked: incoming.Asked
    ) -> dict[str, Any]:
        text = asked.payload if asked.payload in conversation.offered else asked.text
        output = StructuredOutput()
        message = UserMessage(text, output, sender, input_channel=self.name())

        async def in_order(message: UserMessage) -> None:
            async with conversation.one_at_a_time:
                if not conversation.closed:
                    await self._handle(message)

        outcome = await always_answered(message, in_order)
        if conversation.closed and outcome is not Outcome.ANSWERED:  # else this turn closed it
            raise TokenInvalid
        if outcome is Outcome.FAILED:
            raise TurnFailed(output.messages[0]["text"])
        kind = "too_long" if outcome is Outcome.TOO_LONG else ""
        answer = reply(asked.message_id, output.messages, kind)
        for item in answer["items"]:
            conversation.offer(item["buttons"])
        return answer

    async def _feedback(self, request: Request) -> HTTPResponse:
        _, conversation = self._conversation(request)
        given = await incoming.read_feedback(request)
        turn = conversation.turns.get(given.message_id)
        answer = turn.answered() if turn else None
        if turn is None or answer is None:
            raise MessageUnknown
        rating = {"rating": given.rating, "reason": given.reason}
        if turn.rating != rating:
            feedback.keep(answer, rating)
            turn.rating = rating
        return response.json({"kept": True})

    async def _transcript(self, request: Request) -> HTTPResponse:
        _, conversation = self._conversation(request)
        turns = [
            {"message_id": t.message_id, "at": t.at, "said": t.said, "reply": t.answered()}
            for t in conversation.turns.values()
        ]
        return response.json({"turns": turns})

    async def _forget(self, request: Request) -> HTTPResponse:
        session, conversation = self._conversation(request)
        async with conversation.one_at_a_time:
            try:
                done = await forget(request.app.ctx.agent.tracker_store, session.sender)
            except StoreUnknown as error:
                raise CannotForget from error
            except BotError as error:
                logger.error("a patient could not be forgotten: %s", error)  # noqa: TRY400
                raise EraseFailed from error
        return response.json(
            {"forgotten": True, "at": done.at.isoformat(timespec="seconds"),
             "receipt": done.receipt}
        )  # fmt: skip


def _refusal(refused: Refused) -> HTTPResponse:
    headers = {}
    if refused.retry_after:
        headers["Retry-After"] = str(math.ceil(refused.retry_after))
    if refused.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = {"error": {"code": refused.code, "text": str(refused)}}
    return response.json(body, status=refused.status, headers=headers)
