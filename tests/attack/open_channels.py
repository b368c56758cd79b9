"""Every channel that the server has, opened at once, with the vendors of messengers beside it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

sys.path.append(str(Path(__file__).parent.parent / "channels"))  # the vendors live there

from bot_server import PUBLIC, SECRETS, credentials, secrets_of
from server_process import ServerProcess
from vendors.messenger_api import MessengerVendor
from vendors.messenger_patient import MessengerPatient
from vendors.patient import Patient
from vendors.slack_api import SlackVendor
from vendors.slack_patient import SlackPatient
from vendors.telegram_api import TelegramVendor
from vendors.telegram_patient import TelegramPatient
from vendors.twilio_api import TwilioVendor
from vendors.twilio_patient import TwilioPatient

CANARY = "qzxcanary"  # goes along with what is sent, and may stand in no log
MESSENGERS = ("telegram", "sms", "whatsapp", "messenger", "slack")
OWN = {
    "bot.channels.rest.TesterRestInput": None,
    "bot.channels.website.WebsiteInput": None,
}


@dataclass(frozen=True)
class Route:
    method: str
    path: str


class OpenServer(ServerProcess):
    """A server with all channels."""

    def __init__(
        self, folder: Path, telegram: TelegramVendor, twilio: TwilioVendor,
        messenger: MessengerVendor, slack: SlackVendor,
    ) -> None:  # fmt: skip
        vendors = (telegram, twilio, messenger, slack)
        file = folder / "credentials.yml"
        file.write_text(yaml.safe_dump({**OWN, **credentials(*vendors)}), encoding="utf-8")
        self.secrets = {"CARECITE_CREDENTIALS": str(file), **secrets_of(*vendors)}
        super().__init__(folder, **self.secrets)
        self._telegram, self._twilio = telegram, twilio

    def patient(self, channel: str) -> Patient:
        """Somebody with the vendor's app, who can sign what the vendor would."""
        webhook = f"{self.origin}/webhooks/{channel}/webhook"
        if channel == "telegram":
            self._telegram.wait_for(lambda: self._telegram.webhook)
            return TelegramPatient(webhook, self._telegram.webhook["secret_token"], self._telegram)
        if channel == "messenger":
            return MessengerPatient(webhook, SECRETS["MESSENGER_APP_SECRET"])
        if channel == "slack":
            return SlackPatient(webhook, SECRETS["SLACK_SIGNING_SECRET"])
        to = {"sms": "+15550100", "whatsapp": "whatsapp:+15550101"}[channel]
        public = f"{PUBLIC}/webhooks/{channel}/webhook"
        return TwilioPatient(webhook, public, self._twilio, to)


@contextmanager
def open_server(folder: Path) -> Iterator[OpenServer]:
    with (
        TelegramVendor() as telegram, TwilioVendor() as twilio,
        MessengerVendor() as messenger, SlackVendor() as slack,
    ):  # fmt: skip
        server = OpenServer(folder, telegram, twilio, messenger, slack)
        server.start()
        yield server
        server.stop()
