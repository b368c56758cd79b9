"""A patient's app on one channel: what they do, and what they see in return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import requests
from bot_server import PUBLIC, SECRETS, BotServer
from vendors.loopback import Button, Shown, Vendor
from vendors.messenger_patient import MessengerPatient
from vendors.patient import Patient
from vendors.slack_patient import SlackPatient
from vendors.telegram_patient import TelegramPatient
from vendors.twilio_patient import TwilioPatient

CHANNELS = ("telegram", "sms", "whatsapp", "messenger", "slack")
# With a time-out of 10 s and pauses of 1, 3 and 5 s before the next tries.
ANSWER_WITHIN = 60  # seconds
CITED = "Reviewed by"


@dataclass
class App:
    channel: str
    patient: Patient
    vendor: Vendor

    @property
    def seen(self) -> list[Shown]:
        """All messages of the bot to this patient so far."""
        return self.vendor.shown(self.patient.address)

    def ask(self, text: str, until: str = "") -> list[Shown]:
        """The messages in return, up to one that has the words of `until`."""
        return self.after(lambda: self.patient.says(text), until)

    def answer(self, text: str) -> list[Shown]:
        """The messages of an answer, which is whole when it is cited."""
        return self.ask(text, CITED)

    def tap(self, button: Button, until: str = CITED) -> list[Shown]:
        return self.after(lambda: self.patient.taps(button), until)

    def after(self, act: Callable[[], requests.Response], until: str = "") -> list[Shown]:
        before = len(self.seen)
        assert act().status_code == 200
        self.wait(before, until)
        return self.seen[before:]

    def wait(self, before: int, until: str = "") -> None:
        self.vendor.wait_for(
            lambda: any(until in shown.text for shown in self.seen[before:]), ANSWER_WITHIN
        )


def new_app(channel: str, bot: BotServer) -> App:
    """A patient whom the bot has not met."""
    webhook = bot.webhook(channel)
    if channel == "telegram":
        secret = bot.telegram.webhook["secret_token"]
        return App(channel, TelegramPatient(webhook, secret, bot.telegram), bot.telegram)
    if channel == "messenger":
        patient = MessengerPatient(webhook, SECRETS["MESSENGER_APP_SECRET"])
        return App(channel, patient, bot.messenger)
    if channel == "slack":
        return App(channel, SlackPatient(webhook, SECRETS["SLACK_SIGNING_SECRET"]), bot.slack)
    to = {"sms": "+15550100", "whatsapp": "whatsapp:+15550101"}[channel]
    public = f"{PUBLIC}/webhooks/{channel}/webhook"
    return App(channel, TwilioPatient(webhook, public, bot.twilio, to), bot.twilio)


def text_of(messages: list[Shown]) -> str:
    return "\n".join(message.text for message in messages)
