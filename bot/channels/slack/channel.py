"""Slack: direct messages with the clinic's app."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import aiohttp
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.messaging.channel import MessagingChannel
from bot.channels.messaging.errors import VendorBusy, VendorDown, VendorRefused
from bot.channels.messaging.incoming import Incoming
from bot.channels.messaging.render import Part
from bot.channels.messaging.settings import setting
from bot.channels.slack.events import body_of, incoming_of, thread_of
from bot.channels.slack.renderer import SlackRenderer, blocks

ANSWER_WITHIN = 10  # seconds
PAUSE = 5.0  # seconds, where Slack does not say how long to wait
TRANSIENT = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})


class SlackChannel(MessagingChannel):
    """Slack's own library signs, checks and sends."""

    prefix = "sl"
    renderer = SlackRenderer()

    def __init__(self, signing_secret: str, client: AsyncWebClient) -> None:
        super().__init__()
        self._verifier = SignatureVerifier(signing_secret)
        self._client = client

    @classmethod
    def name(cls) -> str:
        return "slack"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SlackChannel:
        signing_secret, token = (
            setting(cls.name(), credentials, name) for name in ("signing_secret", "bot_token")
        )
        api_url = (credentials or {}).get("api_url") or AsyncWebClient.BASE_URL
        # No handlers: bot/channels/messaging/delivery.py tries again.
        client = AsyncWebClient(token, api_url, timeout=ANSWER_WITHIN, retry_handlers=[])
        return cls(signing_secret, client)

    def is_genuine(self, request: Request) -> bool:
        """The signature is right, and not older than five minutes."""
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        signature = request.headers.get("X-Slack-Signature", "")
        if not (timestamp.isascii() and timestamp.isdecimal() and signature.isascii()):
            return False
        try:
            return self._verifier.is_valid(request.body, timestamp, signature)
        except UnicodeDecodeError:
            return False

    def read(self, request: Request) -> list[Incoming]:
        return incoming_of(body_of(request))

    def acknowledgement(self, request: Request, incoming: Sequence[Incoming]) -> HTTPResponse:
        """Slack asks for its challenge once, when the address is entered in the app's settings."""
        body = body_of(request)
        if body.get("type") == "url_verification":
            return response.text(str(body.get("challenge")))
        return response.empty(status=200)

    async def send(self, address: str, part: Part) -> None:
        channel, thread = thread_of(address)
        try:
            await self._client.chat_postMessage(
                channel=channel, thread_ts=thread, text=part.text, blocks=blocks(part),
                unfurl_links=False, unfurl_media=False,
            )  # fmt: skip
        except SlackApiError as error:
            raise _failure(error) from None
        except (aiohttp.ClientError, SlackClientError, asyncio.TimeoutError) as error:
            raise VendorDown(type(error).__name__) from None


def _failure(error: SlackApiError) -> VendorDown | VendorBusy | VendorRefused:
    answer = error.response
    if answer.status_code == 429:
        seconds = answer.headers.get("Retry-After", "")
        return VendorBusy(float(seconds) if seconds.isdecimal() else PAUSE)
    said = f"status {answer.status_code}, error {answer.get('error')}"
    if answer.status_code >= 500 or answer.get("error") in TRANSIENT:
        return VendorDown(said)
    return VendorRefused(said)
