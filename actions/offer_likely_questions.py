"""When unsure: the two or three likeliest questions as buttons; after a second miss, people."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.buttons import offers
from actions.conversation import Context, Question, candidates_of, carried, questions_of
from actions.replies import utter_text, wording
from actions.sources import current_answers

NONE_OF_THESE = {"title": "None of these", "payload": "/correct_reading"}
MOST_MISSES = 2
ALWAYS_OFFERED = ("ask_treatment_options", "ask_side_effects", "ask_sources")


class ActionOfferLikelyQuestions(Action):
    def name(self) -> str:
        return "action_offer_likely_questions"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        context = Context.of(tracker)
        answers = current_answers()
        question = next(iter(questions_of(tracker)), Question(""))
        question = carried(question, context)
        misses = context.misses + 1
        if misses >= MOST_MISSES:
            buttons = offers(answers, ALWAYS_OFFERED, question)
            utter_text(dispatcher, [wording(domain, "utter_unsure_again")], buttons=buttons)
        else:
            likely = offers(answers, candidates_of(tracker), question)
            buttons = [*(likely or offers(answers, ALWAYS_OFFERED, question)), NONE_OF_THESE]
            utter_text(dispatcher, [wording(domain, "utter_unsure")], buttons=buttons)
        return [SlotSet("misses", misses), SlotSet("suggestion", None)]
