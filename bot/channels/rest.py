"""Rasa's REST channel for testers, with the gate in front and never an empty reply."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic.request import Request

from actions.sources import current_clinic
from bot.incoming import LONGEST_MESSAGE, LONGEST_SENDER, clean, is_too_long
from bot.safety.apology import apology, too_long

logger = logging.getLogger(__name__)


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
            return await always_answered(message, on_new_message)

        return super().blueprint(answered)


async def always_answered(
    message: UserMessage, handle: Callable[[UserMessage], Awaitable[Any]]
) -> None:
    """Handles a message so that the patient gets words, whatever fails on the way.

    Rasa answers each internal fault with an empty list: silence, to a patient.
    """
    output = message.output_channel
    # RestInput gives each message this channel; the check tells mypy so.
    assert isinstance(output, CollectingOutputChannel)  # noqa: S101  (see above)
    text = message.text or ""
    if is_too_long(text):
        reply = too_long(text, LONGEST_MESSAGE, current_clinic())
        await output.send_text_message(message.sender_id, reply)
        return
    try:
        await handle(message)
    except Exception as error:  # noqa: BLE001  (a fault anywhere in the turn)
        # A traceback would hold the words of the patient, so the log gets the place alone.
        place = _place(error)
        logger.error("turn failed: %s at %s", type(error).__name__, place)  # noqa: TRY400  (as said)
    if not output.messages:
        await output.send_text_message(message.sender_id, apology(text, current_clinic()))


def _json(request: Request) -> dict[str, Any]:
    return request.json if isinstance(request.json, dict) else {}


def _place(error: BaseException) -> str:
    """File and line of the fault, without the values that a traceback would show."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
