"""What all actions of a turn share: a reply that was waited for, and urgent words first."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import replace

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answering import TOPIC_OF_INTENT, needs_treatment
from actions.conversation import Context, Question, drop_unknown, now_recent, questions_of
from actions.replies import wording
from actions.sources import current_answers
from knowledge.errors import KnowledgeError

# From this confidence on a message is a question of its own, though another reply was waited for.
CLEAR_QUESTION = 0.6
# "What should I do?" right after an emergency is about the emergency.
STILL_IN_DANGER = frozenset(
    {
        "seek_advice_decision", "seek_advice_symptom", "unsure", "correct_reading", "acknowledge",
        "outside_off_topic", "outside_missed_dose", "outside_side_effect_detail",
    }
)  # fmt: skip
URGENT_WORDS = {
    "report_emergency": "utter_urgent",
    "report_crisis": "utter_urgent_crisis",
}
VAGUE_INTENTS = frozenset({"ask_overview", "ask_names", "ask_group_members"})


class TurnAction(Action, ABC):
    """An action that answers a patient's message."""

    @abstractmethod
    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Utters the reply and returns the events."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        with suppress(KnowledgeError):  # without a table urgent words are said all the same
            drop_unknown(tracker, current_answers().table)
        events = self.respond(dispatcher, tracker, domain)
        events += _mentioned(tracker, events)
        events += _recent(tracker, events)
        reading = tracker.latest_message.get("reading") or {}
        alarm = tracker.get_slot("alarm")
        intent = (tracker.latest_message.get("intent") or {}).get("name") or ""
        if alarm and dispatcher.messages:  # told one turn ago
            if intent in STILL_IN_DANGER:
                _put_first(dispatcher, wording(domain, alarm))
            events.append(SlotSet("alarm", None))
        urgent = URGENT_WORDS.get(reading.get("urgent") or "")
        if urgent and dispatcher.messages:
            _put_first(dispatcher, wording(domain, urgent))
        return events


def _put_first(dispatcher: CollectingDispatcher, urgent: str) -> None:
    """Puts urgent words before the reply; apart from it for channels that draw the answer."""
    first = dispatcher.messages[0]
    first["urgent"] = urgent
    first["text"] = f"{urgent}\n{first['text']}"


def _mentioned(tracker: Tracker, events: list[EventType]) -> list[EventType]:
    """Keeps a treatment that was only told ("I got given Lenvima") for the next question."""
    if any(e["event"] == "slot" and e["name"] == "treatments" for e in events):
        return []
    named = [t for question in questions_of(tracker) for t in question.treatments]
    return [SlotSet("treatments", list(dict.fromkeys(named)))] if named else []


def _recent(tracker: Tracker, events: list[EventType]) -> list[EventType]:
    """Keeps which treatments came up, for "the first one" and "the other one"."""
    if any(e["event"] == "slot" and e["name"] == "recent" for e in events):
        return []
    context = Context.of(tracker)
    set_now = (e["value"] for e in events if e["event"] == "slot" and e["name"] == "treatments")
    named = next(set_now, None)
    return [SlotSet("recent", now_recent(context, named))] if named else []


def taken_up(question: Question, context: Context) -> Question | None:
    """The question that a statement naming a treatment replies to or corrects, or None.

    "Oh sorry, Votrient. My husband's on day 4" after "Which treatment do you mean?".
    """
    if not question.treatments or question.outside_kind:
        return None
    last = context.last_question(question.treatments)
    is_repeatable = bool(context.question) and needs_treatment(last) and not context.pending
    if is_repeatable and question.repeats and not question.side_effects:
        is_new = question.intent in TOPIC_OF_INTENT and question.intent not in VAGUE_INTENTS
        return None if is_new and question.confidence >= CLEAR_QUESTION else last
    if question.asks and not question.corrects:
        return None
    is_topic = question.intent in TOPIC_OF_INTENT and question.intent not in VAGUE_INTENTS
    if is_topic and question.confidence >= CLEAR_QUESTION:
        return None
    if context.pending:
        pending = Question.from_dict(context.pending)
        return replace(
            pending, treatments=(*pending.treatments, *question.treatments), outside_kind=""
        )
    return last if question.corrects and context.question else None
