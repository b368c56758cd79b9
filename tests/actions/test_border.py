"""At the border of the document the patient reads both: what it says, and what it does not say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import CollectingDispatcher

from actions.answer_question import answer_one
from actions.conversation import Context, Question
from knowledge.places import ROOT

DOMAIN: dict[str, Any] = yaml.safe_load(Path(ROOT / "domain.yml").read_text(encoding="utf-8"))


def said(question: Question) -> str:
    dispatcher = CollectingDispatcher()
    answer_one(dispatcher, DOMAIN, question, Context())
    assert len(dispatcher.messages) == 1  # the citation is never apart
    text: str = dispatcher.messages[0]["text"]
    assert "September 11, 2017" in text
    return text


def test_a_doubt_is_told_after_the_fact_and_before_the_source() -> None:
    text = said(Question("ask_schedule", ("temsirolimus",), doubt="outside_dose"))
    fact, doubt, source = (
        text.index("once a week"),
        text.index("If you meant something else: the document does not say how much of Torisel"),
        text.index("Source:"),
    )
    assert fact < doubt < source


def test_an_answer_without_doubt_says_nothing_more() -> None:
    assert "something else" not in said(Question("ask_schedule", ("temsirolimus",)))


def test_the_near_fact_is_the_one_that_the_question_may_have_meant() -> None:
    text = said(Question("outside_dose", ("temsirolimus",), near="ask_administration"))
    assert text.index("does not say") < text.index("What it does say (how it is given")


@pytest.mark.parametrize(
    "question",
    [
        Question("outside_side_effect_detail", ("temsirolimus",), ("rash",)),
        Question("outside_daily_life", ("temsirolimus",), ("rash",), yes_or_no=True),
        Question("outside_daily_life", ("temsirolimus",), ("rash",), near="ask_side_effect_listed"),
    ],
)
def test_how_bad_a_side_effect_is_is_not_said_but_that_it_is_listed(question: Question) -> None:
    text = said(question)
    assert text.index("does not say") < text.index("Yes: the document lists rash")
    assert "mTOR inhibitors as a group" in text
    assert "Mouth sores" not in text


def test_a_side_effect_that_is_not_listed_is_not_said_to_be() -> None:
    text = said(Question("outside_side_effect_detail", ("temsirolimus",), ("hair_loss",)))
    assert "does not list hair loss" in text
    assert "Yes" not in text


def test_which_of_all_hardly_work_is_answered_with_what_is_said_of_each() -> None:
    text = said(Question("ask_effectiveness", negated=True))
    assert "Radiation does not work very well on kidney cancer." in text
    assert "Interferon alpha" in text


@pytest.mark.parametrize(
    ("text", "refers_back", "of_all"),
    [
        ("which of them do not work very well", True, True),
        ("which ones hardly work", True, True),
        ("and how effective?", False, False),
        ("does it work", True, False),
    ],
)
def test_which_of_them_is_about_all_though_one_was_talked_of(
    text: str, refers_back: bool, of_all: bool
) -> None:
    dispatcher = CollectingDispatcher()
    question = Question("ask_effectiveness", refers_back=refers_back, text=text, words=3)
    answer_one(dispatcher, DOMAIN, question, Context(("nivolumab",), "ask_side_effects"))
    said = dispatcher.messages[0]["text"]
    assert ("Radiation does not work very well" in said) is of_all
    assert ("How well it works: Opdivo" in said) is not of_all


def test_a_doubt_of_no_kind_says_that_it_may_not_be_in_the_document() -> None:
    text = said(Question("ask_overview", ("vinblastine",), doubt="unsure"))
    assert "If you meant something else: the document does not say it, or not in words" in text


def test_a_doubt_beside_the_condition_names_no_treatment() -> None:
    text = said(Question("ask_condition", about_condition=True, doubt="outside_symptoms_causes"))
    assert "If you meant something else: the document does not say anything about the signs" in text
