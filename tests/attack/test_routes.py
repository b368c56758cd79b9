"""Each route that the server has is known here; those of Rasa's own API are not among them."""

from __future__ import annotations

import pytest
from open_channels import Route
from raw_http import exchange, request
from server_process import ServerProcess

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
    "POST /webhooks/telegram/webhook": "a messenger's deliveries, as all below: docs/channels.md",
    "POST /webhooks/sms/webhook": "",
    "POST /webhooks/whatsapp/webhook": "",
    "POST /webhooks/messenger/webhook": "",
    "GET /webhooks/messenger/webhook": "Facebook verifies the address",
    "POST /webhooks/slack/webhook": "",
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


def test_each_route_of_the_server_is_known(routes: list[Route]) -> None:
    assert {f"{route.method} {route.path}" for route in routes} == set(KNOWN)


@pytest.mark.parametrize("route", RASA_API)
def test_what_rasa_opens_with_enable_api_is_closed(server: ServerProcess, route: str) -> None:
    method, path = route.split(" ")
    reply = exchange(server.port, request(method, path, b"{}"))
    assert reply.status == 404
    assert reply.json()["error"]["code"] == "not_found"
    assert b"rasa" not in reply.body.lower()
