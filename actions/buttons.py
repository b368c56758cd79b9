"""Buttons: what to ask next. A payload is an intent with ids, never a patient's words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from actions.conversation import Question
from knowledge.answers import Answers
from knowledge.wording import agree

# Offered after an answer about one treatment, in this order, where the document tells it.
NEXT_TOPICS = (
    ("ask_side_effects", "side_effects", "Side effects of {name}"),
    ("ask_administration", "administration", "How {name} is given"),
    ("ask_schedule", "schedule", "How often {name} is given"),
    ("ask_how_it_works", "how_it_works", "How {name} works"),
    ("ask_effectiveness", "effectiveness", "How well {name} works"),
)
MOST = 3
# How an intent is offered when the bot is unsure; those that are not here are not offered.
OFFERS = {
    "ask_overview": "What {name} is",
    "ask_how_it_works": "How {name} works",
    "ask_side_effects": "Side effects of {name}",
    "ask_side_effect_listed": "Side effects of {name}",
    "ask_administration": "How {name} is given",
    "ask_place": "Where {name} is given",
    "ask_schedule": "How often {name} is given",
    "ask_session_duration": "How long one session of {name} takes",
    "ask_effectiveness": "How well {name} works",
    "ask_when_used": "When {name} is used",
    "ask_combination": "What {name} is used together with",
    "ask_group_members": "Which medicines belong to {name}",
    "ask_names": "Other names for {name}",
    "ask_what_is_removed": "What the operation removes",
    "ask_treatments_by_side_effect": "Which treatments list this side effect",
    "ask_treatments_by_administration": "Treatments by how they are given",
    "ask_comparison": "Compare treatments",
    "ask_treatment_options": "Which treatments there are",
    "ask_choosing_treatment": "How a treatment is chosen",
    "ask_clinical_trials": "Clinical trials",
    "ask_condition": "What this cancer is",
    "ask_definition": "What a word means",
    "ask_sources": "Where my answers come from",
    "ask_doctor_questions": "Questions for my doctor",
}
UNNAMED = "a treatment"


def payload(intent: str, question: Question | None = None) -> str:
    """`/intent{"treatment": [...], ...}`, in the form that Rasa reads."""
    named: dict[str, list[str]] = {}
    if question:
        for key, values in (
            ("treatment", question.treatments),
            ("side_effect", question.side_effects),
            ("term", question.terms),
            ("way", question.ways),
        ):
            if values:
                named[key] = list(values)
    return f"/{intent}{json.dumps(named) if named else ''}"


def next_questions(answers: Answers, treatment: str, asked: str) -> list[dict[str, str]]:
    """Up to three other questions on the treatment that the document answers."""
    name = answers.short_name(treatment)
    question = Question("", (treatment,))
    return [
        {"title": agree(title.format(name=name), name), "payload": payload(intent, question)}
        for intent, topic, title in NEXT_TOPICS
        if intent != asked and answers.find(treatment, topic)
    ][:MOST]


def offers(answers: Answers, intents: Iterable[str], question: Question) -> list[dict[str, str]]:
    """One button for each intent that can be offered, no title twice."""
    name = answers.short_name(question.treatments[0]) if question.treatments else UNNAMED
    found: dict[str, str] = {}
    for intent in intents:
        if intent in OFFERS:
            title = agree(OFFERS[intent].format(name=name), name)
            found.setdefault(title, payload(intent, question))
    return [{"title": title, "payload": value} for title, value in found.items()]


def treatments_to_pick(
    answers: Answers, question: Question, treatments: Sequence[str]
) -> list[dict[str, str]]:
    """One button for each treatment, asking the question of it."""
    return [
        {
            "title": answers.full_name(t),
            "payload": payload(
                question.intent, Question(question.intent, (t,), question.side_effects)
            ),
        }
        for t in treatments
    ]
