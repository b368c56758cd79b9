"""Failures of the server process; each message says what is wrong and what to type."""

from __future__ import annotations


class BotError(Exception):
    """Base of all; its text is one line for the person at the keyboard."""


class WrongRasa(BotError):
    """Another version of Rasa is installed than the one that was tried."""


class PortTaken(BotError):
    """Another program listens on the port."""


class TrainingFailed(BotError):
    """Rasa refused the training data, the domain or the configuration."""


class ModelMissing(BotError):
    """There is no trained model."""


class ModelOutdated(BotError):
    """The model was trained with another table, or other training data or configuration."""


class ModelAltered(BotError):
    """The model's file is not the one that training wrote, or holds what training never writes."""


class ModelUnreadable(BotError):
    """Rasa could not load the model."""


class CredentialsInvalid(BotError):
    """The file that names the channels cannot be read."""


class SecretMissing(BotError):
    """A channel's secret is not in the environment."""
