"""The one secret of a clinic's bot: senders are hashed and receipts signed with keys made of it."""

from __future__ import annotations

import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from bot.errors import BotError
from knowledge.places import ROOT

VARIABLE = "CARECITE_SECRET"
SECRET_FILE = ROOT / "build" / "secret"
FEWEST = 32  # characters, and bytes


class SecretTooShort(BotError):
    """The secret of the environment can be guessed."""


def key_for(purpose: str) -> bytes:
    """A key of 32 bytes of its own for each purpose.

    Raises:
        SecretTooShort: the variable holds fewer than 32 characters.
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
    """The one in the file, which the first run makes, for nobody else to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_bytes(secrets.token_bytes(FEWEST))
    try:
        os.link(draft, path)  # in one step, and only where there is none yet
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()
