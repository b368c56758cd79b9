"""The loopback servers, asked by the vendors' own clients: they refuse what the vendors refuse."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from aiogram import Bot
from aiogram.bot.api import TelegramAPIServer
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiogram.utils import exceptions as telegram_errors
from fbmessenger import MessengerClient
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from vendors.loopback import Shown, Vendor
from vendors.messenger_api import MessengerVendor
from vendors.slack_api import SlackVendor
from vendors.telegram_api import TelegramVendor
from vendors.twilio_api import TwilioVendor, segments

CHAT = 123456
PHONE = "+15550177"
PERSON = "2512345"
CHANNEL = "D012345678"


@pytest.fixture(autouse=True)
def calm_again(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    for name in ("telegram", "twilio", "messenger", "slack"):
        if f"{name}_vendor" in request.fixturenames:
            request.getfixturevalue(f"{name}_vendor").calm()


@pytest.fixture
def telegram(telegram_vendor: TelegramVendor) -> Callable[..., Any]:
    """Calls a method of aiogram's Bot."""

    def call(method: str, *values: Any, **options: Any) -> Any:
        async def run() -> Any:
            server = TelegramAPIServer.from_base(telegram_vendor.address)
            bot = Bot(telegram_vendor.token, server=server)
            try:
                return await getattr(bot, method)(*values, **options)
            finally:
                await bot.session.close()

        return asyncio.run(run())

    return call


@pytest.fixture
def twilio(twilio_vendor: TwilioVendor) -> Client:
    client = Client(twilio_vendor.account_sid, twilio_vendor.auth_token)
    client.api.base_url = twilio_vendor.address
    return client


@pytest.fixture
def messenger(messenger_vendor: MessengerVendor) -> MessengerClient:
    client = MessengerClient(messenger_vendor.page_access_token)
    client.graph_url = f"{messenger_vendor.address}/v19.0"
    return client


@pytest.fixture
def slack(slack_vendor: SlackVendor) -> WebClient:
    return WebClient(slack_vendor.token, base_url=f"{slack_vendor.address}/api/")


def keyboard(data: str) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup().row(InlineKeyboardButton("Yes", callback_data=data))


def test_telegram_takes_a_message_of_4096_characters_with_a_button_of_64_bytes(
    telegram: Callable[..., Any], telegram_vendor: TelegramVendor
) -> None:
    telegram("send_message", CHAT, "a" * 4096, reply_markup=keyboard("x" * 64))
    (shown,) = telegram_vendor.shown(str(CHAT))
    assert len(shown.text) == 4096
    assert shown.button("Yes").payload == "x" * 64


@pytest.mark.parametrize(
    ("text", "options", "refusal"),
    [
        ("a" * 4097, {}, telegram_errors.MessageIsTooLong),
        (" ", {}, telegram_errors.MessageTextIsEmpty),
        ("a", {"reply_markup": keyboard("\u00e9" * 33)}, telegram_errors.ButtonDataInvalid),
        ("a <3 b", {"parse_mode": "HTML"}, telegram_errors.CantParseEntities),
        ("<b>a", {"parse_mode": "HTML"}, telegram_errors.CantParseEntities),
        ("<b>a</i>", {"parse_mode": "HTML"}, telegram_errors.CantParseEntities),
        ("<red>a</red>", {"parse_mode": "HTML"}, telegram_errors.CantParseEntities),
    ],
)
def test_telegram_refuses_what_breaks_its_limits(
    telegram: Callable[..., Any], telegram_vendor: TelegramVendor, text: str,
    options: dict[str, Any], refusal: type[Exception],
) -> None:  # fmt: skip
    with pytest.raises(refusal):
        telegram("send_message", CHAT, text, **options)
    assert telegram_vendor.shown() == []


def test_telegram_shows_html_without_its_tags(
    telegram: Callable[..., Any], telegram_vendor: TelegramVendor
) -> None:
    telegram("send_message", CHAT, "<b>Sutent</b> &lt; 5 &amp; more", parse_mode="HTML")
    assert [shown.text for shown in telegram_vendor.shown()] == ["Sutent < 5 & more"]


def test_telegram_keeps_the_secret_of_the_webhook_and_wants_https(
    telegram: Callable[..., Any], telegram_vendor: TelegramVendor
) -> None:
    hook = {"url": "https://bot.example/hook", "secret_token": "s3cret-Token"}
    assert telegram("request", "setWebhook", hook) is True
    assert telegram_vendor.webhook == hook
    for wrong in ({"url": "http://bot.example"}, {**hook, "secret_token": "not allowed!"}):
        with pytest.raises(telegram_errors.BadRequest):
            telegram("request", "setWebhook", wrong)


def test_telegram_wants_its_queries_answered_once(
    telegram: Callable[..., Any], telegram_vendor: TelegramVendor
) -> None:
    telegram_vendor.queries.add("77")
    assert telegram("answer_callback_query", "77") is True
    with pytest.raises(telegram_errors.InvalidQueryID):
        telegram("answer_callback_query", "77")


def test_telegram_says_how_long_to_wait_and_who_has_blocked_the_bot(
    telegram: Callable[..., Any], telegram_vendor: TelegramVendor
) -> None:
    telegram_vendor.limit(seconds=7)
    telegram_vendor.refuse()
    with pytest.raises(telegram_errors.RetryAfter) as limited:
        telegram("send_message", CHAT, "hello")
    assert limited.value.timeout == 7
    with pytest.raises(telegram_errors.BotBlocked):
        telegram("send_message", CHAT, "hello")
    telegram("send_message", CHAT, "hello")
    assert len(telegram_vendor.shown()) == 1


@pytest.mark.parametrize("sender", ["+15550100", "whatsapp:+15550101"])
def test_twilio_takes_1600_characters_and_no_more(
    twilio: Client, twilio_vendor: TwilioVendor, sender: str
) -> None:
    to = f"whatsapp:{PHONE}" if sender.startswith("whatsapp:") else PHONE
    sent = twilio.messages.create(to=to, from_=sender, body="a" * 1600)
    assert (sent.status, sent.num_segments) == ("queued", "11")
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=to, from_=sender, body="a" * 1601)
    assert (refused.value.status, refused.value.code) == (400, 21617)
    assert [len(shown.text) for shown in twilio_vendor.shown(to)] == [1600]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"to": "0177"}, 21211),
        ({"from_": "+15559999"}, 21606),
        ({"body": " "}, 21602),
        ({"to": f"whatsapp:{PHONE}"}, 21910),
    ],
)
def test_twilio_refuses_wrong_numbers_and_blank_messages(
    twilio: Client, changed: dict[str, str], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(**{"to": PHONE, "from_": "+15550100", "body": "hi", **changed})
    assert refused.value.code == code


def test_twilio_knows_who_is_calling_and_who_has_sent_stop(
    twilio: Client, twilio_vendor: TwilioVendor
) -> None:
    stranger = Client(twilio_vendor.account_sid, "wrong")
    stranger.api.base_url = twilio_vendor.address
    twilio_vendor.unsubscribed.add(PHONE)
    for client, code in ((stranger, 20003), (twilio, 21610)):
        with pytest.raises(TwilioRestException) as refused:
            client.messages.create(to=PHONE, from_="+15550100", body="hi")
        assert refused.value.code == code
    twilio_vendor.unsubscribed.clear()
    twilio_vendor.limit()
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=PHONE, from_="+15550100", body="hi")
    assert (refused.value.status, refused.value.code) == (429, 20429)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a" * 160, 1), ("a" * 161, 2), ("\u20ac" * 80, 1), ("\u2022" * 70, 1), ("\u2022" * 71, 2)],
)
def test_a_text_message_is_counted_in_segments(text: str, expected: int) -> None:
    assert segments(text) == expected


def test_messenger_takes_2000_characters_13_quick_replies_and_3_buttons(
    messenger: MessengerClient, messenger_vendor: MessengerVendor
) -> None:
    quick = {"content_type": "text", "title": "t" * 20, "payload": "p" * 1000}
    assert "message_id" in messenger.send(
        {"text": "a" * 2000, "quick_replies": [quick] * 13}, PERSON
    )
    assert "message_id" in messenger.send(template("a" * 640, 3), PERSON)
    assert messenger.send_action("typing_on", PERSON) == {"recipient_id": PERSON}
    assert [len(shown.buttons) for shown in messenger_vendor.shown(PERSON)] == [13, 3]


def template(text: str, buttons: int, title: str = "Yes") -> dict[str, Any]:
    button = {"type": "postback", "title": title, "payload": "yes"}
    payload = {"template_type": "button", "text": text, "buttons": [button] * buttons}
    return {"attachment": {"type": "template", "payload": payload}}


def quick_replies(count: int, **changed: str) -> dict[str, Any]:
    reply = {"content_type": "text", "title": "Yes", "payload": "yes", **changed}
    return {"text": "a", "quick_replies": [reply] * count}


@pytest.mark.parametrize(
    "message",
    [
        {"text": "a" * 2001},
        {"text": ""},
        template("a" * 641, 1),
        template("a", 4),
        template("a", 1, title="t" * 21),
        quick_replies(14),
        quick_replies(1, title="t" * 21),
        quick_replies(1, payload="p" * 1001),
    ],
)
def test_messenger_refuses_what_breaks_its_limits(
    messenger: MessengerClient, messenger_vendor: MessengerVendor, message: dict[str, Any]
) -> None:
    assert messenger.send(message, PERSON)["error"]["code"] == 100
    assert messenger_vendor.shown() == []


def test_messenger_knows_its_token_its_people_and_its_limits(
    messenger: MessengerClient, messenger_vendor: MessengerVendor
) -> None:
    stranger = MessengerClient("EAAwrong")
    stranger.graph_url = messenger.graph_url
    assert stranger.send({"text": "a"}, PERSON)["error"]["code"] == 190
    assert messenger.send({"text": "a"}, "nobody")["error"]["error_subcode"] == 2018001
    messenger_vendor.limit()
    messenger_vendor.refuse()
    messenger_vendor.stumble()
    codes = [messenger.send({"text": "a"}, PERSON)["error"]["code"] for _ in range(3)]
    assert codes == [613, 551, 2]


def section(text: str, kind: str = "mrkdwn") -> dict[str, Any]:
    return {"type": "section", "text": {"type": kind, "text": text}}


def actions(count: int, **changed: str) -> dict[str, Any]:
    title = {"type": "plain_text", "text": changed.pop("title", "Yes")}
    buttons = [
        {"type": "button", "text": title, "value": "v", "action_id": f"a{n}", **changed}
        for n in range(count)
    ]
    return {"type": "actions", "elements": buttons}


def test_slack_takes_50_blocks_of_3000_characters_and_25_buttons_a_row(
    slack: WebClient, slack_vendor: SlackVendor
) -> None:
    blocks = [section("a" * 3000)] * 49 + [actions(25, title="t" * 75, value="v" * 2000)]
    assert slack.chat_postMessage(channel=CHANNEL, text="a", blocks=blocks)["ok"]
    (shown,) = slack_vendor.shown(CHANNEL)
    assert len(shown.buttons) == 25


@pytest.mark.parametrize(
    "blocks",
    [
        [section("a" * 3001)],
        [section("")],
        [section("a")] * 51,
        [actions(26)],
        [actions(1, title="t" * 76)],
        [actions(1, value="v" * 2001)],
        [actions(2, action_id="same")],
        [actions(1), actions(1)],
    ],
)
def test_slack_refuses_what_breaks_its_limits(
    slack: WebClient, slack_vendor: SlackVendor, blocks: list[dict[str, Any]]
) -> None:
    with pytest.raises(SlackApiError) as refused:
        slack.chat_postMessage(channel=CHANNEL, text="a", blocks=blocks)
    assert refused.value.response["error"] == "invalid_blocks"
    assert slack_vendor.shown() == []


def test_slack_eats_words_that_look_like_links(slack: WebClient, slack_vendor: SlackVendor) -> None:
    slack.chat_postMessage(channel=CHANNEL, text="a", blocks=[section("a <b> c &lt;d&gt; &amp;")])
    slack.chat_postMessage(channel=CHANNEL, text="*a*", blocks=[section("*bold* 2 * 3")])
    assert [s.text for s in slack_vendor.shown()] == ["a b c <d> &", "bold 2 * 3"]


def test_slack_knows_its_token_its_channels_and_its_limits(
    slack: WebClient, slack_vendor: SlackVendor
) -> None:
    stranger = WebClient("xoxb-wrong", base_url=slack.base_url)
    for client, channel, error in (
        (stranger, CHANNEL, "invalid_auth"),
        (slack, "nowhere", "channel_not_found"),
    ):
        with pytest.raises(SlackApiError) as refused:
            client.chat_postMessage(channel=channel, text="a")
        assert refused.value.response["error"] == error
    slack_vendor.limit(seconds=9)
    with pytest.raises(SlackApiError) as refused:
        slack.chat_postMessage(channel=CHANNEL, text="a")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "9"


@pytest.fixture(params=["telegram", "twilio", "messenger", "slack"])
def vendor(request: pytest.FixtureRequest) -> Vendor:
    found: Vendor = request.getfixturevalue(f"{request.param}_vendor")
    return found


def test_a_vendor_that_is_down_takes_no_connection_until_it_is_up(vendor: Vendor) -> None:
    vendor.down()
    with pytest.raises(requests.ConnectionError):
        requests.get(vendor.address, timeout=5)
    vendor.up()
    assert requests.get(vendor.address, timeout=5).status_code


def test_a_slow_vendor_takes_the_request_later(vendor: Vendor) -> None:
    vendor.slow(1)
    with pytest.raises(requests.Timeout):
        requests.get(vendor.address, timeout=0.2)
    vendor.wait_for(lambda: vendor.calls)


def test_shown_messages_are_told_apart_by_patient(
    twilio: Client, twilio_vendor: TwilioVendor
) -> None:
    for to in (PHONE, "+15550178"):
        twilio.messages.create(to=to, from_="+15550100", body=f"for {to}")
    assert twilio_vendor.shown(PHONE) == [Shown(PHONE, f"for {PHONE}")]
