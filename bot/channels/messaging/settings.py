"""Reads a channel's settings out of the credentials file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.channels.messaging.errors import SettingMissing, SettingWrong


def setting(channel: str, credentials: dict[str, Any] | None, name: str) -> str:
    """A setting that has to be there.

    Raises:
        SettingMissing: it is not, or it is empty.
    """
    value = str((credentials or {}).get(name) or "").strip()
    if not value:
        raise SettingMissing(
            f"the credentials of channel '{channel}' need '{name}'. "
            "credentials.example.yml shows each channel with its settings."
        )
    return value


def public_url(channel: str, credentials: dict[str, Any] | None) -> str:
    """The address of this server as the vendor reaches it, without a slash at the end.

    Raises:
        SettingMissing, SettingWrong: vendors call nothing but https.
    """
    given = setting(channel, credentials, "public_url").rstrip("/")
    parts = urlsplit(given)
    if parts.scheme != "https" or not parts.hostname:
        raise SettingWrong(
            f"the 'public_url' of channel '{channel}' has value '{given}'. "
            "Not an address such as https://bot.clinic.example."
        )
    return given
