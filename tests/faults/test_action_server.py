"""Plain `rasa run` with the action server apart: down, failing, slow or talking nonsense."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
import yaml
from server_process import free_port

from bot.model_inputs import MODEL
from knowledge.places import ROOT

ANSWERS = {
    "fails": (500, b"an error page"),
    "is not there": (404, b""),
    "says nothing": (200, b""),
    "says no JSON": (200, b"\x00\xff<html>"),
    "says a list": (200, b"[]"),
    "says other things": (200, b'{"events": 3, "responses": {"text": "xyzzy"}}'),
    "has no events": (200, b'{"events": [], "responses": []}'),
}


class ActionServer(ThreadingHTTPServer):
    """Answers each call as it was told to."""

    answer: tuple[int, bytes] = (200, b"")
    is_slow = False
    daemon_threads = True
    over = threading.Event()


class Call(BaseHTTPRequestHandler):
    server: ActionServer

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.is_slow:
            self.server.over.wait(60)
        status, body = self.server.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def action_server() -> Iterator[ActionServer]:
    server = ActionServer(("127.0.0.1", 0), Call)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def rest(action_server: ActionServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The REST address of `rasa run`."""
    folder, port = tmp_path_factory.mktemp("rasa_run"), free_port()
    endpoints = folder / "endpoints.yml"
    url = f"http://127.0.0.1:{action_server.server_address[1]}/webhook"
    endpoints.write_text(yaml.safe_dump({"action_endpoint": {"url": url}}))
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "rasa", "run", "-i", "127.0.0.1", "--port", str(port),
             "--endpoints", str(endpoints), "--model", str(MODEL)],
            cwd=ROOT, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}/webhooks/rest/"
    until = time.monotonic() + 300
    while True:
        try:
            requests.get(address, timeout=5)
            break
        except requests.ConnectionError:
            assert process.poll() is None, (folder / "log.txt").read_text()[-800:]
            assert time.monotonic() < until
            time.sleep(0.3)
    yield f"{address}webhook"
    process.terminate()
    process.wait(30)


def ask(rest: str, text: str) -> str:
    body = {"sender": uuid.uuid4().hex, "message": text}
    replies = requests.post(rest, json=body, timeout=60).json()
    return "\n".join(reply["text"] for reply in replies)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_an_action_server_that_is_broken_gets_the_patient_an_apology(
    action_server: ActionServer, rest: str, answer: tuple[int, bytes]
) -> None:
    action_server.answer, action_server.is_slow = answer, False
    words = ask(rest, "How often is Torisel given?")
    assert words.startswith("I am sorry, something went wrong on my side")
    assert ask(rest, "I can't breathe and my chest hurts").startswith("Call 911 now")


def test_a_slow_action_server_is_not_waited_for(action_server: ActionServer, rest: str) -> None:
    action_server.is_slow = True
    try:
        assert ask(rest, "I can't breathe and my chest hurts").startswith("Call 911 now")
    finally:
        action_server.is_slow = False
        action_server.over.set()


def test_an_action_server_that_is_down_gets_the_patient_an_apology(
    action_server: ActionServer, rest: str
) -> None:
    action_server.shutdown()
    action_server.server_close()
    assert "something went wrong on my side" in ask(rest, "How often is Torisel given?")
    assert ask(rest, "I want to kill myself").startswith("Please call or text 988 now")
