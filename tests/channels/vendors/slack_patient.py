"""Slack's Events API and interactive payloads, signed by Slack's own library.

Formats: https://docs.slack.dev/apis/events-api and
https://docs.slack.dev/reference/interaction-payloads/block_actions-payload.
"""

from __future__ import annotations

import html
import json
import time
from typing import Any
from urllib.parse import urlencode

import requests
from slack_sdk.signature import SignatureVerifier

from vendors.loopback import Button
from vendors.patient import Patient, numbers
from vendors.slack_api import BOT

TEAM = BOT["team_id"]
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MEDIA: dict[str, dict[str, str]] = {
    "photo": {"mimetype": "image/jpeg", "filetype": "jpg", "name": "pills.jpg"},
    "voice": {"mimetype": "audio/mp4", "filetype": "m4a", "name": "audio_message.m4a"},
    "video": {"mimetype": "video/mp4", "filetype": "mp4", "name": "clip.mp4"},
    "document": {"mimetype": "application/pdf", "filetype": "pdf", "name": "scan.pdf"},
}


class SlackPatient(Patient):
    media = tuple(MEDIA)

    def __init__(self, webhook: str, signing_secret: str) -> None:
        super().__init__(webhook)
        self._verifier = SignatureVerifier(signing_secret)
        number = next(numbers)
        self.user = f"U{number}"
        self._channel = f"D{number}"
        self._message: dict[str, Any] = {}

    @property
    def address(self) -> str:
        return self._channel

    def signed(self, body: bytes) -> dict[str, str]:
        return self.signed_at(int(time.time()), body)

    def signed_at(self, seconds: int, body: bytes) -> dict[str, str]:
        signature = self._verifier.generate_signature(timestamp=str(seconds), body=body)
        assert signature
        return {
            "Content-Type": FORM if body.startswith(b"payload=") else JSON,
            "X-Slack-Request-Timestamp": str(seconds),
            "X-Slack-Signature": signature,
        }

    def says(self, text: str) -> requests.Response:
        """Slack escapes what people type."""
        return self.event(**self._new_message(text=html.escape(text, quote=False)))

    def mentions(self, text: str, channel: str = "C0GENERAL1") -> requests.Response:
        """Speaks to the bot where all members of a channel can read it."""
        message = self._new_message(text=f"<@{BOT['user_id']}> {text}", channel=channel)
        message.pop("channel_type")
        return self.event(**{**message, "type": "app_mention"})

    def sends(self, kind: str) -> requests.Response:
        file = {"id": f"F{next(numbers)}", "mode": "hosted", "size": 5120, **MEDIA[kind]}
        return self.event(**self._new_message(text="", subtype="file_share", files=[file]))

    def edits(self, text: str) -> requests.Response:
        """Changes the last message."""
        now = _now()
        edited = {**self._message, "text": text, "edited": {"user": self.user, "ts": now}}
        return self._of_channel(
            subtype="message_changed", message=edited, previous_message=self._message, hidden=True
        )

    def deletes(self) -> requests.Response:
        """Takes the last message away."""
        return self._of_channel(
            subtype="message_deleted", previous_message=self._message,
            deleted_ts=self._message["ts"], hidden=True,
        )  # fmt: skip

    def hears(self, text: str, **more: Any) -> requests.Response:
        """The bot's own message comes back as an event, with `subtype="bot_message"` or without."""
        message = self._new_message(text=text, user=BOT["user_id"], bot_id=BOT["bot_id"], **more)
        return self.event(**message)

    def verifies_the_address(self, challenge: str) -> requests.Response:
        body = {"token": "Jhj5dZrVaK7ZwHHjRyZWjbDl", "type": "url_verification"}
        return self.post(json.dumps({**body, "challenge": challenge}).encode())

    def taps(self, button: Button) -> requests.Response:
        now = _now()
        said = {"type": "message", "user": BOT["user_id"], "bot_id": BOT["bot_id"], "ts": now,
                "team": TEAM, "text": "the bot's message", "blocks": []}  # fmt: skip
        action = {
            "type": "button", "action_id": "choice_0", "block_id": "b1", "value": button.payload,
            "text": {"type": "plain_text", "text": button.title, "emoji": True}, "action_ts": now,
        }  # fmt: skip
        payload = {
            "type": "block_actions", "api_app_id": "A0CARECITE", "actions": [action],
            "user": {"id": self.user, "username": "ada", "name": "ada", "team_id": TEAM},
            "team": {"id": TEAM, "domain": "clinic"}, "enterprise": None,
            "channel": {"id": self._channel, "name": "directmessage"}, "message": said,
            "container": {"type": "message", "message_ts": now, "channel_id": self._channel,
                          "is_ephemeral": False},
            "trigger_id": f"{next(numbers)}.1.{next(numbers)}", "state": {"values": {}},
            "response_url": "https://hooks.slack.com/actions/T0CLINIC01/1/2",
        }  # fmt: skip
        return self.post(urlencode({"payload": json.dumps(payload)}).encode())

    def event(self, **event: Any) -> requests.Response:
        body = {
            "token": "Jhj5dZrVaK7ZwHHjRyZWjbDl", "team_id": TEAM, "api_app_id": "A0CARECITE",
            "type": "event_callback", "event_id": f"Ev{next(numbers)}",
            "event_time": int(time.time()), "is_ext_shared_channel": False, "event": event,
            "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT["user_id"],
                                "is_bot": True, "is_enterprise_install": False}],
        }  # fmt: skip
        return self.post(json.dumps(body).encode())

    def _new_message(self, **content: Any) -> dict[str, Any]:
        now = _now()
        self._message = {
            "type": "message", "user": self.user, "ts": now, "event_ts": now, "team": TEAM,
            "client_msg_id": f"00000000-0000-4000-8000-{next(numbers):012}",
            "channel": self._channel, "channel_type": "im", **content,
        }  # fmt: skip
        return self._message

    def _of_channel(self, **content: Any) -> requests.Response:
        now = _now()
        return self.event(
            type="message", channel=self._channel, channel_type="im", ts=now, event_ts=now,
            **content,
        )  # fmt: skip


def _now() -> str:
    return f"{time.time():.6f}"
