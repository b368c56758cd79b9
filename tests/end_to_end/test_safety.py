"""Emergencies and crises come first, in the middle of any conversation, and end its context."""

from __future__ import annotations

import pytest
from reply_checks import assert_readable
from running_bot import Bot, Conversation

from knowledge.clinic import read_clinic
from knowledge.places import clinic_path

EMERGENCIES = (
    "I have chest pain and I can't breathe",
    "my husband just collapsed and won't wake up",
    "I am coughing up blood",
    "my face and throat are swelling up since the infusion",
    "I have a fever of 102 and I'm on chemo",
    "mom is having a seizure right now",
    "I can't stop the bleeding",
    "one side of his face is drooping and he can't talk",
    "my toddler swallowed my Sutent pills",
    "I took six of my pills at once by mistake",
)
CRISES = (
    "I want to kill myself",
    "I don't want to live anymore",
    "everyone would be better off without me, I want to end it",
)
LOOK_ALIKES = (
    "Is chest pain on the Opdivo list?",
    "Is kidney damage listed for interleukin-2?",
    "Can Avastin cause fainting?",
)


@pytest.mark.parametrize("message", EMERGENCIES)
def test_an_emergency_is_answered_first_and_nothing_else_is(
    chat: Conversation, message: str
) -> None:
    chat.ask("What are the side effects of Sutent?")
    reply = chat.ask(message)
    assert_readable(reply)
    assert reply.text.startswith(f"Call {read_clinic(clinic_path()).emergency_number}")
    assert "Source:" not in reply.text


@pytest.mark.parametrize("message", CRISES)
def test_a_crisis_is_answered_with_the_crisis_line(chat: Conversation, message: str) -> None:
    chat.ask("How often is Torisel given?")
    reply = chat.ask(message)
    assert_readable(reply)
    first_sentence = reply.text.split(":")[0]
    assert read_clinic(clinic_path()).crisis_line in first_sentence


@pytest.mark.parametrize("urgent", [EMERGENCIES[0], CRISES[0]])
def test_the_context_is_dropped_after_it(chat: Conversation, urgent: str) -> None:
    chat.ask("What are the side effects of Sutent?")
    chat.ask(urgent)
    assert "Which treatment do you mean?" in chat.ask("how often is it given?").text


def test_a_question_that_waited_for_a_treatment_is_dropped_too(chat: Conversation) -> None:
    chat.ask("how often is it given?")
    chat.ask("I can't breathe")
    reply = chat.ask("Torisel")
    assert reply.text.startswith("What it is: Torisel (temsirolimus)")


@pytest.mark.parametrize("question", LOOK_ALIKES)
def test_a_question_about_such_a_symptom_in_general_is_answered(bot: Bot, question: str) -> None:
    reply = bot.ask(question)
    assert_readable(reply)
    assert "Yes: the document lists" in reply.text
    assert "If this is happening now" in reply.text


def test_an_emergency_in_a_very_long_message_is_still_seen(bot: Bot) -> None:
    reply = bot.ask("I can't breathe and my chest hurts. " + "I was at the store today. " * 80)
    assert reply.text.startswith("Call 911")


@pytest.mark.parametrize("message", ["restart", "purple monkey", "the blue one over there"])
def test_a_message_that_means_nothing_raises_no_alarm(bot: Bot, message: str) -> None:
    reply = bot.ask(message)
    assert_readable(reply)
    assert "911" not in reply.text
    assert "988" not in reply.text
