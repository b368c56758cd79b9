"""Says where someone listens now. Nothing of the conversation before is kept or answered."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation import forget
from actions.replies import utter_text, wording


class ActionRespondToCrisis(Action):
    def name(self) -> str:
        return "action_respond_to_crisis"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        utter_text(dispatcher, [wording(domain, "utter_crisis")], kind="crisis")
        return forget()
