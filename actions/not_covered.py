"""Says by name what the document does not say, whom to ask, and what near to it is said."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answering import TOPIC_OF_INTENT, named_treatments
from actions.buttons import next_questions
from actions.conversation import Context, Question, carried, settled
from actions.replies import utter_text, wording
from actions.sources import current_answers
from knowledge.answer import Section
from knowledge.answers import Answers
from knowledge.citation import cite

RESPONSES = {
    "outside_dose": "utter_outside_dose",
    "outside_how_to_take": "utter_outside_how_to_take",
    "outside_missed_dose": "utter_outside_missed_dose",
    "outside_stopping": "utter_outside_stopping",
    "outside_interaction": "utter_outside_interaction",
    "outside_food_alcohol": "utter_outside_food_alcohol",
    "outside_pregnancy_sex": "utter_outside_pregnancy_sex",
    "outside_storage": "utter_outside_storage",
    "outside_appearance": "utter_outside_appearance",
    "outside_product": "utter_outside_product",
    "outside_cost": "utter_outside_cost",
    "outside_survival": "utter_outside_survival",
    "outside_symptoms_causes": "utter_outside_symptoms_causes",
    "outside_tests": "utter_outside_tests",
    "outside_time_to_effect": "utter_outside_time_to_effect",
    "outside_daily_life": "utter_outside_daily_life",
    "outside_vaccines": "utter_outside_vaccines",
    "outside_complementary": "utter_outside_complementary",
    "outside_other_disease": "utter_outside_other_disease",
    "outside_other_treatment": "utter_outside_other_treatment",
    "outside_side_effect_detail": "utter_outside_side_effect_detail",
    "outside_surgery_details": "utter_outside_surgery_details",
    "outside_who_can_take": "utter_outside_who_can_take",
    "outside_pharmacology": "utter_outside_pharmacology",
    "outside_off_topic": "utter_outside_off_topic",
    "unsure": "utter_not_found",  # beside an answer only
}
# Side effects that a patient who has them now has to act on at once.
RED_FLAGS = frozenset(
    {
        "chest_pain", "breathing_trouble", "heart_attack", "fainting", "bleeding", "fever",
        "fluid_in_lungs", "kidney_damage", "confusion", "seizures", "stroke",
    }
)  # fmt: skip
# The nearest fact that the document has, told beside "does not say", never in its place.
NEAR_TOPIC = {
    "outside_dose": "schedule",
    "outside_how_to_take": "administration",
    "outside_missed_dose": "schedule",
    "outside_time_to_effect": "effectiveness",
    "outside_survival": "effectiveness",
    "outside_who_can_take": "when_used",
    "outside_interaction": "combination",
}
# About no treatment of the document: what was asked before has nothing to do with it.
ABOUT_SOMETHING_ELSE = frozenset(
    {"outside_other_disease", "outside_other_treatment", "outside_off_topic"}
)
ABOUT_SIDE_EFFECTS = frozenset({"ask_side_effect_listed", "ask_treatments_by_side_effect"})
NO_TREATMENT = "a treatment"


def say_not_covered(
    dispatcher: CollectingDispatcher, domain: DomainDict, question: Question, context: Context
) -> list[EventType]:
    """One message: what is not said, whom to ask, the near fact if there is one, the citation."""
    answers = current_answers()
    elsewhere = question.intent in ABOUT_SOMETHING_ELSE
    question = question if elsewhere else carried(question, context)
    treatments = named_treatments(answers, question)
    name = answers.full_name(treatments[0]) if treatments else NO_TREATMENT
    lines = [wording(domain, RESPONSES[question.intent], treatment=name)]
    if not RED_FLAGS.isdisjoint(question.side_effects):
        lines.append(wording(domain, "utter_when_to_call"))
    near = "" if elsewhere or not treatments else _near_topic(question)
    lines += _near_fact(answers, treatments[0], near, question.side_effects) if near else []
    document = answers.table.document_ids()[0]
    citation = cite(
        answers.table, document, [*treatments[:1], near], today=answers.today(),
        max_age_years=answers.max_age_years,
    )  # fmt: skip
    buttons = []
    if treatments and not elsewhere:
        buttons = next_questions(answers, treatments[0], question.intent)
    utter_text(dispatcher, lines, citation, buttons, kind="not_covered")
    kept = list(treatments) if treatments and not elsewhere else None
    return [
        SlotSet("treatments", kept if kept or elsewhere else list(context.treatments)),
        *settled(),
    ]


def perhaps_not_covered(domain: DomainDict, name: str, intent: str) -> str:
    """One line beside an answer, for a question that may have been one outside the document."""
    said = wording(domain, RESPONSES[intent], treatment=name)
    return f"{wording(domain, 'utter_if_not_meant')} {said[:1].lower()}{said[1:]}"


def _near_topic(question: Question) -> str:
    about_effects = question.intent == "outside_side_effect_detail" or question.yes_or_no
    if question.side_effects and (about_effects or question.near in ABOUT_SIDE_EFFECTS):
        return "side_effects"
    return TOPIC_OF_INTENT.get(question.near) or NEAR_TOPIC.get(question.intent, "")


def _near_fact(
    answers: Answers, treatment: str, topic: str, side_effects: Sequence[str]
) -> list[str]:
    found = answers.find(treatment, topic)
    if not found:
        return []
    if topic == "side_effects" and side_effects:  # "is the rash bad?": at least that it is listed
        shown = answers.side_effect_check(treatment, side_effects)
        lines = [shown.verdict] if shown.verdict else []
        lines += _as_lines(shown.sections)
        return [*lines, shown.absence] if shown.absence else lines
    shown = answers.on_topic(treatment, topic)
    heading = f"What it does say ({shown.heading[:1].lower()}{shown.heading[1:]}):"
    return [heading, *_as_lines(shown.sections)]


def _as_lines(sections: Sequence[Section]) -> list[str]:
    lines = list[str]()
    for section in sections:
        lines += [section.whose] if section.whose else []
        lines.append(" ".join(section.sentences))
        lines += [f"• {item}" for item in section.items]
    return lines
