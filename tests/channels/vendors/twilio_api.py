"""Twilio's Messages resource: https://www.twilio.com/docs/messaging/api/message-resource."""

from __future__ import annotations

import base64
import re
import uuid
from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from vendors.loopback import Call, Reply, Shown, Vendor, VendorError

LONGEST_BODY = 1600  # characters
NUMBER = re.compile(r"(whatsapp:)?\+[1-9]\d{6,14}")
WHATSAPP_MARKUP = re.compile(r"(?<!\w)([*_~])(?=\S)([^\n]*?)(?<=\S)\1(?!\w)")
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("^{}\\[~]|€\f")  # two places each


def refused(code: int, message: str, status: int = 400) -> VendorError:
    more = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": code, "message": message, "more_info": more, "status": status}
    return VendorError(Reply(body, status))


def segments(text: str) -> int:
    """Parts of a text message: 160 places in the GSM alphabet (153 of several), 70 (67) else."""
    if all(c in GSM or c in GSM_EXTENDED for c in text):
        places, alone, each = sum(1 + (c in GSM_EXTENDED) for c in text), 160, 153
    else:
        places, alone, each = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if places <= alone else -(-places // each)


class TwilioVendor(Vendor):
    """`client.api.base_url = vendor.address` points Twilio's client to it."""

    def __init__(
        self, account_sid: str = "AC" + "0a1b2c3d" * 4, auth_token: str = "5e6f7a8b" * 4
    ) -> None:
        super().__init__()
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.numbers: set[str] = {"+15550100", "whatsapp:+15550101"}  # that the account owns
        self.unsubscribed: set[str] = set()  # phones that have sent STOP
        self.handles_stop = True  # False: a messaging service that leaves it to the bot

    def method_of(self, request: web.Request) -> str:
        return f"{request.method} {super().method_of(request)}"

    def answer(self, request: web.Request, fields: dict[str, Any]) -> Reply:
        wanted = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {wanted}":
            raise refused(20003, "Authenticate", 401)
        if request.path != f"/2010-04-01/Accounts/{self.account_sid}/Messages.json":
            raise refused(20404, f"The requested resource {request.path} was not found", 404)
        self._check(fields)
        return Reply(self._message(fields), 201)

    def too_many(self, seconds: int) -> Reply:
        reply = refused(20429, "Too Many Requests", 429).reply
        return Reply(reply.body, 429, {"Retry-After": str(seconds)})

    def unwanted(self) -> Reply:
        return refused(21610, "Attempt to send to unsubscribed recipient").reply

    def broken(self) -> Reply:
        return refused(20500, "Internal Server Error", 500).reply

    def shown_by(self, call: Call) -> Shown | None:
        to, text = call.fields["To"], call.fields["Body"]
        return Shown(to, WHATSAPP_MARKUP.sub(r"\2", text) if to.startswith("whatsapp:") else text)

    def _check(self, fields: dict[str, Any]) -> None:
        to, sender = fields.get("To", ""), fields.get("From", "")
        if not to:
            raise refused(21604, "A 'To' phone number is required.")
        if not NUMBER.fullmatch(to):
            raise refused(21211, f"Invalid 'To' Phone Number: {to}")
        if not sender and not fields.get("MessagingServiceSid"):
            raise refused(21603, "A 'From' phone number is required.")
        if sender and sender not in self.numbers:
            raise refused(21606, f"The 'From' number {sender} is not a valid phone number")
        if sender and sender.startswith("whatsapp:") != to.startswith("whatsapp:"):
            raise refused(21910, "Invalid From and To pair. From and To should be of same channel")
        if not fields.get("Body", "").strip() and not fields.get("MediaUrl"):
            raise refused(21602, "Message body is required.")
        if len(fields["Body"]) > LONGEST_BODY:
            limit = f"the {LONGEST_BODY} character limit"
            raise refused(21617, f"The concatenated message body exceeds {limit}")
        if to in self.unsubscribed:
            raise refused(21610, "Attempt to send to unsubscribed recipient")

    def _message(self, fields: dict[str, Any]) -> dict[str, Any]:
        sid = f"SM{uuid.uuid4().hex}"
        now = format_datetime(datetime.now(timezone.utc))
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Messages/{sid}"
        return {
            "sid": sid, "account_sid": self.account_sid, "api_version": "2010-04-01",
            "body": fields["Body"], "direction": "outbound-api", "status": "queued",
            "to": fields["To"], "from": fields.get("From"), "num_media": "0",
            "messaging_service_sid": fields.get("MessagingServiceSid"),
            "num_segments": str(segments(fields["Body"])), "date_created": now,
            "date_updated": now, "date_sent": None, "error_code": None, "error_message": None,
            "price": None, "price_unit": "USD", "uri": f"{uri}.json",
            "subresource_uris": {"media": f"{uri}/Media.json"},
        }  # fmt: skip
