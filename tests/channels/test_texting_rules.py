"""The rules for text messages: STOP, START, HELP, and few segments at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from app import CITED, App, new_app, text_of
from bot_server import BotServer
from vendors.twilio_api import TwilioVendor, segments

pytestmark = pytest.mark.channel("sms")
QUESTION = "What are the side effects of Sutent?"


@pytest.fixture
def sms(bot: BotServer) -> App:
    return new_app("sms", bot)


@pytest.fixture
def twilio_leaves_stop_to_us(twilio_vendor: TwilioVendor) -> Iterator[None]:
    twilio_vendor.handles_stop = False
    yield
    twilio_vendor.handles_stop = True


@pytest.mark.feature("at most 3 segments before MORE is offered")
def test_more_brings_the_source_and_then_what_to_ask_next(sms: App) -> None:
    (answer,) = sms.ask(QUESTION, "Reply MORE")
    assert segments(answer.text) <= 3
    assert "Liver problems" in answer.text, "a list is not cut where its end is the worst of it"
    assert "September 11, 2017" in answer.text
    (source,) = sms.ask("more", "Source:")
    assert "References on this topic:" in source.text
    assert "Liver problems" in source.text, "the citation stands with the last words"
    (choices,) = sms.ask("MORE", "Reply 1")
    assert "MORE" not in choices.text
    (again,) = sms.ask("MORE")
    assert again.text != choices.text, "there is no more: it is read as any other word"


def test_where_two_answers_are_given_each_text_before_the_last_offers_more(sms: App) -> None:
    both = "What are the side effects of Sutent? How often is Torisel given?"
    texts = [message.text for message in sms.ask(both, "Reply MORE")]
    while "Reply MORE" in texts[-1]:
        texts += [message.text for message in sms.ask("MORE")]
    assert all(segments(text) <= 3 for text in texts)
    assert all("Reply MORE" in text for text in texts[:-1])
    said = "\n".join(texts)
    for name in ("Sutent (sunitinib)", "Torisel (temsirolimus)", '1 for "', "References on"):
        assert name in said
    assert "Reply MORE for the next answer." in said


@pytest.mark.feature("a clarification, by button or number")
def test_a_number_is_understood_right_after_it_was_offered_and_not_later(sms: App) -> None:
    (asked,) = sms.ask("how often is it given?", "Which treatment do you mean?")
    offered = dict(re.findall(r'(\d+) for "([^"]+)"', asked.text))
    assert offered, asked.text
    (wrong,) = sms.ask("99")
    assert re.search(r"a number from 1 to \d+", wrong.text)
    number, title = next(iter(offered.items()))
    (answer, *_) = sms.ask(number, CITED)
    assert title in answer.text
    sms.ask("thank you", "welcome")
    (later,) = sms.ask(number)
    assert title not in later.text


@pytest.mark.feature("STOP and START")
@pytest.mark.usefixtures("twilio_leaves_stop_to_us")
def test_after_stop_there_is_one_confirmation_and_then_silence_until_start(sms: App) -> None:
    sms.ask("hello", "Hello")
    sms.ask("STOP", "You have stopped these messages")
    sms.patient.says(QUESTION)
    sms.patient.says("HELP")
    sms.patient.says("STOP")
    back = sms.ask("START", "Hello")
    assert len(back) == 1, text_of(back)
    assert "Reply STOP to end, HELP for help." in back[0].text


@pytest.mark.usefixtures("twilio_leaves_stop_to_us")
def test_yes_starts_again_but_answers_a_question_otherwise(sms: App) -> None:
    sms.ask("STOPALL")
    assert "Hello" in text_of(sms.ask("Yes", "Hello"))
    assert "Hello" not in text_of(sms.ask("yes"))


def test_where_twilio_itself_blocks_after_stop_nothing_is_tried_again(sms: App) -> None:
    sms.patient.says("STOP")
    blocked = lambda: [  # noqa: E731  (looked at again and again)
        call
        for call in sms.vendor.calls
        if call.fields.get("To") == sms.patient.address and not call.accepted
    ]
    sms.vendor.wait_for(blocked)
    sms.ask("START", "Hello")
    assert [call.reply.body["code"] for call in blocked()] == [21610]


@pytest.mark.usefixtures("twilio_leaves_stop_to_us")
def test_the_conversation_before_stop_is_gone(sms: App) -> None:
    sms.ask("How does Sutent work?", "Sutent")
    sms.ask("QUIT", "You have stopped")
    sms.ask("UNSTOP", "Hello")
    assert "Which treatment" in text_of(sms.ask("how often is it given?"))


@pytest.mark.usefixtures("twilio_leaves_stop_to_us")
def test_an_emergency_is_answered_even_after_stop(sms: App) -> None:
    sms.ask("END", "You have stopped")
    (told,) = sms.ask("I can't breathe", "911")
    assert told.text.startswith("Call 911 now")


@pytest.mark.feature("HELP as the rules for texting ask")
@pytest.mark.parametrize("said", ["HELP", "info"])
def test_help_names_the_clinic_whom_to_ask_and_how_to_stop(sms: App, said: str) -> None:
    (told,) = sms.ask(said)
    assert told.text.startswith("In an emergency call 911.")
    for words in ("Elm Clinic", "555-0111", "Message and data rates may apply", "Reply STOP"):
        assert words in told.text
    assert segments(told.text) <= 3
