"""Does what a patient asked about their own data, at the end of the turn and within its lock.

An action runs before its own turn is stored, so it can neither delete that turn nor see what is
stored. It leaves a mark (actions/data_requests.py); here the mark is acted on, and a turn that
asked to be forgotten is not stored any more.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa.core.channels.channel import OutputChannel
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.errors import BotError
from bot.privacy.forgetting import forget
from bot.privacy.stored_data import day_in_words, latest_messages, summary
from bot.storage.conversation_store import conversations_of
from knowledge.clinic import current_clinic

logger = logging.getLogger(__name__)
MARK = "data_request"  # the slot

_stock_prediction_loop = MessageProcessor._run_prediction_loop
_stock_save = MessageProcessor.save_tracker


def serve_data_requests() -> None:
    """From now on, marks are acted on."""
    MessageProcessor._run_prediction_loop = _run_prediction_loop
    MessageProcessor.save_tracker = _save_tracker


async def _run_prediction_loop(
    self: MessageProcessor, output: OutputChannel, tracker: DialogueStateTracker
) -> None:
    await _stock_prediction_loop(self, output, tracker)
    wish = tracker.get_slot(MARK)
    if wish == "forget":
        await _forget(self, output, tracker)
    elif wish == "show":
        await _show(self, output, tracker)
    if wish:
        tracker.update(SlotSet(MARK, None), self.domain)


async def _save_tracker(self: MessageProcessor, tracker: DialogueStateTracker) -> None:
    if not getattr(tracker, "is_forgotten", False):
        await _stock_save(self, tracker)


async def _forget(
    self: MessageProcessor, output: OutputChannel, tracker: DialogueStateTracker
) -> None:
    try:
        done = await forget(self.tracker_store, tracker.sender_id)
    except BotError as error:
        logger.error("a patient could not be forgotten: %s", error)  # noqa: TRY400  (no values)
        await _say(output, tracker, [_words(self, "utter_not_forgotten")])
        return
    tracker.is_forgotten = True
    text = _words(
        self, "utter_forgotten", when=f"{day_in_words(done.at)} at {done.at:%H:%M} UTC",
        what=done.what.in_words(), receipt=done.receipt,
    )  # fmt: skip
    await _say(output, tracker, [text], kind="forgotten")


async def _show(
    self: MessageProcessor, output: OutputChannel, tracker: DialogueStateTracker
) -> None:
    events = await conversations_of(self.tracker_store).events_of(tracker.sender_id)
    kept, until = summary(events), _kept_until()
    if not kept.messages:
        await _say(output, tracker, [_words(self, "utter_my_data_none", until=until)])
        return
    shown = latest_messages(events)
    lines = [_words(self, "utter_my_data", what=kept.in_words(), until=until), *shown]
    if len(shown) < kept.messages:
        lines.append(_words(self, "utter_my_data_first", shown=str(len(shown))))
    await _say(output, tracker, lines)


async def _say(
    output: OutputChannel, tracker: DialogueStateTracker, lines: list[str], kind: str = "text"
) -> None:
    message: dict[str, Any] = {"text": "\n".join(lines), "kind": kind, "lines": lines}
    await output.send_response(tracker.sender_id, message)


def _words(self: MessageProcessor, response: str, **values: str) -> str:
    """A response of domain.yml; Rasa's interpolation is not used, since words may hold braces."""
    text: str = self.domain.responses[response][0]["text"].strip()
    for name, value in {"contact": current_clinic().contact, **values}.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _kept_until() -> str:
    days = timedelta(days=current_clinic().keep_conversations_days)
    return day_in_words(datetime.now(timezone.utc) + days)
