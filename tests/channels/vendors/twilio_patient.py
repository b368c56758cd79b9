"""Twilio's requests for an incoming message, signed by Twilio's own library.

The fields are those of https://www.twilio.com/docs/messaging/guides/webhook-request.
"""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import parse_qsl, urlencode

import requests
from twilio.request_validator import RequestValidator

from vendors.loopback import Button
from vendors.patient import Patient, numbers
from vendors.twilio_api import TwilioVendor, segments

STOPS = frozenset(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"])
STARTS = frozenset(["START", "YES", "UNSTOP"])
MEDIA: dict[str, dict[str, str]] = {
    "photo": {"MediaContentType0": "image/jpeg"},
    "voice": {"MediaContentType0": "audio/ogg"},
    "video": {"MediaContentType0": "video/mp4"},
    "contact": {"MediaContentType0": "text/vcard"},
}
LOCATION = {"Latitude": "41.9", "Longitude": "12.5", "Address": "1 Elm St", "Label": "Home"}


class TwilioPatient(Patient):
    """`public` is the address that Twilio was given, which it signs; `webhook` where it is here."""

    def __init__(self, webhook: str, public: str, vendor: TwilioVendor, to: str) -> None:
        super().__init__(webhook)
        self.is_whatsapp = to.startswith("whatsapp:")
        self.media = (*MEDIA, "location") if self.is_whatsapp else tuple(MEDIA)
        self._public = public
        self._vendor = vendor
        self._bot = to
        self._phone = f"+1{next(numbers):010}"

    @property
    def address(self) -> str:
        return f"whatsapp:{self._phone}" if self.is_whatsapp else self._phone

    def signed(self, body: bytes) -> dict[str, str]:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
        validator = RequestValidator(self._vendor.auth_token)
        return {
            "Content-Type": "application/x-www-form-urlencoded",
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
            "X-Twilio-Signature": validator.compute_signature(self._public, fields),
        }

    def says(self, text: str) -> requests.Response:
        """On a phone number Twilio itself keeps who has sent STOP, and tells the bot of it too."""
        if self._vendor.handles_stop and not self.is_whatsapp:
            if text.strip().upper() in STOPS:
                self._vendor.unsubscribed.add(self.address)
            elif text.strip().upper() in STARTS:
                self._vendor.unsubscribed.discard(self.address)
        return self._message(Body=text, NumMedia="0", NumSegments=str(segments(text)))

    def taps(self, button: Button) -> requests.Response:
        """A quick reply of WhatsApp."""
        return self._message(
            Body=button.title, ButtonText=button.title, ButtonPayload=button.payload,
            MessageType="button", NumMedia="0",
        )  # fmt: skip

    def sends(self, kind: str) -> requests.Response:
        if kind == "location":
            return self._message(Body="", NumMedia="0", MessageType="location", **LOCATION)
        api = "https://api.twilio.com/2010-04-01/Accounts"
        url = f"{api}/{self._vendor.account_sid}/Messages/MM1/Media/ME1"
        return self._message(Body="", NumMedia="1", MediaUrl0=url, **MEDIA[kind])

    def _message(self, **fields: str) -> requests.Response:
        sid = f"SM{uuid.uuid4().hex}"
        whatsapp: dict[str, Any] = {
            "ProfileName": "Ada Example", "WaId": self._phone.lstrip("+"), "MessageType": "text",
        }  # fmt: skip
        sms = {"FromCity": "ELM", "FromState": "CA", "FromZip": "94000", "FromCountry": "US"}
        form = {
            "MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "SmsStatus": "received",
            "AccountSid": self._vendor.account_sid, "From": self.address, "To": self._bot,
            "NumSegments": "1", "ApiVersion": "2010-04-01",
            **(whatsapp if self.is_whatsapp else sms), **fields,
        }  # fmt: skip
        return self.post(urlencode(form).encode())
