"""Telegram's Bot API: https://core.telegram.org/bots/api as of version 7."""

from __future__ import annotations

import html
import json
import re
import time
from typing import Any

from aiohttp import web

from vendors.loopback import Button, Call, Reply, Shown, Vendor, VendorError
from vendors.patient import numbers

LONGEST_TEXT = 4096  # characters after entities are parsed
LONGEST_CALLBACK_DATA = 64  # bytes
LONGEST_CALLBACK_ANSWER = 200  # characters
SECRET_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,256}")
TAGS = frozenset(
    [
        "b",
        "strong",
        "i",
        "em",
        "u",
        "ins",
        "s",
        "strike",
        "del",
        "tg-spoiler",
        "span",
        "a",
        "code",
        "pre",
        "blockquote",
        "tg-emoji",
    ]
)
TAG = re.compile(r"<(/?)([a-z-]*)((?:\s[^<>]*)?)(>?)")
BOT = {"id": 4711, "is_bot": True, "first_name": "Carecite", "username": "carecite_bot"}


def refused(description: str, status: int = 400, **parameters: Any) -> VendorError:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return VendorError(Reply(body, status))


class TelegramVendor(Vendor):
    """`Bot(token, server=TelegramAPIServer.from_base(vendor.address))` talks to it."""

    def __init__(self, token: str = "4711:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw") -> None:  # noqa: S107
        super().__init__()
        self.token = token
        self.webhook: dict[str, Any] = {}
        self.queries: set[str] = set()  # callback queries that wait for their answer

    def answer(self, request: web.Request, fields: dict[str, Any]) -> Reply:
        if request.path != f"/bot{self.token}/{self.method_of(request)}":
            raise refused("Unauthorized", 401)
        method = getattr(self, f"_{self.method_of(request).lower()}", None)
        if method is None:
            raise refused("Not Found", 404)
        return Reply({"ok": True, "result": method(fields)})

    def too_many(self, seconds: int) -> Reply:
        reply = refused(f"Too Many Requests: retry after {seconds}", 429, retry_after=seconds).reply
        return Reply(reply.body, 429, {"Retry-After": str(seconds)})

    def unwanted(self) -> Reply:
        return refused("Forbidden: bot was blocked by the user", 403).reply

    def broken(self) -> Reply:
        return refused("Bad Gateway", 502).reply

    def shown_by(self, call: Call) -> Shown | None:
        if call.method != "sendMessage":
            return None
        text = _as_shown(call.fields["text"], call.fields.get("parse_mode"))
        return Shown(str(call.fields["chat_id"]), text, _rows(call.fields))

    def _getme(self, fields: dict[str, Any]) -> dict[str, Any]:
        return BOT

    def _setwebhook(self, fields: dict[str, Any]) -> bool:
        if not str(fields.get("url", "")).startswith("https://"):
            raise refused("Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        secret = fields.get("secret_token")
        if secret is not None and not SECRET_TOKEN.fullmatch(secret):
            raise refused("Bad Request: secret token contains unallowed characters")
        self.webhook = dict(fields)
        return True

    def _deletewebhook(self, fields: dict[str, Any]) -> bool:
        self.webhook = {}
        return True

    def _getwebhookinfo(self, fields: dict[str, Any]) -> dict[str, Any]:
        url = self.webhook.get("url", "")
        return {"url": url, "has_custom_certificate": False, "pending_update_count": 0}

    def _setmycommands(self, fields: dict[str, Any]) -> bool:
        return True

    def _sendchataction(self, fields: dict[str, Any]) -> bool:
        return True

    def _answercallbackquery(self, fields: dict[str, Any]) -> bool:
        if len(fields.get("text") or "") > LONGEST_CALLBACK_ANSWER:
            raise refused("Bad Request: MESSAGE_TOO_LONG")
        if fields.get("callback_query_id") not in self.queries:
            raise refused(
                "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        self.queries.discard(fields["callback_query_id"])
        return True

    def _sendmessage(self, fields: dict[str, Any]) -> dict[str, Any]:
        if not re.fullmatch(r"-?\d+", str(fields.get("chat_id", ""))):
            raise refused("Bad Request: chat not found")
        text = _as_shown(str(fields.get("text") or ""), fields.get("parse_mode"))
        if not text.strip():
            raise refused("Bad Request: message text is empty")
        if len(text) > LONGEST_TEXT:
            raise refused("Bad Request: message is too long")
        for button in (button for row in _rows(fields) for button in row):
            if not button.title:
                raise refused("Bad Request: text buttons are unallowed in the inline keyboard")
            if not 1 <= len(button.payload.encode()) <= LONGEST_CALLBACK_DATA:
                raise refused("Bad Request: BUTTON_DATA_INVALID")
        chat = {"id": int(fields["chat_id"]), "type": "private", "first_name": "A patient"}
        return {
            "message_id": next(numbers), "from": BOT, "chat": chat, "date": int(time.time()),
            "text": text,
        }  # fmt: skip


def _rows(fields: dict[str, Any]) -> tuple[tuple[Button, ...], ...]:
    markup = fields.get("reply_markup") or {}
    markup = json.loads(markup) if isinstance(markup, str) else markup
    return tuple(
        tuple(Button(b.get("text", ""), b.get("callback_data", "")) for b in row)
        for row in markup.get("inline_keyboard", ())
    )


def _as_shown(text: str, parse_mode: str | None) -> str:
    """The text without its tags. Only plain text and HTML are spoken here."""
    if not parse_mode:
        return text
    if parse_mode.lower() != "html":
        raise refused("Bad Request: unsupported parse_mode")
    opened: list[str] = []
    for found in TAG.finditer(text):
        closing, name, _, end = found.groups()
        at = f"at byte offset {len(text[: found.start()].encode())}"
        if closing:
            if not opened or opened.pop() != name:
                raise refused(f"Bad Request: can't parse entities: Unmatched end tag {at}")
        elif name not in TAGS or not end:
            problem = f'Unsupported start tag "{name}" {at}'
            raise refused(f"Bad Request: can't parse entities: {problem}")
        else:
            opened.append(name)
    if opened:
        problem = f'Can\'t find end tag corresponding to start tag "{opened[-1]}"'
        raise refused(f"Bad Request: can't parse entities: {problem}")
    return html.unescape(TAG.sub("", text))
