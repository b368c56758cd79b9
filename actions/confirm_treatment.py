"""Asks back a name that is two letters off: "Did you mean Inlyta (axitinib)?"."""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.buttons import payload
from actions.conversation import Question, questions_of
from actions.offer_likely_questions import NONE_OF_THESE
from actions.replies import utter_text, wording
from actions.sources import current_answers
from actions.turn import TurnAction


class ActionConfirmTreatment(TurnAction):
    def name(self) -> str:
        return "action_confirm_treatment"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        answers = current_answers()
        treatment = tracker.latest_message["reading"]["confirm"]
        asked = next(iter(questions_of(tracker)), Question("ask_overview"))
        intent = asked.intent if asked.intent.startswith(("ask_", "outside_")) else "ask_overview"
        question = replace(asked, intent=intent, treatments=(treatment,))
        name = answers.full_name(treatment)
        yes = {"title": f"Yes, {name}", "payload": payload(intent, question)}
        text = wording(domain, "utter_confirm_treatment", treatment=name)
        utter_text(dispatcher, [text], buttons=[yes, NONE_OF_THESE], kind="clarify")
        return [SlotSet("suggestion", question.as_dict()), SlotSet("misses", 0)]
