"""Telegram, by its Bot API: https://core.telegram.org/bots/api."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Iterable, Sequence
from typing import Any

from aiogram import Bot
from aiogram.bot.api import TELEGRAM_PRODUCTION, TelegramAPIServer
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiogram.utils import exceptions
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.messaging.channel import MessagingChannel
from bot.channels.messaging.errors import (
    MarkupRefused,
    SettingWrong,
    VendorBusy,
    VendorDown,
    VendorRefused,
)
from bot.channels.messaging.incoming import Incoming
from bot.channels.messaging.keys import keyed_hash
from bot.channels.messaging.render import Part
from bot.channels.messaging.settings import public_url, setting
from bot.channels.telegram.renderer import TelegramRenderer

TIMEOUT = 10  # seconds
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  (the header's name)
KINDS = ("message", "edited_message", "callback_query")  # of updates, that are asked for
PAUSES = (0, 10, 60, 300, 900)  # seconds before each try to set the webhook


class TelegramChannel(MessagingChannel):
    prefix = "tg"
    renderer = TelegramRenderer()

    @classmethod
    def name(cls) -> str:
        return "telegram"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TelegramChannel:
        """Raises SettingMissing, SettingWrong."""
        return cls(
            setting("telegram", credentials, "token"),
            public_url("telegram", credentials),
            str((credentials or {}).get("api_url") or ""),
        )

    def __init__(self, token: str, public: str, api_url: str = "") -> None:
        super().__init__()
        server = TelegramAPIServer.from_base(api_url) if api_url else TELEGRAM_PRODUCTION
        try:
            self._bot = Bot(token, server=server, timeout=TIMEOUT)
        except exceptions.ValidationError:
            raise SettingWrong("telegram: 'token' is no token of @BotFather") from None
        self._webhook_url = f"{public}/webhooks/telegram/webhook"
        self._caller = keyed_hash("telegram caller", token)

    async def on_start(self) -> None:
        """Tells Telegram where to call, and with which secret. It need not be in reach yet."""
        asked = {
            "url": self._webhook_url, "secret_token": self._caller,
            "allowed_updates": f"""["{'", "'.join(KINDS)}"]""",
        }  # fmt: skip
        for pause in PAUSES:
            await asyncio.sleep(pause)
            try:
                await self._call("setWebhook", **asked)
            except (VendorDown, VendorBusy) as error:
                reason = error
            else:
                return
        raise reason

    async def on_stop(self) -> None:
        await self._bot.session.close()

    def is_genuine(self, request: Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "")
        return hmac.compare_digest(given.encode(), self._caller.encode())

    def read(self, request: Request) -> Iterable[Incoming]:
        update = request.json
        for kind in KINDS:
            if isinstance(update.get(kind), dict):
                yield from self._incoming(kind, update[kind])

    def _incoming(self, kind: str, content: dict[str, Any]) -> Iterable[Incoming]:
        message = content["message"] if kind == "callback_query" else content
        chat = message["chat"]
        where = {
            "person": str(chat["id"]), "address": str(chat["id"]),
            "is_private": chat["type"] == "private",
        }  # fmt: skip
        if kind == "callback_query":
            key = content.get("data") or ""
            yield Incoming(
                message_id=f"tap {content['id']}", text=_title(message, key), key=key, **where
            )
            return
        text = message.get("text") or message.get("caption") or ""
        is_edit = kind == "edited_message"
        # A place that moves is edited every few seconds; somebody who joins a group says nothing.
        if text or (not is_edit and _has_media(message)):
            yield Incoming(
                message_id=str(message["message_id"]), text=text, is_edit=is_edit,
                has_media="text" not in message, **where,
            )  # fmt: skip

    def acknowledgement(self, request: Request, incoming: Sequence[Incoming]) -> HTTPResponse:
        """Ends the waiting sign of a tapped button: Telegram takes a call of its API as answer."""
        for one in incoming:
            if one.key:
                query = one.message_id.removeprefix("tap ")
                return response.json(
                    {"method": "answerCallbackQuery", "callback_query_id": query}
                )
        return response.empty(200)

    async def send(self, address: str, part: Part) -> None:
        buttons = InlineKeyboardMarkup(row_width=1)
        buttons.add(*(InlineKeyboardButton(c.title, callback_data=c.key) for c in part.choices))
        await self._call(
            "sendMessage", chat_id=address, text=part.text, disable_web_page_preview=True,
            **({} if part.is_plain else {"parse_mode": "HTML"}),
            **({"reply_markup": buttons.as_json()} if part.choices else {}),
        )  # fmt: skip

    async def _call(self, method: str, **fields: Any) -> None:
        """Aiogram 2.15 does not know all of today's fields, so its calls by name are not used."""
        try:
            await self._bot.request(method, fields)
        except exceptions.RetryAfter as error:
            raise VendorBusy(float(error.timeout)) from None
        except exceptions.CantParseEntities:
            raise MarkupRefused("cannot parse entities") from None
        except (exceptions.BadRequest, exceptions.Unauthorized, exceptions.NotFound) as error:
            raise VendorRefused(type(error).__name__) from None
        except (exceptions.TelegramAPIError, asyncio.TimeoutError) as error:
            raise VendorDown(type(error).__name__) from None


def _title(message: dict[str, Any], key: str) -> str:
    """What stands on the button; "" where Telegram does not tell."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or ()
    found = (b.get("text", "") for row in rows for b in row if b.get("callback_data") == key)
    return next(found, "")


def _has_media(message: dict[str, Any]) -> bool:
    return bool(MEDIA & message.keys())


MEDIA = frozenset(
    {
        "animation", "audio", "contact", "dice", "document", "game", "invoice", "location",
        "paid_media", "photo", "poll", "sticker", "story", "venue", "video", "video_note", "voice",
    }
)  # fmt: skip
