"""Each route that the server has is known here; those of Rasa's own API are not among them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from raw_http import exchange, request
from server_process import ServerProcess

from knowledge.places import ROOT

KNOWN = {
    "GET /": "the demo page",
    "GET /demo.css": "its style",
    "GET /health/live": "for load balancers",
    "GET /health/ready": "for load balancers",
    "GET /webhooks/rest": "the testers' channel: it is there",
    "POST /webhooks/rest/webhook": "the testers' channel: a message",
    "GET /webhooks/website/config": "all below: docs/website.md",
    "POST /webhooks/website/conversations": "",
    "DELETE /webhooks/website/conversation": "",
    "POST /webhooks/website/feedback": "",
    "GET /webhooks/website/health/live": "",
    "GET /webhooks/website/health/ready": "",
    "POST /webhooks/website/messages": "",
    "GET /webhooks/website/schema.json": "",
    "GET /webhooks/website/transcript": "",
    "GET /webhooks/website/widget.js": "",
}
RASA_API = (
    "GET /version", "GET /status", "GET /domain", "PUT /model", "DELETE /model",
    "POST /model/train", "POST /model/parse", "POST /model/predict", "POST /model/test/stories",
    "POST /model/test/intents", "GET /conversations/a/tracker", "POST /conversations/a/execute",
    "POST /conversations/a/predict", "POST /conversations/a/messages", "GET /conversations/a/story",
    "POST /conversations/a/tracker/events", "PUT /conversations/a/tracker/events",
    "POST /conversations/a/trigger_intent", "POST /webhooks/callback/webhook",
    "GET /webhooks/rasa/", "POST /webhooks/rest/webhook/x", "GET /metrics", "GET /docs",
)  # fmt: skip
ALL_ROUTES = """
import json
from bot.quiet import keep_quiet
keep_quiet()
import rasa.core.run, rasa.server
from bot.server import prepare_app
prepare_app()
from rasa.core.run import configure_app, create_http_input_channels
app = configure_app(create_http_input_channels(None, "credentials.yml"), enable_api=False)
app.router.finalize()
print(json.dumps([
    f"{method} /{route.path.lstrip('/')}"
    for route in app.router.routes for method in route.methods if method != "OPTIONS"
]))
"""


def test_each_route_of_the_server_is_known() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALL_ROUTES], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert set(json.loads(done.stdout)) == set(KNOWN)


@pytest.mark.parametrize("route", RASA_API)
def test_what_rasa_opens_with_enable_api_is_closed(server: ServerProcess, route: str) -> None:
    method, path = route.split(" ")
    reply = exchange(server.port, request(method, path, b"{}"))
    assert reply.status == 404
    assert reply.json()["error"]["code"] == "not_found"
    assert b"rasa" not in reply.body.lower()
