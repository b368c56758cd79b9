"""A bare name: answers the question that waits for it, or the last one again for it."""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer_question import answer_one
from actions.answering import needs_treatment
from actions.conversation import Context, Question, questions_of
from actions.turn import TurnAction


class ActionTakeUpName(TurnAction):
    def name(self) -> str:
        return "action_take_up_name"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        context = Context.of(tracker)
        named = questions_of(tracker)[0]
        return answer_one(dispatcher, domain, _taken_up(named, context), context)


def _taken_up(named: Question, context: Context) -> Question:
    if named.side_effects and not named.treatments:
        return replace(named, intent="ask_side_effect_listed", refers_back=True)
    if context.pending:
        pending = Question.from_dict(context.pending)
        together = (*pending.treatments, *named.treatments)
        return replace(pending, treatments=together, outside_kind="")
    last = context.last_question(named.treatments)
    if context.question and needs_treatment(last):
        return last
    if context.question == "ask_comparison":
        return replace(last, treatments=(*context.treatments[:1], *named.treatments))
    return replace(named, intent="ask_overview")
