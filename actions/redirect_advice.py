"""Sends a plea for personal advice to the care team, with what the document lists, cited."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer_question import answer_one
from actions.answering import named_treatments
from actions.buttons import payload
from actions.conversation import Context, Question, carried, questions_of, settled
from actions.replies import utter_text, wording
from actions.sources import current_answers
from actions.turn import TurnAction, taken_up
from knowledge.answers import Answers
from knowledge.citation import cite

RESPONSES = {
    "seek_advice_decision": "utter_advice_decision",
    "seek_advice_symptom": "utter_advice_symptom",
}


class ActionRedirectAdvice(TurnAction):
    def name(self) -> str:
        return "action_redirect_advice"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        answers = current_answers()
        context = Context.of(tracker)
        asked = questions_of(tracker)[0]
        if again := taken_up(asked, context):
            return answer_one(dispatcher, domain, again, context)
        question = carried(asked, context)
        treatments = named_treatments(answers, question)
        lines = [wording(domain, RESPONSES[question.intent])]
        lines += _what_is_listed(answers, question, treatments)
        citation = cite(
            answers.table, answers.table.document_ids()[0], [*treatments, "choosing"],
            today=answers.today(), max_age_years=answers.max_age_years,
        )  # fmt: skip
        asked = Question("ask_doctor_questions", treatments[:1])
        button = {"title": "Questions for my doctor", "payload": payload(asked.intent, asked)}
        utter_text(dispatcher, lines, citation, [button], kind="advice")
        return [SlotSet("treatments", list(treatments)), *settled()]


def _what_is_listed(
    answers: Answers, question: Question, treatments: tuple[str, ...]
) -> list[str]:
    """Whether the symptom is on the list of the treatment, where both are named."""
    if question.intent != "seek_advice_symptom" or not (treatments and question.side_effects):
        return []
    shown = answers.side_effect_check(treatments[0], question.side_effects)
    lines = [shown.heading, shown.verdict]
    for section in shown.sections:
        lines += [section.whose, *section.sentences, *(f"• {item}" for item in section.items)]
    return [line for line in (*lines, shown.absence) if line]
