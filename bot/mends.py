"""Faults of Rasa 3.6.21 that patients would feel, each mended in one place, with its reason."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import rasa
from jsonschema import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.errors import WrongRasa
from bot.incoming import clean

SEEN_ON = "3.6.21"
BUTTONS_LOOKED_AT = 40  # events back; buttons further up in a chat are out of sight


def mend_rasa() -> None:
    """Applies the mends.

    Raises:
        WrongRasa: they were tried on another version than the one installed.
    """
    if rasa.__version__ != SEEN_ON:
        raise WrongRasa(
            f"rasa {rasa.__version__} is installed, this program was tried with {SEEN_ON}. "
            "Type: make setup"
        )
    RemoteAction._validate_action_result = _validate_action_result
    MessageProcessor.parse_message = _parse_message


@lru_cache(maxsize=1)
def _validator() -> Validator:
    schema = RemoteAction.action_response_format_spec()
    kind: type[Validator] = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """Rasa compiles its schema anew for each reply: 63% of the server's time. Here once."""
    error = next(_validator().iter_errors(result), None)
    if error is not None:
        raise ValidationError(f"action '{self.name()}' returned an invalid result: {error.message}")
    return True


_stock_parse_message = MessageProcessor.parse_message


async def _parse_message(
    self: MessageProcessor,
    message: UserMessage,
    tracker: DialogueStateTracker | None = None,
    only_output_properties: bool = True,
) -> dict[str, Any]:
    """Cleans the text; a payload counts only if a button of this conversation offered it.

    Stock Rasa takes a typed `/intent{"slot": "value"}` past all understanding.
    """
    message.text = clean(message.text)
    if message.text.startswith("/") and not _was_offered(message.text, tracker):
        message.text = message.text.lstrip("/ ") or "?"
    parsed: dict[str, Any] = await _stock_parse_message(
        self, message, tracker, only_output_properties
    )
    return parsed


def _was_offered(payload: str, tracker: DialogueStateTracker | None) -> bool:
    if tracker is None:
        return False
    if payload in ("/restart", "/session_start"):
        return False
    events = list(tracker.events)[-BUTTONS_LOOKED_AT:]
    return any(
        button.get("payload") == payload
        for event in events
        if isinstance(event, BotUttered)
        for button in event.data.get("buttons") or ()
    )
