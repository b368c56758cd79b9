"""What a message asks, read together with what the conversation was about."""

from __future__ import annotations

import pytest
from turns import tapped, tracker_of, typed

from actions.conversation import (
    LONGEST_BARE_FOLLOW_UP,
    MOST_RECENT,
    SLOTS,
    Context,
    Question,
    candidates_of,
    carried,
    forget,
    now_recent,
    pointed,
    questions_of,
    remember,
    without_backdrop,
)
from knowledge.answers import Answers

ABOUT_SUTENT = Context(("sunitinib",), "ask_side_effects")


# --- what a question points at --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        (Question("ask_side_effects", text="what does that one do to you"), ("interferon alpha",)),
        (Question("ask_side_effects", place="other"), ("interferon alpha",)),
        (Question("ask_names", text="its brand name?"), ("interferon alpha",)),
        (Question("ask_side_effects", text="and its side effects"), ()),
        (Question("ask_names", ("sunitinib",)), ("sunitinib",)),
    ],
)
def test_after_what_it_is_combined_with_that_one_is_the_partner(
    question: Question, meant: tuple[str, ...]
) -> None:
    context = Context(
        ("bevacizumab",), "ask_combination", recent=("bevacizumab", "interferon alpha")
    )
    assert pointed(question, context).treatments == meant


def test_a_search_on_the_condition_is_not_about_the_treatment_before() -> None:
    question = Question("outside_food_alcohol", about_condition=True, words=3)
    assert carried(question, ABOUT_SUTENT).treatments == ()


# --- the questions of a message -------------------------------------------------------------------


def test_each_part_of_a_reading_is_a_question() -> None:
    message = typed(
        "What is Afinitor, and how often?",
        {"intent": "ask_overview", "treatments": ["everolimus"]},
        {"intent": "ask_schedule", "treatments": ["everolimus"], "words": 2},
    )
    asked = questions_of(tracker_of(message))
    assert [(q.intent, q.treatments) for q in asked] == [
        ("ask_overview", ("everolimus",)),
        ("ask_schedule", ("everolimus",)),
    ]


def test_keys_of_another_version_are_passed_over() -> None:
    message = typed("hm", {"intent": "ask_overview", "invented_later": 1})
    assert questions_of(tracker_of(message))[0].intent == "ask_overview"


def test_a_button_asks_what_its_payload_says() -> None:
    message = tapped("ask_schedule", treatment=["sunitinib", "axitinib"], side_effect=["nausea"])
    assert questions_of(tracker_of(message)) == [
        Question("ask_schedule", ("sunitinib", "axitinib"), ("nausea",))
    ]


def test_a_value_that_a_button_names_twice_counts_once() -> None:
    message = tapped("ask_schedule", treatment=["sunitinib"])
    message["entities"] *= 2
    assert questions_of(tracker_of(message))[0].treatments == ("sunitinib",)


def test_a_message_without_anything_is_a_question_about_nothing() -> None:
    assert questions_of(tracker_of({})) == [Question("")]


def test_the_likeliest_intents_come_from_the_reading() -> None:
    message = typed("hm", candidates=["ask_schedule", "ask_place"])
    assert candidates_of(tracker_of(message)) == ["ask_schedule", "ask_place"]
    assert candidates_of(tracker_of({})) == []


# --- what is carried over -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        Question("ask_schedule", refers_back=True, words=30),
        Question("ask_schedule", words=2),
        Question("ask_schedule", words=LONGEST_BARE_FOLLOW_UP),
    ],
)
def test_a_pronoun_or_a_bare_follow_up_carries_the_treatment_over(question: Question) -> None:
    assert carried(question, ABOUT_SUTENT).treatments == ("sunitinib",)


@pytest.mark.parametrize(
    "question",
    [
        Question("ask_schedule", words=LONGEST_BARE_FOLLOW_UP + 1),
        Question("outside_other_treatment", outside_kind="medicine", refers_back=True, words=3),
        Question("ask_schedule", outside_kind="medicine", words=2),
    ],
)
def test_a_long_new_question_and_a_foreign_name_carry_nothing_over(question: Question) -> None:
    assert carried(question, ABOUT_SUTENT).treatments == ()


def test_a_question_that_names_a_treatment_keeps_its_own() -> None:
    question = Question("ask_schedule", ("axitinib",), refers_back=True, words=2)
    assert carried(question, ABOUT_SUTENT).treatments == ("axitinib",)


def test_there_is_nothing_to_carry_over_at_the_start() -> None:
    assert carried(Question("ask_schedule", refers_back=True), Context()).treatments == ()


# --- what is remembered ---------------------------------------------------------------------------


def test_an_answer_is_remembered_and_nothing_waits_any_more() -> None:
    question = Question("ask_side_effect_listed", ("sunitinib",), ("nausea",))
    slots = {e["name"]: e["value"] for e in remember(question, ["sunitinib"])}
    assert slots == {
        "treatments": ["sunitinib"], "question": "ask_side_effect_listed",
        "side_effects": ["nausea"], "pending": None, "suggestion": None, "misses": 0,
    }  # fmt: skip


def test_forgetting_empties_every_slot() -> None:
    events = forget()
    assert {e["name"] for e in events} == set(SLOTS)
    assert all(e["value"] is None for e in events)


def test_the_context_is_read_from_the_slots() -> None:
    tracker = tracker_of({}, treatments=["sunitinib"], question="ask_schedule", misses=1)
    assert Context.of(tracker) == Context(("sunitinib",), "ask_schedule", misses=1)
    assert Context.of(tracker_of({})) == Context()


def test_a_question_in_a_slot_holds_none_of_the_patients_words() -> None:
    question = Question("ask_schedule", ("sunitinib",), text="my name is Ann, how often?")
    kept = question.as_dict()
    assert "Ann" not in str(kept)
    assert Question.from_dict(kept) == Question("ask_schedule", ("sunitinib",))


# --- what only sets the scene ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "left"),
    [
        (["metastatic renal cell carcinoma", "sunitinib"], ("sunitinib",)),
        (["tyrosine kinase inhibitors", "sunitinib"], ("sunitinib",)),
        (["immunotherapy", "nivolumab"], ("nivolumab",)),
        (["immunotherapy", "sunitinib"], ("immunotherapy", "sunitinib")),
        (["metastatic renal cell carcinoma"], ()),
        ([], ()),
    ],
)
def test_the_condition_and_a_group_beside_its_member_are_left_out(
    answers: Answers, named: list[str], left: tuple[str, ...]
) -> None:
    assert without_backdrop(answers.table, named) == left


# --- one of several treatments, by its place ---------------------------------------------------


def place(place: str, *ruled_out: str) -> Question:
    return Question("ask_schedule", place=place, ruled_out=ruled_out)


@pytest.mark.parametrize(
    ("asked", "shown", "recent", "meant"),
    [
        (place("first"), ("sunitinib", "axitinib"), (), ("sunitinib",)),
        (place("second"), ("sunitinib", "axitinib"), (), ("axitinib",)),
        (place("last"), ("sunitinib", "axitinib"), (), ("axitinib",)),
        (place("third"), ("sunitinib", "axitinib"), (), ()),
        (place("all"), ("sunitinib", "axitinib"), (), ("sunitinib", "axitinib")),
        (place("other", "sunitinib"), ("sunitinib", "axitinib"), (), ("axitinib",)),
        (place("other"), ("axitinib",), ("sunitinib", "axitinib"), ("sunitinib",)),
        (place("first"), ("axitinib",), ("sunitinib", "axitinib"), ("sunitinib",)),
        (place("first"), (), (), ()),
    ],
)
def test_a_place_points_at_what_was_shown_together_or_came_up_before(
    asked: Question, shown: tuple[str, ...], recent: tuple[str, ...], meant: tuple[str, ...]
) -> None:
    assert pointed(asked, Context(shown, recent=recent)).treatments == meant


def test_a_named_treatment_is_meant_whatever_place_is_said() -> None:
    asked = Question("ask_schedule", ("nivolumab",), place="first")
    assert pointed(asked, Context(("sunitinib", "axitinib"))).treatments == ("nivolumab",)


def test_treatments_are_kept_in_the_order_in_which_they_came_up_and_few_of_them() -> None:
    context = Context(recent=("sunitinib", "axitinib"))
    assert now_recent(context, ["sunitinib"]) == ["sunitinib", "axitinib"]
    assert now_recent(context, ["nivolumab"]) == ["sunitinib", "axitinib", "nivolumab"]
    assert len(now_recent(context, ["a", "b", "c", "d"])) == MOST_RECENT
