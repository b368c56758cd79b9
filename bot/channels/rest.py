"""Rasa's REST channel for testers, with the gate in front and never an empty reply.

The bot knows the sender by a keyed hash only; the reply names who was named in the request.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput
from sanic.request import Request

from bot.channels.gate import always_answered
from bot.incoming import LONGEST_SENDER, clean
from bot.privacy.sender import keyed_sender


class TesterRestInput(RestInput):
    """The same wire format as Rasa's own; the client chooses the sender, so it is for testers."""

    @classmethod
    def name(cls) -> str:
        return "rest"

    async def _extract_sender(self, req: Request) -> str | None:
        given = clean((_json(req)).get("sender"))[:LONGEST_SENDER]
        return given or uuid.uuid4().hex  # Rasa's "default" would be shared by all who give none

    def _extract_message(self, req: Request) -> str:
        return clean(_json(req).get("message"))

    def get_metadata(self, request: Request) -> dict[str, Any] | None:
        return None

    def _extract_input_channel(self, req: Request) -> str:
        return self.name()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Any:
        async def answered(message: UserMessage) -> Any:
            given = message.sender_id
            message.sender_id = keyed_sender(self.name(), given)
            outcome = await always_answered(message, on_new_message)
            sent = message.output_channel.messages
            if isinstance(sent, list):  # not a stream, whose messages are gone
                for reply in sent:
                    reply["recipient_id"] = given
            return outcome

        return super().blueprint(answered)


def _json(request: Request) -> dict[str, Any]:
    return request.json if isinstance(request.json, dict) else {}
