"""What has to be there before the server starts; imports no rasa, so a refusal comes at once."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from bot.errors import PortTaken
from bot.model_inputs import VOCABULARY, check_model, trained_with
from knowledge.clinic import current_clinic
from knowledge.edition import current_editions

ADDRESS = "127.0.0.1"
DEFAULT_PORT = 5005
LISTEN = "CARECITE_LISTEN"  # another address, for a container behind a proxy; never by default


def listen_address() -> str:
    return os.environ.get(LISTEN) or ADDRESS


def check_ready() -> Path:
    """The model to serve.

    Raises:
        BotError, KnowledgeError, SentenceModelError: what has to be made or mended first.
    """
    current_clinic()
    model = check_model()
    current_editions().keep_to(trained_with()[VOCABULARY])
    return model


def check_port(port: int) -> None:
    """Raises PortTaken where another program listens."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listen_address(), port))
        except OSError as error:
            raise PortTaken(
                f"port {port} of {listen_address()} cannot be used ({error.strerror}). "
                f"Stop the other program, or type: make run PORT={port % 65535 + 1}"
            ) from error


def free_port() -> int:
    """One that no program uses at this moment."""
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port: int = probe.getsockname()[1]
    return port
