"""Says that nothing was deleted, to a patient who was asked and wants to keep it."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.replies import utter_text, wording
from actions.turn import TurnAction


class ActionKeepMyData(TurnAction):
    def name(self) -> str:
        return "action_keep_my_data"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        utter_text(dispatcher, [wording(domain, "utter_data_kept")])
        return []
