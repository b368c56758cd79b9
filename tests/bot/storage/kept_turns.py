"""A turn as Rasa logs it, and how it is said to a store and read again."""

from __future__ import annotations

from collections.abc import Callable

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.storage.conversation_store import ConversationStore

DOMAIN = Domain.from_yaml("slots: {treatments: {type: list, mappings: [{type: custom}]}}")
MakeStore = Callable[[], ConversationStore]
QUESTION = "How often is Torisel given?"
BUTTONS = [{"title": "How does it work?", "payload": "/ask_how_it_works"}]


def turn(text: str = QUESTION, treatment: str = "temsirolimus") -> list[Event]:
    parsed = {
        "intent": {"name": "ask_schedule", "confidence": 0.9},
        "entities": [{"entity": "treatment", "value": treatment, "start": 13, "end": 20}],
        "intent_ranking": [{"name": "ask_schedule", "confidence": 0.9}],
        "reading": {"parts": []},
    }
    return [
        UserUttered(text, parsed["intent"], parsed["entities"], parsed, input_channel="website"),
        ActionExecuted("action_answer_question"),
        BotUttered("Once a week.", {"buttons": BUTTONS}, {"answer": {"heading": "How often"}}),
        SlotSet("treatments", [treatment]),
        ActionExecuted("action_listen"),
    ]


async def say(store: TrackerStore, sender: str, events: list[Event]) -> None:
    """As Rasa does it: the conversation is read, goes on, and is saved."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    tracker.update_with_events(events, DOMAIN)
    await store.save(tracker)


def words(tracker: DialogueStateTracker | None) -> list[str]:
    return [e.text for e in tracker.events if isinstance(e, UserUttered)] if tracker else []
