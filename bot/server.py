"""Starts the Rasa server with the custom actions inside."""

from __future__ import annotations

from collections.abc import Callable, Container
from pathlib import Path
from typing import Any

import rasa.server
from rasa.core.run import serve_application
from rasa.core.utils import AvailableEndpoints
from sanic import Sanic

from bot.action_endpoint import InProcessActionEndpoint
from bot.health import READINESS
from bot.mends import mend_rasa
from bot.metrics import serve_metrics
from bot.model_inputs import check_model as latest_model  # noqa: F401  (the tests import it)
from bot.privacy.logs import guard_logs
from bot.privacy.requests import serve_data_requests
from bot.privacy.retention import start_expiring
from bot.readiness import ADDRESS, check_ready, listen_address  # noqa: F401  (the benchmarks import it)
from bot.safety.apology import prepare_words
from bot.storage.settings import choose_engines
from bot.web_server import guard, mend_sanic
from bot.website.demo import add_demo_page
from knowledge.edition import current_editions
from knowledge.places import ROOT

QUESTION_TO_TRY = "What are the side effects of Opdivo?"
REST = "/webhooks/rest/webhook"


def serve(
    model: Path, port: int, credentials: Path = ROOT / "credentials.yml", *, announce: bool = True
) -> None:
    """Serves the channels of the credentials file until stopped."""
    listeners: list[tuple[Callable[..., Any], str]] = [(start_expiring, "after_server_start")]
    if announce:
        listeners.append((_announce(port), "after_server_start"))
    _start(model, port, credentials=str(credentials), server_listeners=listeners)


def chat(model: Path, port: int) -> None:
    """Chats in this terminal until /stop."""
    _start(model, port, channel="cmdline")


def _start(model: Path, port: int, **options: Any) -> None:
    guard_logs()
    mend_rasa()
    mend_sanic()
    serve_data_requests()
    prepare_words()
    current_editions().latest()
    serve_metrics()
    prepare_app()
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    endpoints.action = InProcessActionEndpoint()
    choose_engines(endpoints)
    serve_application(
        str(model), interface=listen_address(), port=port, enable_api=False, endpoints=endpoints,
        **options,
    )  # fmt: skip


def prepare_app() -> None:
    """Puts what every server needs in the place of what Rasa adds to its web application."""

    def add_root_routes(app: Sanic) -> None:
        guard(app)
        add_demo_page(app)
        READINESS.add_to(app)

    rasa.server.add_root_route = add_root_routes
    # Rasa's would answer each preflight itself and allow credentials; bot/website/cors.py decides.
    rasa.server.configure_cors = lambda app, origins=None: None


def _announce(port: int) -> Callable[..., Any]:
    async def say_ready(app: Sanic, loop: Any) -> None:
        print(ready_words(port, {f"/{route.path}" for route in app.router.routes}), flush=True)

    return say_ready


def ready_words(port: int, paths: Container[str]) -> str:
    """Where the server is, and what to try of the channels that it has opened (their paths)."""
    address = f"http://{ADDRESS}:{port}"
    lines = [f"Ready at {address}/"]
    if "/webhooks/website/widget.js" in paths:
        lines[0] += " : a page with the chat in it."
    if REST in paths:
        asked = f"""'{{"sender": "me", "message": "{QUESTION_TO_TRY}"}}'"""
        lines += ["Ask from a terminal, for example:", f"  curl -s {address}{REST} -d {asked}"]
    return "\n".join([*lines, "Stop it with Ctrl-C."])
