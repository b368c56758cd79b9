"""Answers a question that the document does not answer."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer_question import answer_one
from actions.conversation import Context, questions_of


class ActionSayNotCovered(Action):
    def name(self) -> str:
        return "action_say_not_covered"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        events: list[EventType] = []
        for question in questions_of(tracker):
            events = answer_one(dispatcher, domain, question, Context.of(tracker))
        return events
