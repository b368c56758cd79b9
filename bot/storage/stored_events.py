"""What is kept of a turn: what the next turn needs to understand it, and nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rasa.shared.core.events import BotUttered, Event, SessionStarted, UserUttered

# An answered question is 10 events and sets the slots anew, so the last 10 turns are remembered.
MOST_EVENTS = 100
OF_INTENT = ("name", "confidence")
OF_ENTITY = ("entity", "value", "role", "group")

StoredEvent = dict[str, Any]  # as Rasa writes an event, with fewer fields


def to_store(events: Iterable[Event]) -> list[StoredEvent]:
    """The events without the likelihoods of all questions, and without the bot's answers.

    An answer can be found again by its question; only the buttons it offered are needed later.
    That is a fifth of what Rasa keeps.
    """
    return [stored for event in events if (stored := _stored(event))]


def of_latest_session(stored: Sequence[StoredEvent]) -> Sequence[StoredEvent]:
    """Those from the last start of a session on; all, where it started further back."""
    for back, event in enumerate(reversed(stored), start=1):
        if event["event"] == SessionStarted.type_name:
            return stored[len(stored) - back :]
    return stored


def _stored(event: Event) -> StoredEvent | None:
    if isinstance(event, UserUttered):
        return _user(event)
    if isinstance(event, BotUttered):
        buttons = event.data.get("buttons")
        data = {"buttons": buttons}
        return {"event": "bot", "timestamp": event.timestamp, "data": data} if buttons else None
    return {
        name: value
        for name, value in event.as_dict().items()
        if name != "metadata" and value is not None
    }


def _user(event: UserUttered) -> StoredEvent:
    return {
        "event": "user",
        "timestamp": event.timestamp,
        "text": event.text,
        "input_channel": event.input_channel,
        "parse_data": {
            "intent": _some(event.intent, OF_INTENT),
            "entities": [_some(entity, OF_ENTITY) for entity in event.entities],
        },
    }


def _some(data: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}
