"""Says in the patient's own language, for the commonest five, that only English is understood."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.replies import utter_text, wording
from actions.turn import TurnAction

RESPONSES = {
    "es": "utter_language_spanish",
    "zh": "utter_language_chinese",
    "vi": "utter_language_vietnamese",
    "fil": "utter_language_tagalog",
    "ar": "utter_language_arabic",
}


class ActionSayLanguageUnsupported(TurnAction):
    def name(self) -> str:
        return "action_say_language_unsupported"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        language = (tracker.latest_message.get("reading") or {}).get("language", "")
        lines = [wording(domain, RESPONSES[language])] if language in RESPONSES else []
        utter_text(dispatcher, [*lines, wording(domain, "utter_language_other")])
        return []
