"""Which knowledge call answers which question."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from actions.conversation import Question, without_backdrop
from knowledge.answer import Answer
from knowledge.answers import Answers

TOPIC_OF_INTENT = {
    "ask_overview": "overview",
    "ask_how_it_works": "how_it_works",
    "ask_side_effects": "side_effects",
    "ask_administration": "administration",
    "ask_place": "place",
    "ask_schedule": "schedule",
    "ask_session_duration": "duration",
    "ask_effectiveness": "effectiveness",
    "ask_when_used": "when_used",
    "ask_combination": "combination",
    "ask_group_members": "members",
    "ask_names": "names",
    "ask_what_is_removed": "removes",
}
MOST_BLOCKS = 3  # treatments answered one after the other in one turn
# Words that name a group when a group is what the question needs ("the mTOR family").
GROUP_OF_TERM = {
    "mTOR": "mTOR inhibitors",
    "tyrosine kinases": "tyrosine kinase inhibitors",
    "checkpoints": "checkpoint inhibitors",
    "angiogenesis": "anti-angiogenesis therapy",
    "VEGF": "bevacizumab",
    "external-beam radiation": "radiation therapy",
}


# "Which one is better": the document sets side by side, and judges nothing.
JUDGES = re.compile(
    r"\b(?:better|best|stronger|strongest|safer|safest|milder|worse|worst|superior|more effective|"
    r"works? more)\b",
    re.IGNORECASE,
)
OF_ONE_GROUP = re.compile(
    r"\b(?:family|families|groups?|class|classes|kinds?|types?)\b", re.IGNORECASE
)


def needs_treatment(question: Question) -> bool:
    """Whether the question can only be answered for a treatment."""
    if question.intent == "ask_side_effect_listed":
        return True
    return question.intent in TOPIC_OF_INTENT and question.intent != "ask_what_is_removed"


def named_treatments(answers: Answers, question: Question) -> tuple[str, ...]:
    """The treatments that the question is about; the condition alone is none."""
    named = without_backdrop(answers.table, question.treatments)
    if not named and question.intent not in ("ask_definition", "ask_overview", "ask_names"):
        named = groups_of_terms(answers, question.terms)
    return named


def groups_of_terms(answers: Answers, terms: Sequence[str]) -> tuple[str, ...]:
    """The treatments that words of the glossary stand for."""
    groups = (GROUP_OF_TERM.get(term, "") for term in terms)
    return tuple(group for group in groups if answers.table.has(group))


def answer(answers: Answers, question: Question) -> list[Answer]:
    """The answers to one question; empty where a treatment is missing that it needs."""
    special = _SPECIAL.get(question.intent)
    if special:
        return special(answers, question)
    topic = TOPIC_OF_INTENT[question.intent]
    treatments = named_treatments(answers, question)[:MOST_BLOCKS]
    ways = question.ways if question.yes_or_no and not question.denies else ()
    return [answers.on_topic(treatment, topic, ways) for treatment in treatments]


def _overview(answers: Answers, question: Question) -> list[Answer]:
    if question.terms and not question.treatments:
        defined = [a for term in question.terms if (a := answers.definition(term))]
        if defined:
            return defined[:MOST_BLOCKS]
    treatments = named_treatments(answers, question)
    if belongs := _belongs(answers, question):
        return [belongs]
    if treatments:
        return [answers.overview(t) for t in treatments[:MOST_BLOCKS]]
    return [answers.on_condition("overview")] if question.about_condition else []


def _side_effect_listed(answers: Answers, question: Question) -> list[Answer]:
    treatments = named_treatments(answers, question)[:MOST_BLOCKS]
    return [
        answers.side_effect_check(t, question.side_effects, is_denied=question.denies)
        for t in treatments
    ]


def _members(answers: Answers, question: Question) -> list[Answer]:
    treatments = named_treatments(answers, question)
    if not treatments:
        return [answers.options()] if not question.refers_back else []
    if belongs := _belongs(answers, question):
        return [belongs]
    return [answers.membership(t) for t in treatments[:MOST_BLOCKS]]


def _belongs(answers: Answers, question: Question) -> Answer | None:
    """ "Is Avastin a chemo?": of a treatment and a group, whether it belongs to the group."""
    table = answers.table
    named = [t for t in question.treatments if table.treatment(t).kind != "condition"]
    if len(named) != 2 or not question.yes_or_no:
        return None
    for one, group in (named, named[::-1]):
        if table.members(group) and table.treatment(one).kind == "drug":
            return answers.belongs(one, group, is_denied=question.denies)
    return None


def _removed(answers: Answers, question: Question) -> list[Answer]:
    treatments = named_treatments(answers, question) or tuple(
        dict.fromkeys(p.treatment for p in answers.table.passages_on("removes"))
    )
    return [answers.on_topic(t, "removes") for t in treatments[:1]]


def _by_side_effect(answers: Answers, question: Question) -> list[Answer]:
    if question.side_effects and question.negated:
        return [answers.treatments_without_side_effect(question.side_effects)]
    if question.side_effects:
        return [answers.treatments_by_side_effect(question.side_effects)]
    return [answers.on_topic(t, "side_effects") for t in named_treatments(answers, question)][:1]


def _by_administration(answers: Answers, question: Question) -> list[Answer]:
    if question.place and question.treatments:  # "which of those two is the pill?"
        several = question.treatments[:MOST_BLOCKS]
        return [answers.on_topic(t, "administration", question.ways) for t in several]
    return [answers.treatments_by_administration(question.ways, question.refused_ways)]


def _comparison(answers: Answers, question: Question) -> list[Answer]:
    treatments = question.treatments
    several = len(set(treatments)) > 1
    is_judged = bool(JUDGES.search(question.text))
    return [answers.compare(treatments, question.aspects, is_judged=is_judged)] if several else []


def _definition(answers: Answers, question: Question) -> list[Answer]:
    defined = [a for term in question.terms if (a := answers.definition(term))]
    return defined[:MOST_BLOCKS] or _overview(answers, question)


def _names(answers: Answers, question: Question) -> list[Answer]:
    treatments = named_treatments(answers, question)
    if not treatments and question.about_condition:
        treatments = (answers.table.condition(answers.table.document_ids()[0]),)
    if not treatments:  # "what does IV stand for"
        return _overview(answers, question) if question.terms else []
    if len(treatments) > 1 and OF_ONE_GROUP.search(question.text):
        return [answers.same_group_or_not(treatments[:MOST_BLOCKS])]
    if len(treatments) > 1:
        return [answers.same_or_not(treatments[:MOST_BLOCKS])]
    return [answers.names(t) for t in treatments]


def _options(answers: Answers, question: Question) -> list[Answer]:
    treatments = named_treatments(answers, question)
    return [answers.membership(treatments[0])] if treatments else [answers.options()]


def _doctor_questions(answers: Answers, question: Question) -> list[Answer]:
    return [answers.doctor_questions(next(iter(named_treatments(answers, question)), None))]


_SPECIAL: dict[str, Callable[[Answers, Question], list[Answer]]] = {
    "ask_overview": _overview,
    "ask_side_effect_listed": _side_effect_listed,
    "ask_group_members": _members,
    "ask_names": _names,
    "ask_what_is_removed": _removed,
    "ask_treatments_by_side_effect": _by_side_effect,
    "ask_treatments_by_administration": _by_administration,
    "ask_comparison": _comparison,
    "ask_definition": _definition,
    "ask_treatment_options": _options,
    "ask_choosing_treatment": lambda answers, _: [answers.on_condition("choosing")],
    "ask_clinical_trials": lambda answers, _: [answers.on_condition("trials")],
    "ask_condition": lambda answers, _: [answers.on_condition("overview")],
    "ask_sources": lambda answers, _: [answers.sources()],
    "ask_doctor_questions": _doctor_questions,
}
