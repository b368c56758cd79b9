"""A question read with the answer before it: what it points at without naming it."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk.executor import CollectingDispatcher
from turns import tracker_of, typed

from actions.answer_question import answer_all, answer_one
from actions.conversation import Context, Question


def said(domain: Any, question: Question, context: Context) -> str:
    dispatcher = CollectingDispatcher()
    answer_one(dispatcher, domain, question, context)
    return "\n".join(message["text"] for message in dispatcher.messages)


def test_what_it_is_combined_with_is_remembered_as_the_other_one(domain: Any) -> None:
    events = answer_one(
        CollectingDispatcher(), domain, Question("ask_combination", ("bevacizumab",)), Context()
    )
    recent = [e["value"] for e in events if e["event"] == "slot" and e["name"] == "recent"]
    assert recent == [["bevacizumab", "interferon alpha"]]


def test_the_other_drug_of_the_family_is_the_one_not_answered_about(domain: Any) -> None:
    question = Question("ask_administration", text="and the other drug in that family?")
    text = said(domain, question, Context(("everolimus",), "ask_administration"))
    assert "Torisel (temsirolimus)" in text.splitlines()[0]


def test_of_the_other_drug_alone_the_last_question_is_asked_again(domain: Any) -> None:
    question = Question("ask_group_members", text="and the other drug in that family?")
    text = said(domain, question, Context(("everolimus",), "ask_administration"))
    assert text.startswith("How it is given: Torisel (temsirolimus)")


def test_the_members_of_a_small_group_are_set_side_by_side(domain: Any) -> None:
    question = Question("ask_comparison", ("mTOR inhibitors",), text="compare the two mTOR drugs")
    text = said(domain, question, Context())
    assert "Side by side: Afinitor (everolimus) and Torisel (temsirolimus)" in text


def test_which_ones_after_a_group_are_its_members(domain: Any) -> None:
    question = Question("ask_treatments_by_side_effect", text="Which agents, specifically?")
    text = said(domain, question, Context(("chemotherapy",), "ask_effectiveness"))
    assert "vinblastine" in text
    assert "Which treatment do you mean" not in text


def test_the_kinds_of_it_are_those_of_the_group_answered_about(domain: Any) -> None:
    question = Question("ask_treatment_options", refers_back=True, text="what kinds exist of it")
    text = said(domain, question, Context(("targeted therapy",), "ask_overview"))
    assert "mTOR inhibitors" in text
    assert "Surgery" not in text


@pytest.mark.parametrize("intent", ["ask_group_members", "ask_overview"])
def test_whether_it_is_one_of_a_group_is_answered_once_with_a_no(domain: Any, intent: str) -> None:
    question = Question(intent, ("bevacizumab", "chemotherapy"), yes_or_no=True)
    text = said(domain, question, Context())
    assert "No: Avastin (bevacizumab) is not listed under chemotherapy" in text
    assert "vinblastine" not in text


def test_a_missing_treatment_is_asked_for_once(domain: Any) -> None:
    message = typed(
        "how is it given and how often",
        {"intent": "ask_administration"},
        {"intent": "ask_schedule"},
    )
    dispatcher = CollectingDispatcher()
    answer_all(dispatcher, tracker_of(message), domain)
    assert len(dispatcher.messages) == 1


@pytest.mark.parametrize(("urgent", "times"), [("", 1), ("report_emergency", 0)])
def test_when_to_call_is_told_once(domain: Any, urgent: str, times: int) -> None:
    part = {
        "intent": "ask_side_effect_listed", "treatments": ["nivolumab"],
        "side_effects": ["chest_pain"],
    }  # fmt: skip
    dispatcher = CollectingDispatcher()
    answer_all(dispatcher, tracker_of(typed("chest pain?", part, urgent=urgent)), domain)
    assert dispatcher.messages[0]["text"].count("If this is happening now") == times


def test_a_drug_looked_for_by_its_side_effect_is_not_the_one_answered_about(domain: Any) -> None:
    question = Question("ask_side_effect_listed", (), ("fainting",), text="fainting drug")
    text = said(domain, question, Context(("pazopanib",), "ask_side_effects"))
    assert "Avastin (bevacizumab): Fainting" in text
    question = Question("ask_side_effect_listed", (), ("fainting",), text="and fainting?")
    assert "Votrient" in said(domain, question, Context(("pazopanib",), "ask_side_effects"))


def test_which_one_is_better_is_not_for_the_document_to_say(domain: Any) -> None:
    question = Question(
        "ask_comparison", ("sunitinib", "axitinib"), text="is Sutent better than Inlyta"
    )
    assert "does not say which one is better" in said(domain, question, Context())


@pytest.mark.parametrize(
    ("treatments", "answer"),
    [(("sunitinib", "bevacizumab"), "No, different groups:"),
     (("everolimus", "temsirolimus"), "Yes, the same group:")],
)  # fmt: skip
def test_whether_two_are_of_one_family(
    domain: Any, treatments: tuple[str, str], answer: str
) -> None:
    question = Question("ask_names", treatments, text="is it the same family, true?")
    assert answer in said(domain, question, Context())
