"""What only Telegram has: its commands, groups, taps, and a webhook that sets itself."""

from __future__ import annotations

import json

import pytest
from app import CITED, App, new_app, text_of
from bot_server import PUBLIC, BotServer
from vendors.telegram_patient import TelegramPatient

pytestmark = pytest.mark.channel("telegram")


@pytest.fixture
def telegram(bot: BotServer) -> App:
    return new_app("telegram", bot)


@pytest.fixture
def patient(telegram: App) -> TelegramPatient:
    assert isinstance(telegram.patient, TelegramPatient)
    return telegram.patient


def test_the_webhook_is_set_at_start_with_a_secret_and_the_kinds_of_updates(bot: BotServer) -> None:
    asked = bot.telegram.webhook
    assert asked["url"] == f"{PUBLIC}/webhooks/telegram/webhook"
    assert len(asked["secret_token"]) >= 32
    assert json.loads(asked["allowed_updates"]) == ["message", "edited_message", "callback_query"]


@pytest.mark.feature("commands such as /start and /forget")
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/start", "Hello. I answer questions"),
        ("/start from_the_website", "Hello. I answer questions"),
        ("/help", "You can ask me about the treatments"),
        ("/stop", "You have stopped"),
        ("/forget", "Done. On "),
    ],
)
def test_commands_of_telegram_are_understood(telegram: App, typed: str, told: str) -> None:
    (said,) = telegram.ask(typed)
    assert said.text.startswith(told)
    assert "Reply STOP" not in said.text


def test_the_sign_of_waiting_on_a_tapped_button_ends_at_once(
    telegram: App, patient: TelegramPatient
) -> None:
    (answer,) = telegram.ask("What are the side effects of Sutent?", CITED)
    response = patient.taps(answer.buttons[0])
    query = response.json()
    assert query["method"] == "answerCallbackQuery"
    assert query["callback_query_id"].isdigit()


def test_a_button_far_up_in_the_chat_asks_what_it_says(telegram: App) -> None:
    (first,) = telegram.ask("What are the side effects of Sutent?", CITED)
    for question in ("How does Opdivo work?", "How is Torisel given?", "How does Avastin work?"):
        telegram.ask(question, CITED)
    button = first.button("How often Sutent is given")
    (answer,) = telegram.tap(button)
    assert answer.text.startswith("How often it is given: Sutent (sunitinib)")


def test_a_tapped_button_after_forget_me_is_read_by_its_title(telegram: App) -> None:
    (first,) = telegram.ask("What are the side effects of Sutent?", CITED)
    telegram.ask("forget me", "I deleted all")
    (answer,) = telegram.tap(first.button("How often Sutent is given"))
    assert "once or twice a day" in answer.text


def test_what_is_no_message_of_a_patient_is_taken_and_left(
    telegram: App, patient: TelegramPatient
) -> None:
    assert patient.blocks_the_bot().status_code == 200
    assert patient.posts_in_a_channel("News").status_code == 200
    assert patient.update(poll={"id": "1"}).status_code == 200
    assert patient.post(b"[]").status_code == 200
    assert patient.post(b"no json").status_code == 200
    assert len(telegram.ask("hello", "Hello")) == 1


@pytest.mark.feature("answers in private only")
def test_in_a_group_it_says_only_where_it_answers(telegram: App, patient: TelegramPatient) -> None:
    group = {"id": int(f"-100{patient.address}"), "type": "supergroup", "title": "Family"}
    patient.update(message={**patient._new_message(text="side effects of Opdivo"), "chat": group})
    telegram.vendor.wait_for(lambda: telegram.vendor.shown(str(group["id"])))
    (told,) = telegram.vendor.shown(str(group["id"]))
    assert told.text.startswith("I answer in private only")


def test_a_caption_is_answered_and_the_picture_is_said_to_be_unseen(
    telegram: App, patient: TelegramPatient
) -> None:
    photo = {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}]}
    message = patient._new_message(**photo, caption="What are the side effects of Sutent?")
    said = telegram.after(lambda: patient.update(message=message), CITED)
    assert said[0].text.startswith("I can read text only")
    assert "Liver problems" in text_of(said)


def test_a_place_that_moves_is_answered_once(telegram: App, patient: TelegramPatient) -> None:
    telegram.after(lambda: patient.sends("location"), "text only")
    moved = {**patient._message, "edit_date": 1, "location": {"latitude": 1.0, "longitude": 2.0}}
    assert patient.update(edited_message=moved).status_code == 200
    assert len(telegram.ask("hello")) == 1
    assert len(telegram.seen) == 2
