"""Failures of what keeps conversations; none of them quotes a conversation or a password."""

from __future__ import annotations

from bot.errors import BotError


class DatabaseAddressWrong(BotError):
    """The address of the database is malformed, or of a kind that was not tried."""


class RedisAddressWrong(BotError):
    """The address of Redis is malformed."""


class DatabaseDown(BotError):
    """The database did not do its work in the time that a patient can wait."""


class StoreUnknown(BotError):
    """Conversations are kept by a store of Rasa's, which cannot erase."""


class RedisDown(BotError):
    """Redis did not answer; what servers share cannot be known for a moment."""
