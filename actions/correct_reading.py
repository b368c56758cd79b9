"""Hears a correction.

With a name in it the last question is asked anew, else the patient is asked.
"""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer_question import answer_one
from actions.conversation import Context, Question, questions_of
from actions.data_requests import is_asked_back
from actions.replies import utter_text, wording
from actions.turn import TurnAction, taken_up


class ActionCorrectReading(TurnAction):
    def name(self) -> str:
        return "action_correct_reading"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        context = Context.of(tracker)
        question = next(iter(questions_of(tracker)), Question(""))
        if again := taken_up(question, context):
            return answer_one(dispatcher, domain, again, context)
        if question.treatments:
            intent = context.question or "ask_overview"
            again = replace(question, intent=intent, side_effects=context.side_effects)
            return answer_one(dispatcher, domain, again, context)
        if is_asked_back(tracker):
            utter_text(dispatcher, [wording(domain, "utter_data_kept")])
            return []
        misses = context.misses + 1
        response = "utter_none_of_these" if misses > 1 else "utter_correct"
        utter_text(dispatcher, [wording(domain, response)])
        return [SlotSet("misses", misses), SlotSet("suggestion", None)]
