"""Takes up what a patient only tells, and asks what they would like to know."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.buttons import next_questions
from actions.conversation import Context
from actions.replies import utter_text, wording
from actions.sources import current_answers
from actions.turn import TurnAction


class ActionInviteQuestion(TurnAction):
    def name(self) -> str:
        return "action_invite_question"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        one = Context.of(tracker).treatments[:1]
        buttons = next_questions(current_answers(), one[0], "") if one else []
        utter_text(dispatcher, [wording(domain, "utter_told")], buttons=buttons)
        return []
