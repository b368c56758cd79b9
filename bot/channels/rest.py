"""Rasa's REST wire format for testers, with the gate in front and never an empty reply.

Stock Rasa answers 500 to a JSON array or string, hangs where `stream` meets an error, and lets the
caller choose `input_channel` and `metadata`. So only the format is Rasa's. The bot knows the sender
by a keyed hash only; the reply names who was named in the request.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.body import BodyTooLarge, as_json, read_body
from bot.channels.gate import always_answered
from bot.incoming import LONGEST_MESSAGE, LONGEST_SENDER, clean
from bot.privacy.sender import keyed_sender

HEADERS = {"X-Content-Type-Options": "nosniff"}  # the sender, any text, is in the reply
LARGEST_BODY = 512 * 1024  # bytes; longer texts than a message may have are answered too
LOOKED_AT = 20 * LONGEST_MESSAGE  # characters of a larger one, for an emergency in it


class TesterRestInput(InputChannel):
    """The client chooses the sender, so it is for testers."""

    @classmethod
    def name(cls) -> str:
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        routes = Blueprint("rest")

        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        async def receive(request: Request) -> HTTPResponse:
            sender, text = await _sender_and_text(request)
            keyed = keyed_sender(self.name(), sender)
            output = CollectingOutputChannel()
            message = UserMessage(text, output, keyed, input_channel=self.name())
            await always_answered(message, on_new_message)
            replies = [{**reply, "recipient_id": sender} for reply in output.messages]
            return response.json(replies, headers=HEADERS)

        routes.add_route(health, "/", methods=("GET",))
        routes.add_route(receive, "/webhook", methods=("POST",), stream=True)
        return routes


async def _sender_and_text(request: Request) -> tuple[str, str]:
    """What was sent; of what is no message, no words."""
    try:
        body = as_json(await read_body(request, LARGEST_BODY))
    except BodyTooLarge as cut:
        body = {"message": cut.start[:LOOKED_AT].decode(errors="replace")}
    body = body if isinstance(body, dict) else {}
    # Rasa's "default" would be one conversation of all who give no sender.
    sender = clean(body.get("sender"))[:LONGEST_SENDER] or uuid.uuid4().hex
    return sender, clean(body.get("message"))
