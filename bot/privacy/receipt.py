"""Receipts of deletions: they can be checked, though nothing is kept of them."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import struct
from datetime import date, timedelta

from bot.privacy.secret import key_for

FORM = re.compile(r"[A-Z2-7]{16}")
FIRST_DAY = date(2020, 1, 1)
RANDOM_BYTES, SIGNATURE_BYTES = 4, 4


def new_receipt(today: date) -> str:
    """`K7QF-2ABC-...`: the day, chance, and a signature; nothing of the person."""
    day = struct.pack(">H", (today - FIRST_DAY).days)
    body = day + secrets.token_bytes(RANDOM_BYTES)
    text = base64.b32encode(body + _signature(body)).decode()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def day_of_receipt(text: str) -> date | None:
    """The day on which this bot gave it; None if it never did."""
    plain = re.sub(r"[\s-]", "", text).upper()
    if not FORM.fullmatch(plain):
        return None
    raw = base64.b32decode(plain)
    body, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(body)):
        return None
    return FIRST_DAY + timedelta(days=struct.unpack(">H", body[:2])[0])


def _signature(body: bytes) -> bytes:
    return hmac.digest(key_for("receipt"), body, "sha256")[:SIGNATURE_BYTES]
