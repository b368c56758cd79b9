"""What a clinic types: delete what has expired, and check a receipt."""

from __future__ import annotations

import asyncio
import os

from bot.errors import BotError
from bot.privacy.receipt import day_of_receipt
from bot.privacy.retention import expire as erase_expired
from bot.privacy.stored_data import day_in_words
from bot.storage.settings import DATABASE
from knowledge.clinic import current_clinic


class ReceiptUnknown(BotError):
    """No deletion of this bot gave it."""


def expire() -> str:
    """Raises BotError: the database is down, or its address is wrong."""
    if not os.environ.get(DATABASE):
        return (
            f"{DATABASE} is not set: conversations are in the memory of the server, "
            "which deletes them by the hour."
        )
    from bot.storage.sql import SqlStore

    erased = asyncio.run(erase_expired(SqlStore()))
    return f"Deleted events older than {current_clinic().kept_for}: {erased}."


def check_receipt(number: str) -> str:
    """Raises ReceiptUnknown."""
    day = day_of_receipt(number)
    if day is None:
        raise ReceiptUnknown(
            f"'{number}' is no receipt of this bot: it is mistyped, or another secret made it."
        )
    return f"This bot gave {number} on {day_in_words(day)}, when it deleted a conversation."
