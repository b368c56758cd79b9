"""The gate around a turn, the same for all channels: bounded text, and words whatever fails."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from enum import Enum
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.incoming import LONGEST_MESSAGE, is_too_long
from bot.safety.apology import apology, too_long
from knowledge.clinic import current_clinic

logger = logging.getLogger(__name__)


class Outcome(Enum):
    ANSWERED = "answered"
    TOO_LONG = "too_long"
    FAILED = "failed"


async def always_answered(
    message: UserMessage, handle: Callable[[UserMessage], Awaitable[Any]]
) -> Outcome:
    """Handles a message so that the patient gets words, whatever fails on the way.

    Rasa answers each internal fault with an empty list: silence, to a patient.
    """
    output = message.output_channel
    if not isinstance(output, CollectingOutputChannel):
        raise TypeError(f"{type(output).__name__} collects no messages")
    text = message.text or ""
    if is_too_long(text):
        reply = too_long(text, LONGEST_MESSAGE, current_clinic())
        await output.send_text_message(message.sender_id, reply)
        return Outcome.TOO_LONG
    try:
        await handle(message)
    except Exception as error:  # noqa: BLE001  (a fault anywhere in the turn)
        # No traceback: it would hold the words of the patient.
        logger.error("turn failed: %s at %s", type(error).__name__, place_of(error))  # noqa: TRY400
    if not output.messages:
        await output.send_text_message(message.sender_id, apology(text, current_clinic()))
        return Outcome.FAILED
    return Outcome.ANSWERED


def place_of(error: BaseException) -> str:
    """File and line of the fault, without the values that a traceback would show."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
