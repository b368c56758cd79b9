"""Says what to do now. Nothing of the conversation before is kept or answered."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation import forget
from actions.replies import utter_text, wording

# Ids of bot/safety/red_flags.yml for which the poison line is the right number too.
POISONING = frozenset({"overdose", "medicine_taken_by_another"})


class ActionRespondToEmergency(Action):
    def name(self) -> str:
        return "action_respond_to_emergency"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        poisoned = tracker.latest_message.get("alarm") in POISONING
        response = "utter_emergency_poison" if poisoned else "utter_emergency"
        lines = [wording(domain, response), wording(domain, "utter_emergency_contact")]
        utter_text(dispatcher, lines, kind="emergency")
        return [*forget(), SlotSet("alarm", response)]
