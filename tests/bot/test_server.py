"""What the server says when it has started: only what is open."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
import yaml
from server_process import ServerProcess

from bot.server import REST, ready_words

WIDGET = "/webhooks/website/widget.js"


@pytest.mark.parametrize(
    ("paths", "named"),
    [
        ({REST, WIDGET}, {"the chat", "curl"}),
        ({WIDGET}, {"the chat"}),
        ({REST}, {"curl"}),
        ({"/webhooks/sms/webhook"}, set()),
    ],
)
def test_the_start_message_names_what_is_open_and_nothing_else(
    paths: set[str], named: set[str]
) -> None:
    words = ready_words(5005, {"/", *paths})
    assert words.startswith("Ready at http://127.0.0.1:5005/")
    assert {name for name in ("the chat", "curl") if name in words} == named
    assert words.endswith("Stop it with Ctrl-C.")


def test_a_server_without_rest_suggests_no_rest(tmp_path: Path) -> None:
    credentials = tmp_path / "credentials.yml"
    credentials.write_text(yaml.safe_dump({"bot.channels.website.WebsiteInput": None}))
    server = ServerProcess(tmp_path, CARECITE_CREDENTIALS=str(credentials)).start()
    assert requests.post(f"{server.website}/conversations", timeout=60).status_code == 201
    server.stop()
    assert "sanic.error" not in server.said(), "a chat that starts is no error"
    assert "a page with the chat in it" in server.said()
    assert "rest" not in server.said()
