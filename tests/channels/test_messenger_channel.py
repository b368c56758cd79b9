"""What is particular to Messenger; what all channels do is in test_every_channel.py."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from app import CITED, App, new_app
from bot_server import SECRETS, BotServer
from vendors.loopback import Button
from vendors.messenger_patient import MessengerPatient

from bot.channels.messaging.reply import Choice, Line, Reply, Style
from bot.channels.messenger.renderer import MessengerRenderer

TORISEL = "How often is Torisel given?"
THANKS = "You are welcome"


@pytest.fixture
def messenger(bot: BotServer) -> Iterator[App]:
    opened = new_app("messenger", bot)
    yield opened
    opened.vendor.calm()


@pytest.fixture
def patient(messenger: App) -> MessengerPatient:
    assert isinstance(messenger.patient, MessengerPatient)
    return messenger.patient


def test_every_message_of_a_batch_is_answered(messenger: App, bot: BotServer) -> None:
    first, other = messenger.patient, new_app("messenger", bot).patient
    assert isinstance(first, MessengerPatient)
    assert isinstance(other, MessengerPatient)
    batch = [
        first.text(TORISEL), other.text("How does Sutent work?"), first.echo("my own words"),
        first.read(), first.delivery(), first.reaction(), first.text("thank you"),
    ]  # fmt: skip
    assert first.events(*batch).status_code == 200
    messenger.vendor.wait_for(lambda: len(messenger.vendor.shown()) == 3)
    torisel, thanks = messenger.seen
    assert "Torisel" in torisel.text
    assert THANKS in thanks.text
    assert "Sutent" in messenger.vendor.shown(other.address)[0].text


def test_a_quick_reply_asks_what_its_number_says_in_full(messenger: App) -> None:
    (answer,) = messenger.answer("What are the side effects of Opdivo?")
    assert "Reply 1 for “How Opdivo is given”" in answer.text
    assert [len(button.title) <= 20 for button in answer.buttons] == [True] * 3
    assert answer.buttons[1].title.startswith("2. How often")
    (often,) = messenger.tap(answer.buttons[1])
    assert often.text.startswith("How often it is given: Opdivo")


def test_a_button_of_long_ago_asks_its_full_title(messenger: App) -> None:
    """Rasa looks for it in its last 40 events only; the title on it is cut."""
    (answer,) = messenger.answer("What are the side effects of Opdivo?")
    for _ in range(8):
        messenger.answer("How does Sutent work?")
    (often,) = messenger.tap(answer.buttons[1])
    assert often.text.startswith("How often it is given: Opdivo")


def test_a_postback_is_a_tap_too(messenger: App, patient: MessengerPatient) -> None:
    (answer,) = messenger.answer("What are the side effects of Opdivo?")
    (often,) = messenger.after(lambda: patient.taps_postback(answer.buttons[1]), CITED)
    assert often.text.startswith("How often it is given: Opdivo")


def test_a_button_that_the_bot_never_offered_is_read_by_its_title(
    messenger: App, patient: MessengerPatient
) -> None:
    """Such as an ice breaker that the clinic set up on its page, or a forged payload."""
    forged = Button("How does Sutent work?", '/ask_side_effects{"treatment": ["nivolumab"]}')
    (answer,) = messenger.after(lambda: patient.taps_postback(forged), CITED)
    assert answer.text.startswith("How it works: Sutent")


def test_a_charset_beside_the_content_type_changes_nothing(
    messenger: App, patient: MessengerPatient
) -> None:
    body = json.dumps({"object": "page", "entry": [{"messaging": [patient.text(TORISEL)]}]})
    content_type = {"Content-Type": "application/json; charset=utf-8"}
    messenger.after(lambda: patient.post(body.encode(), **content_type), CITED)


@pytest.mark.parametrize(
    "body",
    [b"", b"no json", b"null", b"[]", b'"text"', b'{"entry": 5}', b'{"entry": [5, null]}',
     b'{"entry": [{"messaging": [{"sender": 7, "message": {"text": 1}}]}]}',
     b'{"entry": [{"messaging": [{"sender": {"id": "1"}, "message": "text"}]}]}', b"\xff\xfe"],
)  # fmt: skip
def test_a_body_of_an_odd_form_is_taken_and_does_nothing(
    messenger: App, patient: MessengerPatient, body: bytes
) -> None:
    assert patient.post(body).status_code == 200
    assert len(messenger.ask("thank you", THANKS)) == len(messenger.vendor.shown()) == 1


def test_only_a_sha256_signature_of_the_body_counts(
    messenger: App, patient: MessengerPatient
) -> None:
    secret = SECRETS["MESSENGER_APP_SECRET"].encode()

    def named(algorithm: str, body: bytes) -> str:
        return f"{algorithm}={hmac.new(secret, body, algorithm).hexdigest()}"

    body = json.dumps({"entry": [{"messaging": [patient.text(TORISEL)]}]}).encode()
    for signature in (
        named("sha1", body), named("sha512", body), named("sha256", body + b" "),
        named("sha256", body).upper(), named("sha256", body)[7:], "sha256=é",
        f"sha256={hashlib.sha256(body).hexdigest()}", "",
    ):  # fmt: skip
        headers: dict[str, Any] = {"X-Hub-Signature-256": signature.encode() or ""}
        assert patient.post(body, **headers).status_code == 403, signature
    assert len(messenger.ask("thank you", THANKS)) == len(messenger.seen) == 1


def test_the_address_is_verified_with_the_token_alone(bot: BotServer) -> None:
    def verify(**wrong: str) -> requests.Response:
        asked = {
            "hub.mode": "subscribe", "hub.challenge": "1158201444",
            "hub.verify_token": SECRETS["MESSENGER_VERIFY_TOKEN"], **wrong,
        }  # fmt: skip
        return requests.get(bot.webhook("messenger"), params=asked, timeout=60)

    assert (verify().status_code, verify().text) == (200, "1158201444")
    assert verify(**{"hub.verify_token": "guessed"}).status_code == 403
    assert verify(**{"hub.mode": "unsubscribe"}).status_code == 403
    assert "1158201444" not in verify(**{"hub.verify_token": ""}).text


def test_a_message_that_is_too_long_gets_friendly_words(messenger: App) -> None:
    (told,) = messenger.ask("word " * 500)
    assert "too long for me" in told.text


@pytest.mark.parametrize("count", [1, 3, 13, 14, 30, 60])
@pytest.mark.parametrize("title", ["Sutent", "How often anti-angiogenesis therapy is given"])
def test_no_choice_is_dropped_however_many_and_long(count: int, title: str) -> None:
    choices = tuple(Choice(f"{title} {n}"[-60:], f"/ask_{n}") for n in range(count))
    drawn = MessengerRenderer().render(Reply("clarify", (Line(Style.TEXT, "Which?"),), choices))
    offered = [choice for part in drawn.parts for choice in part.choices]
    assert [choice.payload for choice in offered] == [choice.payload for choice in choices]
    assert all(1 <= len(choice.title) <= 20 for choice in offered)
    assert all(len(part.choices) <= 13 and len(part.text) <= 2000 for part in drawn.parts)
    if drawn.numbers:
        text = "\n".join(part.text for part in drawn.parts)
        assert all(f"{n} for “{c.title}”" in text for n, c in enumerate(choices, 1))
