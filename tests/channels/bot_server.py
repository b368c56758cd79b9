"""The real server with all messaging channels, each pointed at its vendor's loopback server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml
from vendors.messenger_api import MessengerVendor
from vendors.slack_api import SlackVendor
from vendors.telegram_api import TelegramVendor
from vendors.twilio_api import TwilioVendor

from knowledge.places import ROOT

START_WITHIN = 300  # seconds; Rasa imports TensorFlow at start, which takes long on a cold disk
STOP_WITHIN = 20  # seconds
LOGGED_WITHIN = 60  # seconds
PUBLIC = "https://bot.clinic.example"  # where the vendors believe the bot to be
CLINIC = {
    "name": "Elm Clinic", "phone": "555-0111", "chat_turns_per_minute": 1000,
}  # fmt: skip
# None of these opens anything.
SECRETS = {
    "CARECITE_SECRET": "the secret of the tests, which is no secret",
    "MESSENGER_APP_SECRET": "the app secret of the tests",
    "MESSENGER_VERIFY_TOKEN": "the verify token of the tests",
    "SLACK_SIGNING_SECRET": "the signing secret of the tests",
}


class BotServer:
    """`python -m bot serve --credentials ...` on a port of its own."""

    def __init__(
        self, folder: Path, telegram: TelegramVendor, twilio: TwilioVendor,
        messenger: MessengerVendor, slack: SlackVendor,
    ) -> None:  # fmt: skip
        self.telegram, self.twilio, self.messenger, self.slack = telegram, twilio, messenger, slack
        self._folder = folder
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._write("credentials.yml", credentials(telegram, twilio, messenger, slack))
        self._write("clinic.yml", CLINIC)

    @property
    def log(self) -> str:
        return (self._folder / "log.txt").read_text(encoding="utf-8", errors="replace")

    def webhook(self, channel: str) -> str:
        return f"http://127.0.0.1:{self._port}/webhooks/{channel}/webhook"

    def start(self) -> None:
        """Returns when the server has said that it is ready."""
        with (self._folder / "log.txt").open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve", "--port", str(self._port),
                 "--credentials", str(self._folder / "credentials.yml")],
                cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=self._environment(),
            )  # fmt: skip
        until = time.monotonic() + START_WITHIN
        while "Ready at" not in self.log:
            assert self._process.poll() is None, f"the bot ended: {self.log[-800:]}"
            assert time.monotonic() < until, f"not ready within {START_WITHIN} s: {self.log[-800:]}"
            time.sleep(0.2)
        self.telegram.wait_for(lambda: self.telegram.webhook)

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def wait_for_log(self, *lines: str, since: int = 0) -> None:
        """Returns when each of these is in the log, after the first `since` characters of it."""
        until = time.monotonic() + LOGGED_WITHIN
        while not all(line in self.log[since:] for line in lines):
            assert time.monotonic() < until, f"not logged: {lines}\n{self.log[since:]}"
            time.sleep(0.1)

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            **secrets_of(self.telegram, self.twilio, self.messenger, self.slack),
            "LOG_LEVEL": "DEBUG", "LOG_LEVEL_LIBRARIES": "DEBUG",  # nothing private at any level
            "CARECITE_CLINIC": str(self._folder / "clinic.yml"),
        }  # fmt: skip

    def _write(self, name: str, content: dict[str, Any]) -> None:
        (self._folder / name).write_text(yaml.safe_dump(content), encoding="utf-8")


def credentials(
    telegram: TelegramVendor, twilio: TwilioVendor, messenger: MessengerVendor, slack: SlackVendor
) -> dict[str, Any]:
    """What the credentials file says of all messaging channels, with these as their vendors."""
    of_twilio = {
        "account_sid": "${TWILIO_ACCOUNT_SID}", "auth_token": "${TWILIO_AUTH_TOKEN}",
        "public_url": PUBLIC, "api_url": twilio.address,
    }  # fmt: skip
    return {
        "bot.channels.telegram.channel.TelegramChannel": {
            "token": "${TELEGRAM_BOT_TOKEN}", "public_url": PUBLIC, "api_url": telegram.address,
        },
        "bot.channels.twilio.channel.SmsChannel": {**of_twilio, "sender": "+15550100"},
        "bot.channels.twilio.channel.WhatsAppChannel": {**of_twilio, "sender": "+15550101"},
        "bot.channels.messenger.channel.MessengerChannel": {
            "app_secret": "${MESSENGER_APP_SECRET}", "verify_token": "${MESSENGER_VERIFY_TOKEN}",
            "page_access_token": "${MESSENGER_PAGE_ACCESS_TOKEN}", "api_url": messenger.address,
        },
        "bot.channels.slack.channel.SlackChannel": {
            "signing_secret": "${SLACK_SIGNING_SECRET}", "bot_token": "${SLACK_BOT_TOKEN}",
            "api_url": f"{slack.address}/api/",
        },
    }  # fmt: skip


def secrets_of(
    telegram: TelegramVendor, twilio: TwilioVendor, messenger: MessengerVendor, slack: SlackVendor
) -> dict[str, str]:
    """The variables that these credentials name."""
    return {
        **SECRETS,
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TWILIO_ACCOUNT_SID": twilio.account_sid,
        "TWILIO_AUTH_TOKEN": twilio.auth_token,
        "MESSENGER_PAGE_ACCESS_TOKEN": messenger.page_access_token,
        "SLACK_BOT_TOKEN": slack.token,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
