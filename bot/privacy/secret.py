"""The one secret of a clinic's bot: senders are hashed and receipts signed with keys made of it."""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from bot.errors import BotError
from knowledge.places import ROOT

VARIABLE = "CARECITE_SECRET"
SECRET_FILE = ROOT / "build" / "secret"
FEWEST = 32  # characters, and bytes


class SecretTooShort(BotError):
    """The secret can be guessed."""


class SecretNotKept(BotError):
    """The file of the secret cannot be written or read."""


def key_for(purpose: str) -> bytes:
    """A key of 32 bytes of its own for each purpose.

    Raises:
        SecretTooShort, SecretNotKept: it can be guessed, or cannot be kept.
    """
    given = given_secret(VARIABLE)
    return hmac.digest(given or _kept_secret(SECRET_FILE), purpose.encode(), "sha256")


def given_secret(variable: str) -> bytes:
    """What the environment says; empty where it says nothing.

    Raises:
        SecretTooShort: it has fewer than 32 characters.
    """
    given = os.environ.get(variable, "")
    if given and len(given) < FEWEST:
        raise SecretTooShort(
            f"{variable} has {len(given)} characters; it needs {FEWEST} or more. "
            "Make one with: openssl rand -hex 32"
        )
    return given.encode()


@lru_cache(maxsize=2)
def _kept_secret(path: Path) -> bytes:
    """The one in the file, which the first run makes, for nobody else to read.

    Raises:
        SecretNotKept: there is none yet, and none can be written.
        SecretTooShort: the file is not whole.
    """
    try:
        if not path.exists():
            _make(path)
        secret = path.read_bytes()
    except OSError as error:
        raise SecretNotKept(
            f"{path}: the secret of this bot cannot be kept ({error.strerror}). "
            f"Free some disk space, or set {VARIABLE}"
        ) from error
    if len(secret) < FEWEST:
        # Empty, as a full disk leaves a file, it would be a secret that everybody knows.
        raise SecretTooShort(f"{path}: has {len(secret)} bytes. Remove it, and start again")
    return secret


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(FEWEST))
        with suppress(FileExistsError):
            os.link(draft, path)  # in one step, and only where there is none yet
    finally:
        draft.unlink(missing_ok=True)
