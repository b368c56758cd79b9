"""Has the patient shown what is stored of them."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.data_requests import show_now
from actions.replies import utter_text, wording
from actions.turn import TurnAction


class ActionShowMyData(TurnAction):
    def name(self) -> str:
        return "action_show_my_data"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        if (tracker.latest_message.get("reading") or {}).get("urgent"):
            utter_text(dispatcher, [wording(domain, "utter_when_to_call")], kind="emergency")
        return show_now()
