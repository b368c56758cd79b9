"""Messenger's webhook events, signed with the app's secret as X-Hub-Signature-256.

Formats: https://developers.facebook.com/docs/messenger-platform/reference/webhook-events.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from typing import Any

import requests

from vendors.loopback import Button
from vendors.patient import Patient, numbers

PAGE = "108000000000001"
LIKE = 369239263222822  # the thumb, a sticker
FILE = {"url": "https://cdn.example/file?_nc_cat=1"}
MEDIA: dict[str, dict[str, Any]] = {
    "photo": {"type": "image", "payload": FILE},
    "sticker": {"type": "image", "payload": {**FILE, "sticker_id": LIKE}},
    "voice": {"type": "audio", "payload": FILE},
    "video": {"type": "video", "payload": FILE},
    "document": {"type": "file", "payload": FILE},
    "location": {"type": "location", "payload": {"coordinates": {"lat": 41.9, "long": 12.5}}},
}


class MessengerPatient(Patient):
    media = tuple(MEDIA)

    def __init__(self, webhook: str, app_secret: str) -> None:
        super().__init__(webhook)
        self._secret = app_secret.encode()
        self._id = f"25{next(numbers)}"
        self._mid = ""

    @property
    def address(self) -> str:
        return self._id

    def signed(self, body: bytes) -> dict[str, str]:
        sha1 = hmac.new(self._secret, body, hashlib.sha1).hexdigest()
        sha256 = hmac.new(self._secret, body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "X-Hub-Signature": f"sha1={sha1}",
            "X-Hub-Signature-256": f"sha256={sha256}",
        }

    def says(self, text: str) -> requests.Response:
        return self.events(self.text(text))

    def taps(self, button: Button) -> requests.Response:
        """A quick reply."""
        event = self.text(button.title)
        event["message"]["quick_reply"] = {"payload": button.payload}
        return self.events(event)

    def taps_postback(self, button: Button) -> requests.Response:
        """A button of a template."""
        return self.events(self.postback(button))

    def sends(self, kind: str) -> requests.Response:
        return self.events(self._event(message={"mid": self._new(), "attachments": [MEDIA[kind]]}))

    def edits(self, text: str) -> requests.Response:
        """Changes the last message."""
        return self.events(
            self._event(message_edit={"mid": self._mid, "text": text, "num_edit": 1})
        )

    def events(self, *events: dict[str, Any]) -> requests.Response:
        """All in one batch, each in an entry of its own as they come when traffic is high."""
        now = int(time.time() * 1000)
        entries = [{"id": PAGE, "time": now, "messaging": [event]} for event in events]
        return self.post(json.dumps({"object": "page", "entry": entries}).encode())

    def text(self, text: str) -> dict[str, Any]:
        return self._event(message={"mid": self._new(), "text": text})

    def postback(self, button: Button) -> dict[str, Any]:
        return self._event(
            postback={"mid": self._new(), "title": button.title, "payload": button.payload}
        )

    def echo(self, text: str) -> dict[str, Any]:
        """The bot's own message, told to the page's apps."""
        event = self.text(text)
        event["message"].update(is_echo=True, app_id=1517776481860111)
        event["sender"], event["recipient"] = event["recipient"], event["sender"]
        return event

    def delivery(self) -> dict[str, Any]:
        return self._event(delivery={"mids": [self._mid], "watermark": int(time.time() * 1000)})

    def read(self) -> dict[str, Any]:
        return self._event(read={"watermark": int(time.time() * 1000)})

    def reaction(self) -> dict[str, Any]:
        reaction = {"reaction": "love", "emoji": "\u2764", "action": "react", "mid": self._mid}
        return self._event(reaction=reaction)

    def _new(self) -> str:
        self._mid = f"m_{uuid.uuid4().hex}"
        return self._mid

    def _event(self, **content: Any) -> dict[str, Any]:
        return {
            "sender": {"id": self._id}, "recipient": {"id": PAGE},
            "timestamp": int(time.time() * 1000), **content,
        }  # fmt: skip
