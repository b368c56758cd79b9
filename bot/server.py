"""Starts the Rasa server with the custom actions inside, or says in one line why it cannot."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rasa.core.run import serve_application
from rasa.core.utils import AvailableEndpoints
from sanic import Sanic

from bot.action_endpoint import InProcessActionEndpoint
from bot.errors import ModelMissing, PortTaken
from bot.mends import mend_rasa
from knowledge.errors import TableMissing
from knowledge.places import ROOT, table_path

ADDRESS = "127.0.0.1"
MODELS = ROOT / "models"
QUESTION_TO_TRY = "What are the side effects of Opdivo?"


def latest_model(folder: Path = MODELS) -> Path:
    """The newest trained model.

    Raises:
        ModelMissing: there is none.
    """
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise ModelMissing(f"{folder}: there is no trained model here. Type: make train")
    return models[-1]


def check_port(port: int) -> None:
    """Raises PortTaken where another program listens."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            raise PortTaken(
                f"port {port} of {ADDRESS} cannot be used ({error.strerror}). "
                f"Stop the other program, or type: make run PORT={port + 1}"
            ) from error


def check_ready() -> Path:
    """The model to serve; raises where the table or the model is missing."""
    if not table_path().exists():
        raise TableMissing(table_path())
    return latest_model()


def serve(port: int, *, shell: bool = False, announce: bool = True) -> None:
    """Serves until stopped; with `shell`, chats in this terminal and stops after it."""
    model = check_ready()
    check_port(port)
    mend_rasa()
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    endpoints.action = InProcessActionEndpoint()
    listeners: list[tuple[Callable[..., Any], str]] = []
    if announce:
        listeners.append((_announce(port), "after_server_start"))
    serve_application(
        str(model),
        channel="cmdline" if shell else None,
        credentials=None if shell else str(ROOT / "credentials.yml"),
        interface=ADDRESS,
        port=port,
        enable_api=False,
        endpoints=endpoints,
        server_listeners=listeners,
    )


def _announce(port: int) -> Callable[..., Any]:
    async def say_ready(app: Sanic, loop: Any) -> None:
        address = f"http://{ADDRESS}:{port}/webhooks/rest/webhook"
        print(
            f"Ready at {address}\n"
            "Ask it, for example:\n"
            f"  curl -s {address} -d "
            f"""'{{"sender": "me", "message": "{QUESTION_TO_TRY}"}}'\n"""
            "Stop it with Ctrl-C.",
            flush=True,
        )

    return say_ready
