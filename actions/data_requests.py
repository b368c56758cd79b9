"""What a patient may ask about their own data, as marks that the server acts on after the turn.

An action sees one turn; what is stored is in the server's hands (bot/privacy/requests.py).
"""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

FORGET = {"title": "Delete it all", "payload": "/forget_me"}
KEEP = {"title": "Keep it", "payload": "/keep_my_data"}
SHOW = {"title": "Show what is stored", "payload": "/show_my_data"}


def forget_now() -> list[EventType]:
    """Nothing is uttered: the receipt follows when the deletion is done, not before."""
    return [SlotSet("data_request", "forget")]


def show_now() -> list[EventType]:
    return [SlotSet("data_request", "show")]


def is_asked_back(tracker: Tracker) -> bool:
    """Whether the bot asked to confirm the deletion right before the latest message."""
    messages = 0
    for event in reversed(tracker.events):
        messages += event.get("event") == "user"
        if messages > 1:
            return False
        if event.get("event") == "bot":
            buttons = (event.get("data") or {}).get("buttons") or ()
            payloads = {button.get("payload") for button in buttons}
            return {FORGET["payload"], KEEP["payload"]} <= payloads
    return False
