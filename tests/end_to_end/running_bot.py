"""The real server in a process of its own, and conversations with it over REST."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from knowledge.places import ROOT

START_WITHIN = 300  # seconds; Rasa imports TensorFlow at start, which takes long on a cold disk
STOP_WITHIN = 20  # seconds
ANSWER_WITHIN = 60  # seconds


@dataclass(frozen=True)
class Message:
    """One message of the bot, as a patient gets it."""

    text: str
    buttons: tuple[dict[str, str], ...] = ()

    @property
    def titles(self) -> list[str]:
        return [button["title"] for button in self.buttons]


@dataclass
class Conversation:
    """A chat with a sender of its own; `say` gives the messages of one turn."""

    url: str
    sender: str = field(default_factory=lambda: f"test-{uuid.uuid4().hex}")

    def say(self, text: Any) -> list[Message]:
        response = post(self.url, {"sender": self.sender, "message": text})
        assert response.status_code == 200, f"{response.status_code} for {text!r:.60}"
        return [Message(m.get("text", ""), tuple(m.get("buttons", ()))) for m in response.json()]

    def ask(self, text: Any) -> Message:
        """Says it and expects exactly one message in return."""
        messages = self.say(text)
        assert len(messages) == 1, f"{len(messages)} messages for {text!r:.80}: {messages}"
        return messages[0]

    def tap(self, message: Message, title: str) -> Message:
        """Taps the button of that title, as a chat window does: its payload is sent."""
        found = {button["title"]: button["payload"] for button in message.buttons}
        assert title in found, f"no button '{title}' among {list(found)}"
        return self.ask(found[title])


@dataclass(frozen=True)
class Bot:
    """The address of a running server."""

    url: str

    def chat(self) -> Conversation:
        return Conversation(self.url)

    def ask(self, text: Any) -> Message:
        """One question in a new conversation, answered by exactly one message."""
        return self.chat().ask(text)


def post(url: str, body: Any) -> requests.Response:
    return requests.post(url, json=body, timeout=ANSWER_WITHIN)


@contextmanager
def running_bot(log: Path) -> Iterator[Bot]:
    """Serves the project's current model while the block runs."""
    port = _free_port()
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(process, log)
            yield Bot(f"http://127.0.0.1:{port}/webhooks/rest/webhook")
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        said = log.read_text(encoding="utf-8", errors="replace")
        if "Ready at" in said:
            return
        assert process.poll() is None, f"the bot ended with {process.returncode}: {said[-500:]}"
        time.sleep(0.2)
    raise AssertionError(f"the bot was not ready within {START_WITHIN} s; see {log}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
