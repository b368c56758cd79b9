"""Twilio's Messages resource: https://www.twilio.com/docs/messaging/api/message-resource."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar
from urllib.parse import parse_qsl

import requests
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from bot.channels.messaging.channel import MessagingChannel
from bot.channels.messaging.commands import EVERYWHERE, TEXTING, Command
from bot.channels.messaging.errors import (
    RecipientStopped,
    SettingWrong,
    VendorBusy,
    VendorDown,
    VendorRefused,
)
from bot.channels.messaging.incoming import Incoming
from bot.channels.messaging.render import Part
from bot.channels.messaging.settings import public_url, setting
from bot.channels.twilio.renderer import SmsRenderer, WhatsAppRenderer

TIMEOUT = 10.0  # seconds
OWN_PAUSE = 2.0  # seconds, where Twilio does not tell how long to wait
UNSUBSCRIBED = 21610  # Twilio's code: the patient has sent STOP
NOTHING_TO_SAY = '<?xml version="1.0" encoding="UTF-8"?><Response/>'  # the reply comes by the API


class _Http(TwilioHttpClient):
    """Twilio's client, which keeps the Retry-After that its exceptions leave out."""

    def request(self, *args: Any, **kwargs: Any) -> Response:
        answered = super().request(*args, **kwargs)
        if answered.status_code == requests.codes.too_many_requests:
            told = str((answered.headers or {}).get("Retry-After", ""))
            raise VendorBusy(float(told) if told.isdecimal() else OWN_PAUSE)
        return answered


class _TwilioChannel(MessagingChannel):
    """`sender` is a number of the account, or the id of a messaging service ("MG...")."""

    address_prefix: ClassVar[str] = ""

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> _TwilioChannel:
        """Raises SettingMissing, SettingWrong."""
        account, token, sender = (
            setting(cls.name(), credentials, name)
            for name in ("account_sid", "auth_token", "sender")
        )
        public = public_url(cls.name(), credentials)
        return cls(account, token, sender, public, str((credentials or {}).get("api_url") or ""))

    def __init__(
        self, account: str, token: str, sender: str, public: str, api_url: str = ""
    ) -> None:
        super().__init__()
        if not sender.startswith(("+", "MG")):
            raise SettingWrong(
                f"the 'sender' of channel '{self.name()}' has value '{sender}'. Not a phone number "
                "such as +15550100, nor the id of a messaging service (MG...)."
            )
        self._client = Client(account, token, http_client=_Http(timeout=TIMEOUT))
        if api_url:
            self._client.api.base_url = api_url
        self._validator = RequestValidator(token)
        self._webhook_url = f"{public}/webhooks/{self.name()}/webhook"
        is_service = sender.startswith("MG")
        self._from = (
            {"messaging_service_sid": sender}
            if is_service
            else {"from_": f"{self.address_prefix}{sender}"}
        )

    def is_genuine(self, request: Request) -> bool:
        """Twilio signs the address that it was given, which a proxy may have changed since."""
        query = f"?{request.query_string}" if request.query_string else ""
        signature = request.headers["X-Twilio-Signature"]
        valid: bool = self._validator.validate(self._webhook_url + query, _form(request), signature)
        return valid

    def read(self, request: Request) -> Iterable[Incoming]:
        form = _form(request)
        sender = form["From"]
        key = form.get("ButtonPayload") or form.get("ListId") or ""
        has_place = bool(form.get("Latitude"))
        yield Incoming(
            person=sender, address=sender, message_id=form["MessageSid"],
            text=form.get("ButtonText") or form.get("ListTitle") or form.get("Body", ""), key=key,
            has_media=has_place or form.get("NumMedia", "0") != "0",
        )  # fmt: skip

    def acknowledgement(self, request: Request, incoming: Sequence[Incoming]) -> HTTPResponse:
        return response.text(NOTHING_TO_SAY, content_type="text/xml")

    async def send(self, address: str, part: Part) -> None:
        await self.in_thread(self._send, address, part)

    def _send(self, address: str, part: Part) -> None:
        try:
            self._client.messages.create(to=address, body=part.text, **self._from)
        except TwilioRestException as error:
            told = f"status {error.status}, code {error.code}"
            if error.code == UNSUBSCRIBED:
                raise RecipientStopped(told) from None
            if error.status >= requests.codes.server_error:
                raise VendorDown(told) from None
            raise VendorRefused(told) from None
        except (TwilioException, requests.RequestException) as error:
            raise VendorDown(type(error).__name__) from None


class SmsChannel(_TwilioChannel):
    prefix = "sms"
    renderer = SmsRenderer()
    words: ClassVar[dict[str, Command]] = TEXTING
    is_texting = True

    @classmethod
    def name(cls) -> str:
        return "sms"


class WhatsAppChannel(_TwilioChannel):
    prefix = "wa"
    renderer = WhatsAppRenderer()
    words: ClassVar[dict[str, Command]] = EVERYWHERE
    address_prefix = "whatsapp:"

    @classmethod
    def name(cls) -> str:
        return "whatsapp"


def _form(request: Request) -> dict[str, str]:
    """Sanic's own `request.form` leaves out empty fields, which Twilio signs with the others."""
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))
