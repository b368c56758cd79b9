"""Why a message did not reach the vendor, or a channel cannot start."""

from __future__ import annotations

from bot.errors import BotError


class DeliveryError(Exception):
    """Base of all; the text goes to the log, so it holds nothing of a message or an address."""


class VendorDown(DeliveryError):
    """Not reached, too slow, or broken: worth another try."""


class VendorBusy(DeliveryError):
    """The vendor asks to wait `retry_after` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"asks to wait {retry_after:g} s")
        self.retry_after = retry_after


class VendorRefused(DeliveryError):
    """Another try would be refused too: a blocked bot, a number that is none, a wrong token."""


class MarkupRefused(VendorRefused):
    """The vendor cannot read this part's markup; its plain words may go through."""


class RecipientStopped(VendorRefused):
    """The patient told the vendor to let nothing through."""


class SettingMissing(BotError):
    """A variable of the environment that a channel needs is not set."""


class SettingWrong(BotError):
    """A setting of a channel cannot be used."""
