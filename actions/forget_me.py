"""Has all deleted that a patient wrote: at once where it was plainly asked, else asked back once.

Who fears that somebody reads along may be gone before a second question. Nothing medical is lost:
each answer can be asked for again.
"""

from __future__ import annotations

import re

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation import questions_of
from actions.data_requests import FORGET, KEEP, forget_now, is_asked_back
from actions.replies import utter_text, wording
from actions.turn import TurnAction

SURE_AT = 0.6  # probability; what is to be deleted has to be named beside it
# "Erase the tumor", "clean up" and "take it out of me" are near enough to be asked back.
NAMES_WHAT_TO_DELETE = re.compile(
    r"\b(?:forget me|about me|my (?:\w+ )?(?:history|info\w*|details|records?|account|number)|"
    r"dat[ae]|chat\w*|me?ss?ages?|conversation\w*|histor(?:y|ies)|questions?|"
    r"(?:wrote|rote|write|written|typed?|said|say|told|tell|asked|sent|talked))\b",
    re.IGNORECASE,
)


class ActionForgetMe(TurnAction):
    def name(self) -> str:
        return "action_forget_me"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        if _is_plain(tracker) or is_asked_back(tracker):
            return forget_now()
        utter_text(
            dispatcher, [wording(domain, "utter_forget_confirm")], buttons=[FORGET, KEEP],
            kind="clarify",
        )  # fmt: skip
        return [SlotSet("misses", 0)]


def _is_plain(tracker: Tracker) -> bool:
    """A button, or words that can hardly mean anything else and tell of no danger."""
    reading = tracker.latest_message.get("reading")
    if not reading:
        return True
    asked = questions_of(tracker)[0]
    is_sure = asked.intent == "forget_me" and asked.confidence >= SURE_AT
    names_it = NAMES_WHAT_TO_DELETE.search(asked.text)
    return is_sure and bool(names_it) and not asked.treatments and not reading.get("urgent")
