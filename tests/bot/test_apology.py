"""What is said when a turn fails, or a message is too long; an emergency in it is still seen."""

from __future__ import annotations

import pytest

from bot.safety.apology import apology, too_long
from knowledge.clinic import Clinic

CLINIC = Clinic(name="Hill Clinic", phone="555-0100", emergency_number="112", crisis_line="116 123")


def test_an_apology_says_whom_to_ask() -> None:
    text = apology("How often is Torisel given?", CLINIC)
    assert text.startswith("I am sorry")
    assert "Hill Clinic" in text
    assert "112" in text


def test_an_emergency_gets_the_number_first_even_when_the_turn_failed() -> None:
    assert apology("I have chest pain and I can't breathe", CLINIC).startswith("Call 112 now")


def test_a_crisis_gets_the_crisis_line_first_even_when_the_turn_failed() -> None:
    assert "116 123" in apology("I want to kill myself", CLINIC).split(",")[0]


@pytest.mark.parametrize("words", ["", "\n", "?", "😀"])
def test_an_apology_has_one_paragraph_of_words_whatever_was_said(words: str) -> None:
    text = apology(words, CLINIC)
    assert text.strip()
    assert "\n" not in text


def test_a_message_that_is_too_long_is_told_the_limit() -> None:
    assert "1000 characters" in too_long("side effects " * 200, 1000, CLINIC)


@pytest.mark.parametrize(
    "message",
    [
        "I can't breathe. " + "I went to the store. " * 100,
        "I went to the store. " * 100 + "I can't breathe.",
    ],
)
def test_an_emergency_at_either_end_of_a_long_message_is_seen(message: str) -> None:
    assert too_long(message, 1000, CLINIC).startswith("Call 112 now")
