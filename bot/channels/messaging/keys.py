"""What is made of the clinic's secret for messaging: names of senders, and seals."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet

from bot.channels.messaging.errors import SettingMissing
from bot.privacy.secret import VARIABLE, given_secret, key_for


def check_secret() -> None:
    """What vendors send to several servers has to be known to each: no file of one will do.

    Raises:
        SettingMissing, SecretTooShort: what the variable holds is never told.
    """
    if not given_secret(VARIABLE):
        raise SettingMissing(
            f"{VARIABLE} is not set; messaging channels need it. "
            "Make one with: openssl rand -hex 32"
        )


def keyed_hash(purpose: str, text: str) -> str:
    """40 hex characters: equal for equal texts, and nobody without the secret can guess back."""
    digest = hmac.digest(key_for(purpose), text.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return digest.hex()[:40]


def cipher_for(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key_for(purpose)))
