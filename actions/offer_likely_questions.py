"""When unsure: the two or three likeliest questions as buttons; after a second miss, people."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answer_question import answer_one
from actions.buttons import offers
from actions.conversation import Context, Question, candidates_of, carried, questions_of
from actions.replies import utter_text, wording
from actions.sources import current_answers
from actions.turn import TurnAction, taken_up
from knowledge.render import render_text

NONE_OF_THESE = {"title": "None of these", "payload": "/correct_reading"}
MOST_MISSES = 2
ALWAYS_OFFERED = ("ask_treatment_options", "ask_side_effects", "ask_sources")


class ActionOfferLikelyQuestions(TurnAction):
    def name(self) -> str:
        return "action_offer_likely_questions"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        context = Context.of(tracker)
        answers = current_answers()
        asked = next(iter(questions_of(tracker)), Question(""))
        if again := taken_up(asked, context):
            return answer_one(dispatcher, domain, again, context)
        question = carried(asked, context)
        misses = context.misses + 1
        if misses >= MOST_MISSES:
            buttons = offers(answers, ALWAYS_OFFERED, question)
            lines = [wording(domain, "utter_unsure_again")]
        else:
            likely = offers(answers, candidates_of(tracker), question)
            buttons = [*(likely or offers(answers, ALWAYS_OFFERED, question)), NONE_OF_THESE]
            lines = [wording(domain, "utter_unsure")]
            if asked.treatments and likely:  # what it is may be all that was wanted
                lines.append(render_text(answers.overview(asked.treatments[0])))
        utter_text(dispatcher, lines, buttons=buttons, kind="clarify")
        return [SlotSet("misses", misses), SlotSet("suggestion", None)]
