"""The website channel: one request, one structured answer. docs/website.md tells its routes."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime, timezone
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.gate import TURN_WITHIN
from bot.errors import BotError
from bot.health import READINESS
from bot.incoming import LONGEST_MESSAGE
from bot.privacy.forgetting import Forgotten, also_forget, forget
from bot.storage.conversation_store import conversations_of
from bot.storage.errors import StoreUnknown
from bot.storage.room import room
from bot.website import feedback, files, incoming
from bot.website.conversations import Turn
from bot.website.cors import cors_headers, is_allowed
from bot.website.errors import (
    CannotForget,
    EraseFailed,
    MessageUnknown,
    OriginNotAllowed,
    Refused,
    TokenInvalid,
    TooMany,
)
from bot.website.limiter import address_key
from bot.website.reply import now_as_text
from bot.website.sharing import limiter, open_conversations
from bot.website.token import Session, Tokens, website_secret
from bot.website.turns import Turns
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
        self._conversations = open_conversations()
        also_forget(self.name(), self._conversations.forget)
        self._turns_limit, self._requests_limit = limiter("turns"), limiter("requests")
        self._turns: Turns

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        self._turns = Turns(self.name(), self._conversations, on_new_message)
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
                name=handler.__name__, stream=handler in {self._message, self._feedback},
            )  # fmt: skip

        @routes.middleware("response")
        async def secure(request: Request, answered: HTTPResponse) -> None:
            for name, value in SECURITY_HEADERS.items():
                answered.headers.setdefault(name, value)
            answered.headers.setdefault("Cache-Control", "no-store")

        return routes

    def _guarded(self, handler: Handler) -> Handler:
        """Origin and address before the handler; a refusal as words for people after it.

        Of a message the address is counted by the handler itself.
        """

        async def guarded(request: Request) -> HTTPResponse:
            try:
                self._check_origin(request)
                if handler != self._message or request.method == "OPTIONS":
                    await self._check_address(request)
                if request.method == "OPTIONS":
                    answered = response.empty()
                else:
                    answered = await handler(request)
            except Refused as refused:
                answered = _refusal(refused)
            answered.headers.update(cors_headers(request, current_clinic()))
            return answered

        return guarded

    @staticmethod
    def _check_origin(request: Request) -> None:
        if not is_allowed(request, current_clinic()):
            raise OriginNotAllowed

    async def _check_address(self, request: Request) -> None:
        address = address_key(request.remote_addr or request.ip)
        most = current_clinic().chat_requests_per_minute_and_address
        if wait := await self._requests_limit.seconds_to_wait(address, most):
            raise TooMany(retry_after=wait)

    async def _session(self, request: Request) -> Session:
        """Raises TokenInvalid."""
        session = self._signed(request)
        if not await self._conversations.open(session):
            raise TokenInvalid
        return session

    def _signed(self, request: Request) -> Session:
        """What the token says, which may be of a forgotten conversation.

        Raises:
            TokenInvalid: it is none of ours, or has expired.
        """
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        session = self._tokens.read(token, time.time()) if kind == "Bearer" else None
        if session is None:
            raise TokenInvalid
        return session

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
        for sender in await self._conversations.sweep(now):
            try:
                await conversations_of(request.app.ctx.agent.tracker_store).erase(sender)
            except BotError as error:
                logger.warning("an ended conversation is still stored: %s", error)
        token, session = self._tokens.start(now)
        await self._conversations.open(session)
        expires = datetime.fromtimestamp(session.expires, timezone.utc).isoformat()
        return response.json({"token": token, "expires": expires}, status=201)

    async def _message(self, request: Request) -> HTTPResponse:
        if room().is_too_busy:
            # Before Redis is asked, four times: that alone would be more than the server can do.
            sender, turn = self._signed(request).sender, await _turn(request)
            return response.json(await self._turns.reply_when_too_busy(sender, turn))
        await self._check_address(request)
        session = await self._session(request)
        turn = await _turn(request)
        answer = await self._turns.first_reply(session.sender, turn)
        if answer is None:
            answer = await self._reply_to(request, session.sender, turn)
        renewed = self._tokens.renew(session, time.time())
        if renewed and await self._conversations.open(renewed[1]):
            answer = {**answer, "token": renewed[0]}
        return response.json(answer)

    async def _reply_to(self, request: Request, sender: str, turn: Turn) -> dict[str, Any]:
        if not any(one.message_id == turn.message_id for one in self._turns.under_way(sender)):
            most = current_clinic().chat_turns_per_minute
            if wait := await self._turns_limit.seconds_to_wait(sender, most):
                raise TooMany(retry_after=wait)
        return await self._turns.reply_to(request.app.ctx.agent.lock_store, sender, turn)

    async def _feedback(self, request: Request) -> HTTPResponse:
        session = await self._session(request)
        given = await incoming.read_feedback(request)
        turn = await self._conversations.turn(session.sender, given.message_id)
        if turn is None or turn.reply is None:
            raise MessageUnknown
        rating = {"rating": given.rating, "reason": given.reason}
        if turn.rating != rating:
            feedback.keep(turn.reply, rating)
            await self._conversations.rate(session.sender, turn, rating)
        return response.json({"kept": True})

    async def _transcript(self, request: Request) -> HTTPResponse:
        sender = (await self._session(request)).sender
        turns = [*await self._conversations.turns(sender), *self._turns.under_way(sender)]
        told = [
            {"message_id": t.message_id, "at": t.at, "said": t.said, "reply": t.reply}
            for t in turns
        ]
        return response.json({"turns": told})

    async def _forget(self, request: Request) -> HTTPResponse:
        sender = (await self._session(request)).sender
        try:
            done = await asyncio.wait_for(_erased(request.app.ctx.agent, sender), TURN_WITHIN)
        except StoreUnknown as error:
            raise CannotForget from error
        except (BotError, asyncio.TimeoutError) as error:
            fault = str(error) or "it takes too long"
            logger.error("a patient could not be forgotten: %s", fault)  # noqa: TRY400
            raise EraseFailed from error
        return response.json(
            {"forgotten": True, "at": done.at.isoformat(timespec="seconds"),
             "receipt": done.receipt}
        )  # fmt: skip


async def _turn(request: Request) -> Turn:
    asked = await incoming.read_message(request)
    return Turn(asked.message_id, asked.text, asked.payload, now_as_text())


async def _erased(agent: Agent, sender: str) -> Forgotten:
    """Raises BotError."""
    async with agent.lock_store.lock(sender):  # no turn under way writes behind it
        return await forget(agent.tracker_store, sender)


def _refusal(refused: Refused) -> HTTPResponse:
    headers = {}
    if refused.retry_after:
        headers["Retry-After"] = str(math.ceil(refused.retry_after))
    if refused.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = {"error": {"code": refused.code, "text": str(refused)}}
    return response.json(body, status=refused.status, headers=headers)
