"""Starts the Rasa server with the custom actions inside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import rasa.server
from rasa.core.run import serve_application
from rasa.core.utils import AvailableEndpoints
from sanic import Sanic

from bot.action_endpoint import InProcessActionEndpoint
from bot.mends import mend_rasa
from bot.model_inputs import check_model as latest_model  # noqa: F401  (the tests import it)
from bot.readiness import ADDRESS, check_ready  # noqa: F401  (the benchmarks import it)
from bot.website.demo import add_demo_page
from knowledge.places import ROOT

QUESTION_TO_TRY = "What are the side effects of Opdivo?"


def serve(
    model: Path, port: int, credentials: Path = ROOT / "credentials.yml", *, announce: bool = True
) -> None:
    """Serves the channels of the credentials file until stopped."""
    _start(
        model,
        port,
        credentials=str(credentials),
        server_listeners=[(_announce(port), "after_server_start")] if announce else [],
    )


def chat(model: Path, port: int) -> None:
    """Chats in this terminal until /stop."""
    _start(model, port, channel="cmdline")


def _start(model: Path, port: int, **options: Any) -> None:
    mend_rasa()
    rasa.server.add_root_route = add_demo_page
    # Rasa's would answer each preflight itself and allow credentials; bot/website/cors.py decides.
    rasa.server.configure_cors = lambda app, origins=None: None
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    endpoints.action = InProcessActionEndpoint()
    serve_application(
        str(model), interface=ADDRESS, port=port, enable_api=False, endpoints=endpoints, **options
    )


def _announce(port: int) -> Callable[..., Any]:
    async def say_ready(app: Sanic, loop: Any) -> None:
        address = f"http://{ADDRESS}:{port}"
        print(
            f"Ready at {address}/ : a page with the chat in it.\n"
            "Or ask from a terminal, for example:\n"
            f"  curl -s {address}/webhooks/rest/webhook -d "
            f"""'{{"sender": "me", "message": "{QUESTION_TO_TRY}"}}'\n"""
            "Stop it with Ctrl-C.",
            flush=True,
        )

    return say_ready
