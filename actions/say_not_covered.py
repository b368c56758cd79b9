"""Answers a question that the document does not answer."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer_question import answer_one
from actions.conversation import Context, questions_of
from actions.turn import TurnAction, taken_up


class ActionSayNotCovered(TurnAction):
    def name(self) -> str:
        return "action_say_not_covered"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        context = Context.of(tracker)
        asked = questions_of(tracker)
        events: list[EventType] = []
        for question in [taken_up(asked[0], context)] if len(asked) == 1 else asked:
            events = answer_one(dispatcher, domain, question or asked[0], context)
        return events
