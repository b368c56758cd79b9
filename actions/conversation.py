"""What a message asks, read together with what the conversation was about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from knowledge.lookup import Table

# A fresh question of more words than this names its own subject; a shorter one is a follow-up.
LONGEST_BARE_FOLLOW_UP = 12
SLOTS = (
    "treatments", "recent", "question", "side_effects", "pending", "suggestion", "misses", "alarm",
)  # fmt: skip
THAT_ONE = re.compile(r"\bthat (?:one|drug|other|second)\b", re.IGNORECASE)
PLACES = {"first": 0, "second": 1, "third": 2, "last": -1}
MOST_RECENT = 4  # treatments that "the first one" may mean


@dataclass(frozen=True)
class Question:
    """One question: the intent, and the ids of what it names."""

    intent: str
    treatments: tuple[str, ...] = ()
    side_effects: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    outside_kind: str = ""
    about_condition: bool = False
    refers_back: bool = False
    asks: bool = True
    corrects: bool = False
    repeats: bool = False
    confidence: float = 1.0
    words: int = 0
    negated: bool = False
    yes_or_no: bool = False
    refused_ways: tuple[str, ...] = ()
    aspects: tuple[str, ...] = ()
    place: str = ""
    ruled_out: tuple[str, ...] = ()
    more: bool = False
    denies: bool = False
    near: str = ""  # an answerable intent that it may mean, though it seems to be outside
    doubt: str = ""  # an intent outside the document that it may mean, though it is answered
    text: str = ""  # as the patient wrote it; only for finding a passage by description

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Question:
        known = {f.name for f in fields(cls)}
        values: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k in known
        }
        return cls(**values)

    def as_dict(self) -> dict[str, Any]:
        """For a slot: ids only, none of the patient's words."""
        return asdict(replace(self, text=""))


@dataclass(frozen=True)
class Context:
    """What was answered last, and what waits for a reply."""

    treatments: tuple[str, ...] = ()
    question: str = ""
    side_effects: tuple[str, ...] = ()
    pending: dict[str, Any] | None = None
    suggestion: dict[str, Any] | None = None
    misses: int = 0
    recent: tuple[str, ...] = ()  # treatments in the order in which they came up

    @classmethod
    def of(cls, tracker: Tracker) -> Context:
        return cls(
            tuple(tracker.get_slot("treatments") or ()),
            tracker.get_slot("question") or "",
            tuple(tracker.get_slot("side_effects") or ()),
            tracker.get_slot("pending"),
            tracker.get_slot("suggestion"),
            int(tracker.get_slot("misses") or 0),
            tuple(tracker.get_slot("recent") or ()),
        )

    def last_question(self, treatments: tuple[str, ...]) -> Question:
        """The question answered last, asked of other treatments.

        "Which ones give you diarrhea?", then "the radiation": whether that one does.
        """
        backwards = self.question == "ask_treatments_by_side_effect" and self.side_effects
        intent = "ask_side_effect_listed" if backwards else self.question
        return Question(intent, treatments, self.side_effects)


def questions_of(tracker: Tracker) -> list[Question]:
    """The questions of the latest message; those of a button come from its payload."""
    message = tracker.latest_message
    reading = message.get("reading")
    if reading and reading.get("parts"):
        text, context = message.get("text") or "", Context.of(tracker)
        parts = (Question.from_dict({**part, "text": text}) for part in reading["parts"])
        return [pointed(part, context) for part in parts]
    values: dict[str, list[str]] = {}
    for entity in message.get("entities") or ():
        found = values.setdefault(entity["entity"], [])
        new = entity["value"] if isinstance(entity["value"], list) else [entity["value"]]
        found += [value for value in dict.fromkeys(new) if value not in found]
    return [
        Question(
            (message.get("intent") or {}).get("name") or "",
            tuple(values.get("treatment", ())),
            tuple(values.get("side_effect", ())),
            tuple(values.get("term", ())),
            tuple(values.get("way", ())),
        )
    ]


def drop_unknown(tracker: Tracker, table: Table) -> None:
    """Forgets ids that the table does not hold: a conversation may be older than the table."""
    known = {"treatment": table.has, "side_effect": table.has_side_effect}

    def kept(kind: str, ids: Sequence[str]) -> list[str]:
        return [one for one in ids if known[kind](one)]

    slots = tracker.slots
    for holder in (slots, slots.get("pending"), slots.get("suggestion")):
        for kind, name in (
            ("treatment", "treatments"), ("treatment", "recent"), ("side_effect", "side_effects"),
        ):  # fmt: skip
            if holder and holder.get(name):
                holder[name] = kept(kind, holder[name])
    for entity in tracker.latest_message.get("entities") or ():
        if entity["entity"] in known and isinstance(entity["value"], list):
            entity["value"] = kept(entity["entity"], entity["value"])


def candidates_of(tracker: Tracker) -> list[str]:
    """The intents that the latest message may have meant, the likeliest first."""
    return list((tracker.latest_message.get("reading") or {}).get("candidates") or ())


def without_backdrop(table: Table, treatments: Sequence[str]) -> tuple[str, ...]:
    """Leaves out what only sets the scene: the condition, and groups of a treatment also named."""
    groups = {group for t in treatments for group in table.groups(t)}
    return tuple(
        t for t in treatments if t not in groups and table.treatment(t).kind != "condition"
    )


def pointed(question: Question, context: Context) -> Question:
    """The question with the treatment that it points at by its place: "and the first one?"."""
    if question.treatments or question.outside_kind:
        return question
    if _points_at_partner(question, context):
        return replace(question, treatments=context.recent[-1:])
    if not question.place:
        return question
    before = context.recent[-2:] if question.place == "all" else context.recent
    several = context.treatments if len(context.treatments) > 1 else before
    several = tuple(t for t in several if t not in question.ruled_out)
    if question.place == "other" and not question.ruled_out and len(context.treatments) == 1:
        several = tuple(t for t in several if t not in context.treatments)
    if question.place in PLACES:
        at = PLACES[question.place]
        several = several[at : at + 1] if at >= 0 else several[at:]
    return replace(question, treatments=several)


def _points_at_partner(question: Question, context: Context) -> bool:
    """Whether it is about what the answer before said to go with the treatment.

    "What is Avastin combined with?", then "what does that partner drug do", "its brand name?".
    """
    if context.question != "ask_combination" or context.recent[-1:] == context.treatments:
        return False
    is_pointing = question.place == "other" or bool(THAT_ONE.search(question.text))
    return is_pointing or question.intent == "ask_names"


def now_recent(context: Context, treatments: Sequence[str]) -> list[str]:
    """The treatments that came up, with those of this turn."""
    return list(dict.fromkeys((*context.recent, *treatments)))[-MOST_RECENT:]


def carried(question: Question, context: Context) -> Question:
    """The question with the last answer's treatments, where it names none and refers to them.

    It refers by a pronoun, or by being too short to be about anything else. Nothing is carried
    over past the name of a foreign medicine.
    """
    if question.treatments or question.outside_kind or not context.treatments:
        return question
    if question.about_condition and not question.refers_back:  # "kidney cancer diet"
        return question
    if not (question.refers_back or question.words <= LONGEST_BARE_FOLLOW_UP):
        return question
    return replace(question, treatments=context.treatments)


def remember(question: Question, shown: Sequence[str]) -> list[EventType]:
    """Slot events after an answer; `shown` are the treatments that it named."""
    return [
        SlotSet("treatments", list(shown)),
        SlotSet("question", question.intent),
        SlotSet("side_effects", list(question.side_effects)),
        *settled(),
    ]


def settled() -> list[EventType]:
    """Slot events after any understood turn: nothing waits, nothing is missed."""
    return [SlotSet("pending", None), SlotSet("suggestion", None), SlotSet("misses", 0)]


def forget() -> list[EventType]:
    """Slot events that drop the whole context."""
    return [SlotSet(name, None) for name in SLOTS]
