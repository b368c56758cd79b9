"""Signed tokens: only the holder of one goes on with its conversation."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import struct
from dataclasses import dataclass

from bot.privacy.secret import given_secret, key_for

RANDOM_BYTES = 32
FORM = re.compile(r"[A-Za-z0-9_-]{96}")  # 72 bytes: no padding, and no bit that is not checked
PURPOSE = b"carecite website token 1"
LIFETIME = 2 * 60 * 60  # seconds without a message
LONGEST = 12 * 60 * 60  # seconds a conversation can be renewed for
VARIABLE = "CARECITE_WEBSITE_SECRET"


@dataclass(frozen=True)
class Session:
    """What a valid token says; times in seconds since 1970."""

    random: bytes
    started: int
    expires: int

    @property
    def sender(self) -> str:
        """The conversation's name inside; the token cannot be made from it."""
        return "web-" + hashlib.sha256(self.random).hexdigest()[:40]


class Tokens:
    """Mints and reads the tokens of one secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def start(self, now: float) -> tuple[str, Session]:
        """A new conversation: 256 random bits, signed."""
        return self._sign(Session(secrets.token_bytes(RANDOM_BYTES), int(now), int(now) + LIFETIME))

    def renew(self, session: Session, now: float) -> tuple[str, Session] | None:
        """A later expiry for a conversation that goes on; None where it is too early or late."""
        expires = min(int(now) + LIFETIME, session.started + LONGEST)
        if session.expires - now > LIFETIME / 2 or expires <= session.expires:
            return None
        return self._sign(Session(session.random, session.started, expires))

    def read(self, token: object, now: float) -> Session | None:
        """What the token says; None for a forged, altered, foreign or expired one."""
        if not isinstance(token, str) or not FORM.fullmatch(token):
            return None
        raw = base64.urlsafe_b64decode(token)
        body, signature = raw[:-32], raw[-32:]
        if not hmac.compare_digest(signature, self._signature(body)):
            return None
        started, expires = struct.unpack(">II", body[RANDOM_BYTES:])
        return Session(body[:RANDOM_BYTES], started, expires) if now < expires else None

    def _sign(self, session: Session) -> tuple[str, Session]:
        body = session.random + struct.pack(">II", session.started, session.expires)
        return base64.urlsafe_b64encode(body + self._signature(body)).decode(), session

    def _signature(self, body: bytes) -> bytes:
        return hmac.digest(self._secret, PURPOSE + body, "sha256")


def website_secret() -> bytes:
    """The secret of the website alone, where the environment gives one; else made of the bot's.

    Raises:
        SecretTooShort: a variable holds fewer than 32 characters.
    """
    return given_secret(VARIABLE) or key_for("website token")
