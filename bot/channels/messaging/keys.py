"""One secret of the clinic, and a key of its own for each purpose."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.channels.messaging.errors import SettingMissing, SettingWrong

VARIABLE = "CARECITE_SECRET"
SHORTEST = 32  # characters
HOW_TO_MAKE = "Make one with: openssl rand -hex 32"


def check_secret() -> None:
    """Raises SettingMissing or SettingWrong; what the variable holds is never told."""
    given = os.environ.get(VARIABLE, "")
    if not given:
        raise SettingMissing(f"{VARIABLE} is not set; messaging channels need it. {HOW_TO_MAKE}")
    if len(given) < SHORTEST:
        raise SettingWrong(
            f"{VARIABLE} has {len(given)} characters; it needs {SHORTEST} or more. {HOW_TO_MAKE}"
        )


def key_for(purpose: str) -> bytes:
    """32 bytes that belong to this purpose alone."""
    check_secret()
    return _derived(os.environ[VARIABLE], purpose)


def keyed_hash(purpose: str, text: str) -> str:
    """40 hex characters: equal for equal texts, and nobody without the secret can guess back."""
    digest = hmac.digest(key_for(purpose), text.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return digest.hex()[:40]


def cipher_for(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key_for(purpose)))


@lru_cache(maxsize=64)
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"carecite {purpose}".encode()).derive(
        secret.encode()
    )
