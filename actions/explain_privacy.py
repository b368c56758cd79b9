"""Tells what is stored, for how long and who can read it, with buttons to see or delete it."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.data_requests import FORGET, SHOW
from actions.replies import utter_text, wording
from actions.sources import current_clinic
from actions.turn import TurnAction


class ActionExplainPrivacy(TurnAction):
    def name(self) -> str:
        return "action_explain_privacy"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        clinic = current_clinic()
        text = wording(domain, "utter_privacy", days=clinic.kept_for, clinic=clinic.name)
        utter_text(dispatcher, [text], buttons=[SHOW, FORGET])
        return [SlotSet("misses", 0)]
