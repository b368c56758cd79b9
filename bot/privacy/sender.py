"""The name of a person inside the bot: who reads it cannot tell the address it stands for."""

from __future__ import annotations

import hmac

from bot.privacy.secret import key_for

LENGTH = 40  # of 64 hexadecimal digits: 160 bits


def keyed_sender(channel: str, address: str) -> str:
    """`rest-3f0c...`: always the same for an address, and not to be found by trying addresses.

    A plain hash of a telephone number is found in minutes: there are few telephone numbers.
    """
    digest = hmac.new(
        key_for("sender"), f"{channel} {address}".encode("utf-8", "surrogatepass"), "sha256"
    )
    return f"{channel}-{digest.hexdigest()[:LENGTH]}"
