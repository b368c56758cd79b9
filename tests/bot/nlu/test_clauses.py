"""A message is split into the questions that it holds."""

from __future__ import annotations

import pytest

from bot.nlu.clauses import MOST, asks, clauses, told


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("How often is Torisel given?", ["How often is Torisel given?"]),
        (
            "What are the side effects of Sutent, and how often is it taken?",
            ["What are the side effects of Sutent", "how often is it taken?"],
        ),
        (
            "How does Opdivo work? What are its side effects?",
            ["How does Opdivo work?", "What are its side effects?"],
        ),
        ("what is sutent\nhow is it given", ["what is sutent", "how is it given"]),
        (
            "My husband starts Votrient on Monday. What should we expect?",
            ["What should we expect?"],
        ),
        (
            "What is Afinitor, how often is it taken?",
            ["What is Afinitor", "how often is it taken?"],
        ),
        ("does it work + which side effects", ["does it work", "which side effects"]),
        ("1) what is it 2) how is it given", ["what is it", "how is it given"]),
        ("Sutent: side effects, and how often", ["Sutent: side effects", "how often"]),
        ("My dad got Sutent, and how often is it", ["how often is it"]),
        ("He had a stroke in 2009 and would like to know is it a pill", ["is it a pill"]),
        ("All fine. I forgot to ask how Votrient works.", ["how Votrient works."]),
        (
            "If they put me on Avastin how often do I go, and how long do I sit there?",
            ["If they put me on Avastin how often do I go", "how long do I sit there?"],
        ),
    ],
)
def test_each_question_of_a_message_is_a_clause(message: str, expected: list[str]) -> None:
    assert clauses(message) == expected


@pytest.mark.parametrize(
    "message",
    ["Sutent", "I got given Lenvima", "thanks so much", "", "   ", "?", "Torisel please"],
)
def test_a_message_that_asks_nothing_has_no_clause(message: str) -> None:
    assert clauses(message) == []


@pytest.mark.parametrize(
    "message",
    [
        "What are the side effects of Sutent and Avastin?",
        "Is it a pill, which would be easier?",
        "Does it cause nausea and vomiting?",
    ],
)
def test_a_joint_inside_one_question_does_not_split_it(message: str) -> None:
    assert clauses(message) == [message]


def test_more_questions_than_can_be_answered_in_a_turn_are_left_out() -> None:
    message = "What is it? How does it work? How is it given? How often is it? Where is it given?"
    assert clauses(message) == ["What is it?", "How does it work?", "How is it given?"]
    assert len(clauses(message)) == MOST


@pytest.mark.parametrize(
    "text",
    [
        "how often", "Sutent?", "ok so what is it", "tell me about Opdivo",
        "I was wondering about Torisel", "just want the side effects", "and is it a pill",
    ],
)  # fmt: skip
def test_a_question_is_known_by_its_form(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", ["it is to be treated", "my mom has Sutent", "Oh sorry, Votrient"])
def test_a_statement_is_no_question(text: str) -> None:
    assert not asks(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "I am tired of being a burden. Does IL-2 make you tired?",
            ["I am tired of being a burden."],
        ),
        ("My dad died of a stroke. He was 60. What is Inlyta?",
         ["My dad died of a stroke.", "He was 60."]),
        ("What is Inlyta?", []),
        ("I took my pill. I feel fine.", []),
        ("Thanks! How often is Avastin given?", []),
    ],
)  # fmt: skip
def test_what_is_told_around_a_question_is_found(text: str, expected: list[str]) -> None:
    assert told(text) == expected
