"""Answers what the document may say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answering import answer, groups_of_terms, named_treatments, needs_treatment
from actions.buttons import next_questions, treatments_to_pick
from actions.conversation import (
    Context,
    Question,
    carried,
    now_recent,
    questions_of,
    remember,
)
from actions.not_covered import (
    NO_TREATMENT,
    RED_FLAGS,
    perhaps_not_covered,
    say_not_covered,
)
from actions.replies import utter_answer, utter_text, wording
from actions.sources import current_answers
from actions.turn import TurnAction, taken_up
from knowledge.answer import Answer
from knowledge.answers import Answers

WHICH_ONES = re.compile(
    r"\bwhich (?:ones?|of|treatments?|drugs?|medicines?|pills?)\b", re.IGNORECASE
)
# "And the other drug in that family?"
OTHER_OF_ITS_GROUP = re.compile(
    r"\bothers?\b.{0,20}\b(?:in|of|from) (?:its|the|that|this|the same|their) "
    r"(?:group|family|class|kind)\b",
    re.IGNORECASE,
)
ANY_TREATMENT = re.compile(
    r"\b(?:drugs?|medicines?|meds?|medications?|treatments?|pills?|which|what)\b", re.IGNORECASE
)
# Questions that may describe what they are about instead of naming it.
DESCRIBED = frozenset(
    {
        "ask_how_it_works", "ask_definition", "ask_overview", "ask_when_used", "ask_effectiveness",
        "ask_treatments_by_side_effect", "ask_names",
    }
)


class ActionAnswerQuestion(TurnAction):
    def name(self) -> str:
        return "action_answer_question"

    def respond(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        return answer_all(dispatcher, tracker, domain)


def answer_all(
    dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
) -> list[EventType]:
    """Answers each question of the message, or the earlier one that it replies to."""
    context = Context.of(tracker)
    asked = questions_of(tracker)
    again = taken_up(asked[0], context)
    is_warned = bool((tracker.latest_message.get("reading") or {}).get("urgent"))
    events: list[EventType] = []
    for question in [again] if again else asked:
        if any(e["event"] == "slot" and e["name"] == "pending" and e["value"] for e in events):
            break  # a treatment has been asked for: once is enough
        events = answer_one(dispatcher, domain, question, context, is_warned=is_warned)
        context = _after(context, events)
    return events


def answer_one(
    dispatcher: CollectingDispatcher, domain: DomainDict, question: Question, context: Context,
    *, is_warned: bool = False,
) -> list[EventType]:  # fmt: skip
    """Answers one question of a message, or asks for the treatment that it lacks.

    `is_warned` tells that the reply starts with what to do in an emergency: once is enough.
    """
    if question.intent.startswith("outside_"):
        return say_not_covered(dispatcher, domain, question, context)
    answers = current_answers()
    if _is_about_all(question, context):
        found = [answers.how_well_each_works()]
    else:
        question = _in_context(answers, question, context)
        found = answer(answers, question) or _by_description(answers, question)
    if not found and question.intent == "ask_definition" and not question.refers_back:
        found = [answers.unexplained()]
    if not found:
        return _ask_back(dispatcher, domain, answers, question)
    found = [*found[:-1], _with_doubt(domain, answers, found[-1], question)]
    for number, one in enumerate(found):
        buttons = _buttons(answers, one, question) if number + 1 == len(found) else []
        shown = one if is_warned else _with_red_flag(domain, one, question)
        utter_answer(dispatcher, shown, buttons)
    about = tuple(dict.fromkeys(t for one in found for t in one.about))
    treatments = tuple(t for t in about if answers.table.treatment(t).kind != "condition")
    treatments = treatments or question.treatments or groups_of_terms(answers, question.terms)
    events = remember(question, treatments or context.treatments)
    if question.intent == "ask_combination" and len(treatments) == 1:
        partners = answers.used_with(treatments[0])
        events.append(SlotSet("recent", now_recent(context, (*treatments, *partners))))
    return events


def _is_about_all(question: Question, context: Context) -> bool:
    """ "Which of them do not work very well?": what is said of each, so that no verdict is ours."""
    if question.intent != "ask_effectiveness" or question.treatments or question.terms:
        return False
    is_first = not (question.refers_back or context.treatments)
    return is_first or bool(WHICH_ONES.search(question.text))


def _by_description(answers: Answers, question: Question) -> list[Answer]:
    """ "What is that treatment that starves the tumor?": found by its description, not its name."""
    if question.intent not in DESCRIBED or not question.text:
        return []
    found = answers.by_description(question.text)
    return [found] if found else []


def _in_context(answers: Answers, question: Question, context: Context) -> Question:
    """Fills in from the turn before what the question refers to without naming it."""
    if OTHER_OF_ITS_GROUP.search(question.text) and not question.treatments:
        question = replace(question, treatments=_others_of_its_group(answers, context))
        is_vague = question.intent in ("ask_group_members", "ask_overview")
        if is_vague and context.question:  # what was asked of the first
            question = replace(question, intent=context.question)
    if question.intent == "ask_comparison":
        return replace(question, treatments=_to_compare(answers, question, context))
    named = named_treatments(answers, question)
    if _is_asked_what_it_belongs_to(answers, question, context):
        return replace(question, treatments=context.treatments)
    about_effects = context.question in ("ask_side_effect_listed", "ask_side_effects")
    if question.more and about_effects and not (named or question.side_effects or question.terms):
        return replace(question, intent="ask_side_effects", treatments=context.treatments)
    if named:
        return replace(question, treatments=question.treatments or named)
    if question.intent in ("ask_definition", "ask_overview", "ask_names") and question.terms:
        return question
    if _looks_for_a_treatment(question):
        return replace(question, intent="ask_treatments_by_side_effect")
    if needs_treatment(question) or question.intent in ("ask_definition", "ask_doctor_questions"):
        about_it = question.intent in ("ask_overview", "ask_names")
        wants_condition = about_it and question.about_condition
        question = question if wants_condition else carried(question, context)
    return _with_what_it_lacks(answers, question, context)


def _with_what_it_lacks(answers: Answers, question: Question, context: Context) -> Question:
    """Another question where it names no side effect, or no treatment, and so means that one."""
    is_of_it = question.refers_back and not question.treatments
    if question.intent == "ask_treatment_options" and is_of_it:  # "what kinds exist of it"
        if _is_group(answers, context.treatments):
            return replace(question, intent="ask_group_members", treatments=context.treatments)
        return question
    lacks_effect = question.intent == "ask_treatments_by_side_effect" and not question.side_effects
    # "is it one that messes with my nerves"
    if lacks_effect and question.refers_back and context.treatments:
        return replace(question, intent="ask_side_effect_listed", treatments=context.treatments)
    if lacks_effect and _is_group(answers, context.treatments) and not question.treatments:
        return replace(question, intent="ask_group_members", treatments=context.treatments)
    lacks_treatment = question.intent == "ask_side_effect_listed" and not question.treatments
    if lacks_treatment and question.side_effects:
        return replace(question, intent="ask_treatments_by_side_effect")
    return question


def _to_compare(answers: Answers, question: Question, context: Context) -> tuple[str, ...]:
    """What is set side by side: a group's members, or one beside those of the answer before."""
    named = question.treatments
    if _is_group(answers, named):
        return tuple(answers.table.members(named[0]))
    if len(named) == 1:
        return (*[t for t in context.treatments if t not in named][:2], *named)
    if not named and question.refers_back:
        return context.treatments if len(context.treatments) > 1 else context.recent[-2:]
    return named


def _others_of_its_group(answers: Answers, context: Context) -> tuple[str, ...]:
    """The other medicines of the group of the one answered about last."""
    table = answers.table
    groups = [g for t in context.treatments[:1] for g in table.groups(t)[:1]]
    members = (m for group in groups for m in table.members(group))
    return tuple(m for m in members if m not in context.treatments)


def _looks_for_a_treatment(question: Question) -> bool:
    """ "fainting drug", as one types it into a search box: which one lists it."""
    is_of_effect = question.intent == "ask_side_effect_listed" and bool(question.side_effects)
    is_of_none = not (question.refers_back or question.yes_or_no or question.place)
    return is_of_effect and is_of_none and bool(ANY_TREATMENT.search(question.text))


def _is_group(answers: Answers, treatments: Sequence[str]) -> bool:
    """Of one group: "which agents, specifically?" after an answer on it asks for its members."""
    return len(treatments) == 1 and bool(answers.table.members(treatments[0]))


def _is_asked_what_it_belongs_to(answers: Answers, question: Question, context: Context) -> bool:
    """ "Is that a chemo?", of the drug before: the group named is what it may belong to."""
    is_member = question.intent == "ask_group_members" and question.yes_or_no
    groups = [answers.table.treatment(t).kind for t in question.treatments]
    of_one = len(context.treatments) == 1 and question.refers_back
    return is_member and of_one and bool(groups) and "drug" not in groups


def _ask_back(
    dispatcher: CollectingDispatcher, domain: DomainDict, answers: Answers, question: Question
) -> list[EventType]:
    if question.intent == "ask_comparison":
        utter_text(dispatcher, [wording(domain, "utter_which_to_compare")], kind="clarify")
        return [SlotSet("pending", question.as_dict()), SlotSet("misses", 0)]
    table = answers.table
    therapies = [t for t in table.treatment_ids() if table.treatment(t).kind == "therapy"]
    buttons = treatments_to_pick(answers, question, therapies)
    lines = [wording(domain, "utter_which_treatment")]
    utter_text(dispatcher, lines, buttons=buttons, kind="clarify")
    return [SlotSet("pending", question.as_dict()), SlotSet("misses", 0)]


def _buttons(answers: Answers, shown: Answer, question: Question) -> list[dict[str, str]]:
    one = [t for t in shown.about if answers.table.treatment(t).kind != "condition"]
    return next_questions(answers, one[0], question.intent) if len(one) == 1 else []


def _with_doubt(domain: DomainDict, answers: Answers, shown: Answer, question: Question) -> Answer:
    """With what the document does not say, where the question may have been that."""
    one = shown.about[0] if shown.about else ""
    if not question.doubt:
        return shown
    is_treatment = bool(one) and answers.table.treatment(one).kind != "condition"
    name = answers.full_name(one) if is_treatment else NO_TREATMENT
    note = perhaps_not_covered(domain, name, question.doubt)
    return replace(shown, notes=(*shown.notes, note))


def _with_red_flag(domain: DomainDict, shown: Answer, question: Question) -> Answer:
    if RED_FLAGS.isdisjoint(question.side_effects):
        return shown
    return replace(shown, notes=(*shown.notes, wording(domain, "utter_when_to_call")))


def _after(context: Context, events: list[EventType]) -> Context:
    """The context for the next question of the same message."""
    values: dict[str, Any] = {e["name"]: e["value"] for e in events if e["event"] == "slot"}
    return replace(context, treatments=tuple(values.get("treatments") or context.treatments))
