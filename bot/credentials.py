"""Which channels the server opens: the credentials file, and the secrets that it names.

Imports no rasa, so that a missing secret is told at once.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import yaml

from bot.errors import CredentialsInvalid, SecretMissing
from knowledge.places import ROOT

PATH_VARIABLE = "CARECITE_CREDENTIALS"
VARIABLE = re.compile(r"\$\{(\w+)\}")


def credentials_path(given: str | None = None) -> Path:
    """The file that was asked for, else the variable's, else credentials.yml."""
    return Path(given or os.environ.get(PATH_VARIABLE) or ROOT / "credentials.yml")


def check_credentials(path: Path) -> Path:
    """The file, if it can be read and each variable in it is set.

    Raises:
        CredentialsInvalid, SecretMissing: what is wrong; never what a variable holds.
    """
    try:
        channels = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CredentialsInvalid(f"{path}: cannot be read: {error}") from error
    if not isinstance(channels, dict):
        raise CredentialsInvalid(
            f"{path}: needs a line for each channel, such as 'bot.channels.website.WebsiteInput:'."
        )
    for channel in channels:
        # A bare name is Rasa's own. Those take forged calls, let the caller choose the sender (one
        # that is half a character ends the server), and answer a fault with 200 and silence;
        # Socket.IO with sessions does not answer at all, since a room is never entered.
        if "." not in str(channel):
            raise CredentialsInvalid(
                f"{path}: '{channel}' is a channel of Rasa's own, which is not safe for patients. "
                "credentials.example.yml shows the ones to use instead."
            )
    missing = [
        f"{name} (for {channel})"
        for channel, settings in channels.items()
        for name in dict.fromkeys(_variables(settings))
        if not os.environ.get(name)
    ]
    if missing:
        raise SecretMissing(
            f"{path}: not set in the environment: {', '.join(missing)}. "
            "Set it, or take the channel out of the file."
        )
    return path


def _variables(settings: Any) -> list[str]:
    if isinstance(settings, dict):
        return [name for value in settings.values() for name in _variables(value)]
    if isinstance(settings, list):
        return [name for value in settings for name in _variables(value)]
    return VARIABLE.findall(settings) if isinstance(settings, str) else []
