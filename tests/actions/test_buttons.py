"""Buttons: what to ask next. A payload is an intent with ids, never a patient's words."""

from __future__ import annotations

import json

import pytest

from actions.answering import _SPECIAL, TOPIC_OF_INTENT
from actions.buttons import MOST, OFFERS, next_questions, offers, payload, treatments_to_pick
from actions.conversation import Question
from knowledge.answers import Answers


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (None, "/ask_schedule"),
        (Question("ask_schedule"), "/ask_schedule"),
        (Question("", ("sunitinib",)), '/ask_schedule{"treatment": ["sunitinib"]}'),
        (
            Question("", ("sunitinib",), ("nausea",), text="my name is Ann"),
            '/ask_schedule{"treatment": ["sunitinib"], "side_effect": ["nausea"]}',
        ),
        (
            Question("", terms=("mTOR",), ways=("pill",)),
            '/ask_schedule{"term": ["mTOR"], "way": ["pill"]}',
        ),
    ],
)
def test_a_payload_is_an_intent_with_ids(question: Question | None, expected: str) -> None:
    assert payload("ask_schedule", question) == expected


def test_what_to_ask_next_is_what_the_document_answers_and_was_not_just_asked(
    answers: Answers,
) -> None:
    for treatment in answers.table.treatment_ids():
        buttons = next_questions(answers, treatment, "ask_side_effects")
        assert len(buttons) <= MOST
        for button in buttons:
            intent, _, values = button["payload"].removeprefix("/").partition("{")
            assert intent != "ask_side_effects"
            assert json.loads("{" + values) == {"treatment": [treatment]}
            assert answers.find(treatment, TOPIC_OF_INTENT[intent])


def test_next_questions_name_the_treatment_as_patients_know_it(answers: Answers) -> None:
    buttons = next_questions(answers, "nivolumab", "ask_side_effects")
    assert [button["title"] for button in buttons] == [
        "How Opdivo is given",
        "How often Opdivo is given",
        "How Opdivo works",
    ]


def test_a_treatment_of_which_little_is_told_has_few_next_questions(answers: Answers) -> None:
    titles = [b["title"] for b in next_questions(answers, "surgery", "ask_overview")]
    assert titles == ["How well surgery works"]


def test_likely_questions_are_offered_with_the_treatment_at_hand(answers: Answers) -> None:
    question = Question("unsure", ("sunitinib",))
    assert offers(answers, ["ask_schedule", "outside_dose"], question) == [
        {
            "title": "How often Sutent is given",
            "payload": '/ask_schedule{"treatment": ["sunitinib"]}',
        }
    ]


def test_no_title_is_offered_twice(answers: Answers) -> None:
    found = offers(answers, ["ask_side_effects", "ask_side_effect_listed"], Question("unsure"))
    assert [button["title"] for button in found] == ["Side effects of a treatment"]


def test_every_question_that_can_be_answered_can_be_offered() -> None:
    assert set(OFFERS) == {*TOPIC_OF_INTENT, *_SPECIAL}


def test_picking_a_treatment_asks_the_waiting_question_of_it(answers: Answers) -> None:
    question = Question("ask_side_effect_listed", side_effects=("nausea",))
    buttons = treatments_to_pick(answers, question, ["surgery", "sunitinib"])
    assert buttons[1] == {
        "title": "Sutent (sunitinib)",
        "payload": '/ask_side_effect_listed{"treatment": ["sunitinib"], "side_effect": ["nausea"]}',
    }
