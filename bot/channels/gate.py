"""The gate around a turn, the same for all channels: bounded text, and words whatever fails."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import Enum
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage

from bot.incoming import LONGEST_MESSAGE, is_too_long
from bot.metrics import count_turn
from bot.safety.apology import apology, too_long
from bot.storage.gaps import gaps
from bot.storage.room import check_not_too_busy
from bot.turn_record import TurnRecord, note_fault, place_of, recording
from knowledge.clinic import Clinic, current_clinic
from knowledge.edition import Edition, answering_from, current_editions
from knowledge.errors import ClinicInvalid

logger = logging.getLogger(__name__)
Handle = Callable[[UserMessage], Awaitable[Any]]
TURN_WITHIN = 4.5  # seconds; with the way there and back a patient waits 5 at most
KEPT_WITHIN = 2  # seconds more for a turn that has its answer, to be kept for the next turn
LOOK_WITHIN = 2  # seconds for a replaced table to be read; past it the turn takes the one before


class Outcome(Enum):
    ANSWERED = "answered"
    TOO_LONG = "too_long"
    FAILED = "failed"


class TurnTooSlow(Exception):
    """The turn was not done in time and was given up."""


async def always_answered(message: UserMessage, handle: Handle) -> Outcome:
    """Handles a message so that the patient gets words in time, whatever fails on the way.

    Rasa answers each internal fault with an empty list: silence, to a patient.
    """
    started = time.perf_counter()
    outcome, record = await answered(message, handle)
    count_turn(message.input_channel, record, time.perf_counter() - started)
    return outcome


async def answered(message: UserMessage, handle: Handle) -> tuple[Outcome, TurnRecord]:
    """The same, uncounted, and with what happened inside."""
    output = message.output_channel
    if not isinstance(output, CollectingOutputChannel):
        raise TypeError(f"{type(output).__name__} collects no messages")
    text = message.text or ""
    with recording() as record:
        if is_too_long(text):
            record.kinds.add("too_long")
            reply = too_long(text, LONGEST_MESSAGE, clinic_or_defaults())
            await output.send_text_message(message.sender_id, reply)
            return Outcome.TOO_LONG, record
        try:
            check_not_too_busy()
            await _in_time(_from_one_edition(message, handle), message)
        except Exception as error:  # noqa: BLE001  (a fault anywhere in the turn)
            note_fault(error)
            # No traceback: it would hold the words of the patient.
            logger.error("turn failed: %s at %s", type(error).__name__, place_of(error))  # noqa: TRY400
    if output.messages:
        return Outcome.ANSWERED, record
    record.kinds.add("failed")
    await output.send_text_message(message.sender_id, apology(text, clinic_or_defaults()))
    return Outcome.FAILED, record


async def _in_time(turn: Awaitable[None], message: UserMessage) -> None:
    """Raises TurnTooSlow, and what the turn raises.

    `asyncio.wait_for` would go on waiting for a turn that does not let itself be cancelled.
    """
    running = asyncio.ensure_future(turn)
    is_late = False
    try:
        done, _ = await asyncio.wait({running}, timeout=TURN_WITHIN)
        is_late = not done and bool(message.output_channel.messages)
    finally:
        if not is_late:
            running.cancel()
    if is_late:
        ending = asyncio.ensure_future(_to_be_kept(running, message.sender_id))
        _ending.add(ending)  # asyncio alone might lose it
        ending.add_done_callback(_ending.discard)
    if not done:
        raise TurnTooSlow
    running.result()


_ending: set[asyncio.Task[None]] = set()


async def _to_be_kept(running: asyncio.Future[None], sender_id: str) -> None:
    """The patient has the answer: the conversation has to know of it, or has to begin anew.

    Else "how often is it given?" would be answered for what was talked of before.
    """
    await asyncio.wait({running}, timeout=KEPT_WITHIN)
    if not running.done() or running.cancelled() or running.exception():
        gaps.add(sender_id)  # before the turn gives its conversation to the next one
        running.cancel()


async def _from_one_edition(message: UserMessage, handle: Handle) -> None:
    with answering_from(await _edition()):
        await handle(message)


async def _edition() -> Edition:
    editions = current_editions()
    if editions.has_changed:
        look = asyncio.get_running_loop().run_in_executor(None, editions.look)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.shield(look), LOOK_WITHIN)
    return editions.in_use


def clinic_or_defaults() -> Clinic:
    """For words that have to be said even where the clinic's file never was a good one."""
    try:
        return current_clinic()
    except ClinicInvalid:
        return Clinic()
