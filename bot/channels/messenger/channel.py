"""Facebook Messenger, through a page of the clinic."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from typing import Any

import requests
from fbmessenger import MessengerClient
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.messaging.channel import MessagingChannel
from bot.channels.messaging.errors import (
    RecipientStopped,
    VendorBusy,
    VendorDown,
    VendorRefused,
)
from bot.channels.messaging.incoming import Incoming
from bot.channels.messaging.render import Part
from bot.channels.messaging.settings import setting
from bot.channels.messenger.renderer import MessengerRenderer

GRAPH_VERSION = "23.0"
ANSWER_WITHIN = 10  # seconds
RATE_LIMITED = frozenset({4, 17, 32, 613, 80006})  # codes of Graph errors
PAUSE = 5.0  # seconds; Messenger does not say how long to wait
TRANSIENT = frozenset({1, 2, 1200})
NOT_AVAILABLE = frozenset({551})  # has blocked the page, or is gone
NO_MEDIA = frozenset({"fallback", "template"})  # a link's preview, something shared


class MessengerChannel(MessagingChannel):
    """Its events: developers.facebook.com/docs/messenger-platform/reference/webhook-events."""

    prefix = "fb"
    renderer = MessengerRenderer()

    def __init__(self, app_secret: str, verify_token: str, client: MessengerClient) -> None:
        super().__init__()
        self._app_secret = app_secret.encode()
        self._verify_token = verify_token.encode()
        self._client = client

    @classmethod
    def name(cls) -> str:
        return "messenger"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> MessengerChannel:
        app_secret, verify_token, page_token = (
            setting(cls.name(), credentials, name)
            for name in ("app_secret", "verify_token", "page_access_token")
        )
        client = MessengerClient(page_token, app_secret=app_secret, api_version=GRAPH_VERSION)
        if credentials and credentials.get("api_url"):
            client.graph_url = credentials["api_url"]
        return cls(app_secret, verify_token, client)

    def is_genuine(self, request: Request) -> bool:
        given = request.headers.get("X-Hub-Signature-256", "")
        wanted = f"sha256={hmac.new(self._app_secret, request.body, 'sha256').hexdigest()}"
        return hmac.compare_digest(given.encode(), wanted.encode())

    def read(self, request: Request) -> list[Incoming]:
        """All messages of all entries: Messenger puts several into one request when busy."""
        body = json.loads(request.body)
        events = (e for entry in _dicts(body, "entry") for e in _dicts(entry, "messaging"))
        return [incoming for event in events if (incoming := _incoming(event))]

    async def send(self, address: str, part: Part) -> None:
        await self.in_thread(self._send, address, part)

    def add_routes(self, blueprint: Blueprint) -> None:
        @blueprint.get("/webhook")  # Sanic sets attributes on handlers, so a method cannot be one
        async def verify(request: Request) -> HTTPResponse:
            return await self._verify(request)

    async def _verify(self, request: Request) -> HTTPResponse:
        """Facebook asks once, when the address is entered in the app's settings."""
        given = (request.args.get("hub.verify_token") or "").encode()
        is_ours = request.args.get("hub.mode") == "subscribe"
        if not (is_ours and hmac.compare_digest(given, self._verify_token)):
            return response.text("forbidden", status=403)
        return response.text(request.args.get("hub.challenge") or "")

    def _send(self, address: str, part: Part) -> None:
        message: dict[str, Any] = {"text": part.text}
        if part.choices:
            message["quick_replies"] = [
                {"content_type": "text", "title": choice.title, "payload": choice.key}
                for choice in part.choices
            ]
        try:
            answer = self._client.send(message, address, timeout=ANSWER_WITHIN)
        except (requests.RequestException, ValueError) as error:
            # Its text would show the address with the page's token in it.
            raise VendorDown(type(error).__name__) from None
        if "error" in answer:
            raise _failure(answer["error"])


def _failure(error: dict[str, Any]) -> VendorDown | VendorBusy | VendorRefused:
    code = error.get("code")
    if code in RATE_LIMITED:
        return VendorBusy(PAUSE)
    said = f"Graph error {code}, subcode {error.get('error_subcode')}"
    if code in TRANSIENT or error.get("is_transient"):
        return VendorDown(said)
    return RecipientStopped(said) if code in NOT_AVAILABLE else VendorRefused(said)


def _incoming(event: dict[str, Any]) -> Incoming | None:
    """None for what is no message of a patient: echoes, receipts, reactions."""
    person = _string(event, "sender", "id")
    if not person:
        return None
    if "postback" in event:
        return Incoming(
            person, person, _string(event, "postback", "mid") or str(event.get("timestamp")),
            _string(event, "postback", "title"), _string(event, "postback", "payload"),
        )  # fmt: skip
    if "message_edit" in event:
        mid, text = _string(event, "message_edit", "mid"), _string(event, "message_edit", "text")
        return Incoming(person, person, mid, text, is_edit=True)
    message = event.get("message")
    if not isinstance(message, dict) or message.get("is_echo") or message.get("is_deleted"):
        return None
    return Incoming(
        person, person, _string(message, "mid"), _string(message, "text"),
        _string(message, "quick_reply", "payload"),
        has_media=any(a.get("type") not in NO_MEDIA for a in _dicts(message, "attachments")),
    )  # fmt: skip


def _string(data: Any, *path: str) -> str:
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, str) else ""


def _dicts(data: Any, name: str) -> Iterator[dict[str, Any]]:
    listed = data.get(name) if isinstance(data, dict) else None
    yield from (one for one in listed or () if isinstance(one, dict))
