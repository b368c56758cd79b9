"""Updates of Telegram's Bot API, in the formats of https://core.telegram.org/bots/api#update."""

from __future__ import annotations

import json
import time
from typing import Any

import requests

from vendors.loopback import Button
from vendors.patient import Patient, numbers
from vendors.telegram_api import BOT, TelegramVendor

FILE = {"file_id": "AgACAgIAAxkBAAMC", "file_unique_id": "AQADyLcx", "file_size": 5120}
MEDIA: dict[str, dict[str, Any]] = {
    "photo": {"photo": [{**FILE, "width": 90, "height": 67}], "caption": "what is this?"},
    "sticker": {
        "sticker": {
            **FILE, "type": "regular", "width": 512, "height": 512, "is_animated": False,
            "is_video": False, "emoji": "\U0001f44d", "set_name": "Thumbs",
        }
    },
    "location": {"location": {"latitude": 41.9, "longitude": 12.5}},
    "voice": {"voice": {**FILE, "duration": 3, "mime_type": "audio/ogg"}},
    "video": {"video": {**FILE, "duration": 3, "width": 320, "height": 240}},
    "document": {"document": {**FILE, "file_name": "scan.pdf", "mime_type": "application/pdf"}},
    "contact": {"contact": {"phone_number": "+15550100", "first_name": "Kin"}},
}  # fmt: skip


class TelegramPatient(Patient):
    media = tuple(MEDIA)

    def __init__(self, webhook: str, secret_token: str, vendor: TelegramVendor) -> None:
        super().__init__(webhook)
        self.secret_token = secret_token
        self._vendor = vendor
        self._id = next(numbers)
        self._user = {
            "id": self._id, "is_bot": False, "first_name": "Ada", "last_name": "Example",
            "username": "ada_example", "language_code": "en",
        }  # fmt: skip
        self._chat = {**self._user, "type": "private"}
        self._message: dict[str, Any] = {}

    @property
    def address(self) -> str:
        return str(self._id)

    def signed(self, body: bytes) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "X-Telegram-Bot-Api-Secret-Token": self.secret_token,
        }

    def says(self, text: str) -> requests.Response:
        entities = {}
        if text.startswith("/"):
            command = {"offset": 0, "length": len(text.split(maxsplit=1)[0]), "type": "bot_command"}
            entities = {"entities": [command]}
        return self.update(message=self._new_message(text=text, **entities))

    def sends(self, kind: str) -> requests.Response:
        return self.update(message=self._new_message(**MEDIA[kind]))

    def edits(self, text: str) -> requests.Response:
        """Changes the last message."""
        edited = {**self._message, "text": text, "edit_date": int(time.time())}
        return self.update(edited_message=edited)

    def taps(self, button: Button) -> requests.Response:
        query = str(next(numbers))
        self._vendor.queries.add(query)
        keyboard = [[{"text": button.title, "callback_data": button.payload}]]
        return self.update(
            callback_query={
                "id": query, "from": self._user, "chat_instance": "-3402", "data": button.payload,
                "message": {
                    "message_id": next(numbers), "from": BOT, "chat": self._chat,
                    "date": int(time.time()), "text": "the bot's message",
                    "reply_markup": {"inline_keyboard": keyboard},
                },
            }
        )  # fmt: skip

    def blocks_the_bot(self) -> requests.Response:
        return self.update(
            my_chat_member={
                "chat": self._chat, "from": self._user, "date": int(time.time()),
                "old_chat_member": {"user": BOT, "status": "member"},
                "new_chat_member": {"user": BOT, "status": "kicked", "until_date": 0},
            }
        )  # fmt: skip

    def posts_in_a_channel(self, text: str) -> requests.Response:
        channel = {"id": -1001234567890, "type": "channel", "title": "News"}
        return self.update(
            channel_post={
                "message_id": next(numbers), "sender_chat": channel, "chat": channel,
                "date": int(time.time()), "text": text,
            }
        )  # fmt: skip

    def update(self, **content: Any) -> requests.Response:
        """One update with this content, in a request of its own as Telegram sends them."""
        return self.post(json.dumps({"update_id": next(numbers), **content}).encode())

    def _new_message(self, **content: Any) -> dict[str, Any]:
        self._message = {
            "message_id": next(numbers), "from": self._user, "chat": self._chat,
            "date": int(time.time()), **content,
        }  # fmt: skip
        return self._message
