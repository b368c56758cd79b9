"""Makes the tracker of one turn."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

SLOTS: dict[str, Any] = {
    "treatments": None, "question": None, "side_effects": None, "pending": None,
    "suggestion": None, "misses": None,
}  # fmt: skip


def tracker_of(message: dict[str, Any], **slots: Any) -> Tracker:
    """A conversation whose latest message is `message`, with the slots as given."""
    return Tracker(
        sender_id="patient", slots={**SLOTS, **slots}, latest_message=message, events=[],
        paused=False, followup_action=None, active_loop={}, latest_action_name="action_listen",
    )  # fmt: skip


def typed(text: str, *parts: dict[str, Any], **reading: Any) -> dict[str, Any]:
    """A message that the pipeline has read."""
    return {"text": text, "reading": {"parts": list(parts), **reading}, "entities": []}


def tapped(intent: str, **values: list[str]) -> dict[str, Any]:
    """A button's payload, as Rasa parses it: no reading, its values as entities."""
    entities = [{"entity": name, "value": value} for name, value in values.items()]
    return {"text": f"/{intent}", "intent": {"name": intent}, "entities": entities}
