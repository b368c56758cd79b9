"""Answers a question that the document does not answer."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer_question import answer_all
from actions.turn import TurnAction


class ActionSayNotCovered(TurnAction):
    def name(self) -> str:
        return "action_say_not_covered"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        return answer_all(dispatcher, tracker, domain)
