"""A "yes" to "Did you mean ...?" answers the question; any other "ok" is acknowledged."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer_question import answer_one
from actions.conversation import Context, Question, questions_of
from actions.data_requests import forget_now, is_asked_back
from actions.replies import utter_text, wording
from actions.turn import TurnAction, taken_up


class ActionTakeUpSuggestion(TurnAction):
    def name(self) -> str:
        return "action_take_up_suggestion"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        if is_asked_back(tracker):
            return forget_now()
        context = Context.of(tracker)
        asked = next(iter(questions_of(tracker)), None)
        if asked and (again := taken_up(asked, context)):
            return answer_one(dispatcher, domain, again, context)
        if context.suggestion:
            question = Question.from_dict(context.suggestion)
            return answer_one(dispatcher, domain, question, context)
        utter_text(dispatcher, [wording(domain, "utter_acknowledge")])
        return []
