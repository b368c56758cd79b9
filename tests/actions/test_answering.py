"""Which knowledge call answers which question."""

from __future__ import annotations

import pytest

from actions.answering import (
    _SPECIAL,
    MOST_BLOCKS,
    TOPIC_OF_INTENT,
    answer,
    named_treatments,
    needs_treatment,
)
from actions.conversation import Question
from knowledge.answer import Answer
from knowledge.answers import Answers


def headings(found: list[Answer]) -> list[str]:
    return [one.heading for one in found]


@pytest.mark.parametrize(("intent", "topic"), TOPIC_OF_INTENT.items())
def test_a_topic_of_a_treatment_is_answered_from_the_table(
    answers: Answers, intent: str, topic: str
) -> None:
    found = answer(answers, Question(intent, ("interleukin-2",)))
    assert found == [answers.on_topic("interleukin-2", topic)]


@pytest.mark.parametrize(
    "intent", [i for i in TOPIC_OF_INTENT if i not in ("ask_group_members", "ask_what_is_removed")]
)
def test_without_a_treatment_a_topic_has_no_answer(answers: Answers, intent: str) -> None:
    assert answer(answers, Question(intent)) == []
    assert needs_treatment(Question(intent))


def test_each_of_several_treatments_has_its_answer_up_to_a_limit(answers: Answers) -> None:
    drugs = ("sunitinib", "axitinib", "sorafenib", "pazopanib", "nivolumab")
    found = answer(answers, Question("ask_schedule", drugs))
    assert [one.about for one in found] == [(drug,) for drug in drugs[:MOST_BLOCKS]]


@pytest.mark.parametrize(
    ("term", "treatment"),
    [
        ("mTOR", "mTOR inhibitors"),
        ("VEGF", "bevacizumab"),
        ("checkpoints", "checkpoint inhibitors"),
    ],
)
def test_a_word_stands_for_its_group_where_a_group_is_asked_about(
    answers: Answers, term: str, treatment: str
) -> None:
    assert named_treatments(answers, Question("ask_side_effects", terms=(term,))) == (treatment,)
    assert named_treatments(answers, Question("ask_definition", terms=(term,))) == ()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            Question("ask_side_effect_listed", ("sunitinib",), ("nausea",)),
            "Is it listed? Nausea and Sutent (sunitinib)",
        ),
        (
            Question("ask_treatments_by_side_effect", side_effects=("heartburn",)),
            "Treatments that list heartburn",
        ),
        (
            Question("ask_treatments_by_administration", ways=("weekly",)),
            "Treatments by how they are given: once a week",
        ),
        (
            Question("ask_comparison", ("everolimus", "temsirolimus")),
            "Side by side: Afinitor (everolimus) and Torisel (temsirolimus)",
        ),
        (Question("ask_definition", terms=("cytokines",)), "What “cytokines” means"),
        (Question("ask_names", terms=("IV",)), "What “IV” means"),
        (Question("ask_treatment_options"), "Treatments for metastatic renal cell carcinoma"),
        (Question("ask_group_members"), "Treatments for metastatic renal cell carcinoma"),
        (
            Question("ask_treatment_options", ("immunotherapy",)),
            "What belongs to it: immunotherapy",
        ),
        (Question("ask_choosing_treatment"), "Choosing a treatment"),
        (Question("ask_clinical_trials"), "Clinical trials"),
        (Question("ask_condition"), "What metastatic renal cell carcinoma is"),
        (
            Question("ask_overview", about_condition=True),
            "What metastatic renal cell carcinoma is",
        ),
        (Question("ask_sources"), "Where these answers come from"),
        (Question("ask_doctor_questions"), "Questions to take to your doctor: each treatment"),
        (
            Question("ask_doctor_questions", ("sunitinib",)),
            "Questions to take to your doctor: Sutent (sunitinib)",
        ),
        (Question("ask_what_is_removed"), "What the operation removes: radical nephrectomy"),
    ],
)
def test_every_other_question_has_its_own_call(
    answers: Answers, question: Question, expected: str
) -> None:
    assert headings(answer(answers, question)) == [expected]


@pytest.mark.parametrize("treatments", [(), ("sunitinib",), ("sunitinib", "sunitinib")])
def test_a_comparison_needs_two_treatments(answers: Answers, treatments: tuple[str, ...]) -> None:
    assert answer(answers, Question("ask_comparison", treatments)) == []


def test_every_answer_is_cited(answers: Answers) -> None:
    for intent in {*TOPIC_OF_INTENT, *_SPECIAL}:
        for found in answer(answers, Question(intent, ("bevacizumab", "sunitinib"), ("nausea",))):
            assert found.citation.publisher == "WebMD"
            assert found.has_facts or found.absence or found.verdict
