"""What is particular to Slack; what all channels do is in test_every_channel.py."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from app import CITED, App, new_app
from bot_server import BotServer
from vendors.slack_api import SlackVendor, _mrkdwn_as_shown
from vendors.slack_patient import SlackPatient

from bot.channels.messaging.render import Part
from bot.channels.messaging.reply import Choice, Line, Reply, Style
from bot.channels.slack.events import plain
from bot.channels.slack.renderer import LOOK_ALIKES, SlackRenderer, blocks

TORISEL = "How often is Torisel given?"
THANKS = "You are welcome"
FIVE_MINUTES = 5 * 60


@pytest.fixture
def slack(bot: BotServer) -> Iterator[App]:
    opened = new_app("slack", bot)
    yield opened
    opened.vendor.calm()


@pytest.fixture
def patient(slack: App) -> SlackPatient:
    assert isinstance(slack.patient, SlackPatient)
    return slack.patient


def test_slack_hears_its_challenge_back(patient: SlackPatient) -> None:
    challenged = patient.verifies_the_address(
        "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
    )
    assert challenged.status_code == 200
    assert challenged.text == "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"


def test_a_charset_beside_the_content_type_changes_nothing(
    slack: App, patient: SlackPatient
) -> None:
    patient.says("thank you")
    body, _ = patient._last
    again = json.loads(body)
    again["event"].update(text=TORISEL, ts=f"{time.time():.6f}")
    content_type = {"Content-Type": "application/json; charset=utf-8"}
    slack.after(lambda: patient.post(json.dumps(again).encode(), **content_type), CITED)


@pytest.mark.parametrize("age", [FIVE_MINUTES + 5, -FIVE_MINUTES - 5, 86_400])
def test_a_call_of_another_time_is_refused_though_signed_right(
    slack: App, patient: SlackPatient, age: int
) -> None:
    patient.says(TORISEL)
    slack.wait(0, CITED)
    body = json.dumps({**json.loads(patient._last[0]), "event_id": "EvReplayed"}).encode()
    old = patient.signed_at(int(time.time()) - age, body)
    assert patient.post(body, **old).status_code == 403
    assert len(slack.ask("thank you", THANKS)) == 1
    assert len(slack.seen) == 2


@pytest.mark.parametrize(
    "wrong",
    [{"X-Slack-Request-Timestamp": ""}, {"X-Slack-Request-Timestamp": "yesterday"},
     {"X-Slack-Request-Timestamp": "²"}, {"X-Slack-Signature": "v0=é"}],
)  # fmt: skip
def test_odd_headers_are_refused(patient: SlackPatient, wrong: dict[str, str]) -> None:
    headers: dict[str, Any] = {name: value.encode() for name, value in wrong.items()}
    assert patient.post(b'{"type": "event_callback"}', **headers).status_code == 403


@pytest.mark.parametrize(
    "body",
    [b"", b"no json", b"null", b"[]", b"{}", b'{"type": "event_callback"}', b"payload=",
     b'{"type": "event_callback", "event": {"type": "message", "channel_type": "im"}}',
     b'payload={"type": "block_actions", "actions": [{"type": "button"}]}', b"command=/ask"],
)  # fmt: skip
def test_a_body_of_an_odd_form_does_nothing(slack: App, patient: SlackPatient, body: bytes) -> None:
    assert patient.post(body).status_code == 200
    assert len(slack.ask("thank you", THANKS)) == len(slack.vendor.shown()) == 1


def test_a_body_that_is_no_text_is_refused(patient: SlackPatient) -> None:
    headers = patient.signed(b"{}")
    refused = requests.post(patient.webhook, data=b"\xff", headers=headers, timeout=60)
    assert refused.status_code == 403


def test_a_delivery_that_slack_repeats_is_answered_once(slack: App, patient: SlackPatient) -> None:
    slack.answer(TORISEL)
    for number in ("1", "2", "3"):
        retry = {"X-Slack-Retry-Num": number, "X-Slack-Retry-Reason": "http_timeout"}
        assert patient.delivered_again(**retry).status_code == 200
    assert len(slack.ask("thank you", THANKS)) == 1
    assert len(slack.seen) == 2


def test_bots_and_deletions_are_not_answered(slack: App, patient: SlackPatient) -> None:
    for heard in (
        patient.hears(TORISEL),
        patient.hears(TORISEL, subtype="bot_message"),
        patient.event(type="message", subtype="channel_join", user=patient.user, ts="1.0",
                      channel=patient.address, channel_type="im", text="has joined"),
        patient.event(type="reaction_added", user=patient.user, reaction="heart"),
        patient.deletes(),
    ):  # fmt: skip
        assert heard.status_code == 200
    assert len(slack.ask("thank you", THANKS)) == len(slack.vendor.shown()) == 1


def test_who_asks_in_a_channel_is_asked_to_write_in_private(
    slack: App, patient: SlackPatient
) -> None:
    assert patient.mentions(TORISEL).status_code == 200
    slack.vendor.wait_for(lambda: slack.vendor.shown(patient.user))
    (told,) = slack.vendor.shown()
    assert "direct message" in told.text
    assert "Torisel" not in told.text


def test_talk_in_a_channel_that_does_not_name_the_bot_is_left_alone(
    slack: App, patient: SlackPatient
) -> None:
    patient.event(type="message", channel="C0GENERAL1", channel_type="channel", user=patient.user,
                  text=TORISEL, ts=f"{time.time():.6f}")  # fmt: skip
    assert len(slack.ask("thank you", THANKS)) == len(slack.vendor.shown()) == 1


def test_a_question_in_a_thread_is_answered_there(slack: App, patient: SlackPatient) -> None:
    thread = f"{time.time():.6f}"
    message = patient._new_message(text=TORISEL, thread_ts=thread)
    slack.after(lambda: patient.event(**message), CITED)
    (call,) = slack.vendor.calls
    assert call.fields["thread_ts"] == thread


def test_words_are_read_as_the_person_typed_them() -> None:
    assert plain("<@U0BOT00001> is 5 &lt; 6 &amp;&amp; 7 &gt; 6?") == " is 5 < 6 && 7 > 6?"
    assert plain("see <https://a.example|this> or <https://b.example>") == (
        "see this or https://b.example"
    )


@pytest.mark.parametrize(
    "text",
    ["a < b & c > d", "<b>", "&lt;", "*bold* _it_ ~no~ `code`", "<!channel> <@U1>", "1 * 2 * 3"],
)
@pytest.mark.parametrize("style", [Style.TEXT, Style.HEADING, Style.ITEM])
def test_nothing_in_a_text_turns_into_markup(text: str, style: Style) -> None:
    (part,) = SlackRenderer().render(Reply("text", (Line(style, text),))).parts
    shown = _mrkdwn_as_shown(part.text).removeprefix("• ")
    assert shown == text.translate(LOOK_ALIKES)


@pytest.mark.parametrize(("count", "rows"), [(0, []), (3, [3]), (5, [5]), (12, [5, 5, 2])])
def test_buttons_stand_in_rows_of_five(count: int, rows: list[int]) -> None:
    choices = tuple(Choice(f"Question {n}", f"/ask_{n}") for n in range(count))
    _, *actions = blocks(Part("Which?", "Which?", choices))
    assert [len(block["elements"]) for block in actions] == rows


def test_hundreds_of_choices_go_into_more_messages(slack_vendor: SlackVendor) -> None:
    choices = tuple(Choice(f"{n} {'title ' * 20}", f"/ask_{n}") for n in range(300))
    drawn = SlackRenderer().render(Reply("clarify", (Line(Style.TEXT, "Which?"),), choices))
    assert sum(len(part.choices) for part in drawn.parts) == 300
    for part in drawn.parts:
        fields = {"channel": "D012345678", "text": part.text, "blocks": blocks(part)}
        assert slack_vendor._post(fields)["ok"]
