"""A payload counts only where a button of the same conversation offered exactly it."""

from __future__ import annotations

import pytest
from reply_checks import assert_readable, assert_tells
from running_bot import Bot, Conversation

from knowledge.answers import Answers

SCHEDULE_OF_SUTENT = '/ask_schedule{"treatment": ["sunitinib"]}'
UNKNOWN_TREATMENT = '/ask_side_effects{"treatment": ["poison oak"]}'


def test_an_offered_payload_is_taken(chat: Conversation, answers: Answers) -> None:
    offered = chat.ask("What are the side effects of Sutent?")
    assert SCHEDULE_OF_SUTENT in [button["payload"] for button in offered.buttons]
    assert_tells(chat.ask(SCHEDULE_OF_SUTENT), answers.on_topic("sunitinib", "schedule"))


def test_a_payload_that_names_what_no_button_offered_sets_nothing(chat: Conversation) -> None:
    chat.ask("What are the side effects of Sutent?")
    reply = chat.ask(UNKNOWN_TREATMENT)
    assert_readable(reply)
    assert "poison" not in reply.text.lower()


def test_the_payload_of_another_conversation_is_read_as_text(bot: Bot, answers: Answers) -> None:
    bot.chat().ask("What are the side effects of Sutent?")
    payload = '/ask_clinical_trials{"treatment": ["sunitinib"]}'
    for reply in bot.chat().say(payload):
        assert_readable(reply)
        # The drug's name in it is a word like any other; what it would have the bot do is not done.
        assert answers.on_condition("trials").heading not in reply.text
        assert answers.overview("sunitinib").heading not in reply.text


@pytest.mark.parametrize(
    "typed",
    [
        "/report_emergency",
        "/report_crisis",
        "/goodbye",
        "/restart",
        "/session_start",
        "/ask_sources{",
        "/nonsense",
        "//",
        "/",
    ],
)
def test_a_typed_command_does_nothing_to_the_conversation(
    chat: Conversation, answers: Answers, typed: str
) -> None:
    chat.ask("What are the side effects of Sutent?")
    for reply in chat.say(typed):
        assert_readable(reply)
    reply = chat.ask("And how often is Sutent taken?")
    assert_tells(reply, answers.on_topic("sunitinib", "schedule"))


@pytest.mark.parametrize("typed", ["/restart", "/session_start", "/report_crisis"])
def test_a_typed_command_alarms_nobody(bot: Bot, typed: str) -> None:
    reply = bot.ask(typed)
    assert_readable(reply)
    assert "988" not in reply.text
    assert "call 911" not in reply.text.lower()
