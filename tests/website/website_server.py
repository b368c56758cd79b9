"""The real server with a clinic's configuration of its own; it can be killed and started again."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import yaml

from knowledge.places import ROOT, table_path

START_WITHIN = 300  # seconds; Rasa imports TensorFlow at start, which takes long on a cold disk
STOP_WITHIN = 20  # seconds
ANSWER_WITHIN = 60  # seconds
TEST_SECRET = "the secret of the tests, which is no secret"  # noqa: S105  (it guards nothing)


class Server:
    """`make run` on a port of its own, its secret and feedback in a folder of its own."""

    def __init__(self, folder: Path, **clinic: Any) -> None:
        self.folder = folder
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.base = f"{self.origin}/webhooks/website"
        self.feedback = folder / "feedback.jsonl"
        self.table = folder / "knowledge.db"
        shutil.copy(table_path(), self.table)
        self._process: subprocess.Popen[bytes] | None = None
        self._clinic = clinic
        self._write(clinic)

    def start(self) -> None:
        """Returns when the server has said that it is ready."""
        log = self.folder / f"log-{uuid.uuid4().hex}.txt"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve", "--port", str(self.port)],
                cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=self._environment(),
            )  # fmt: skip
        until = time.monotonic() + START_WITHIN
        while b"Ready at" not in log.read_bytes():
            said = log.read_text(encoding="utf-8", errors="replace")[-800:]
            assert self._process.poll() is None, f"the bot ended: {said}"
            assert time.monotonic() < until, f"not ready within {START_WITHIN} s: {said}"
            time.sleep(0.2)

    @contextmanager
    def configured(self, **settings: Any) -> Iterator[None]:
        """With other settings of the clinic, which the server takes up as it runs."""
        self._write({**self._clinic, **settings})
        try:
            yield
        finally:
            self._write(self._clinic)

    def _write(self, clinic: dict[str, Any]) -> None:
        draft = self.folder / "draft.yml"
        draft.write_text(yaml.safe_dump(clinic), encoding="utf-8")
        draft.replace(self.folder / "clinic.yml")  # never read when half written

    def kill(self) -> None:
        """As a machine does that loses its power."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                self.kill()

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "CARECITE_CLINIC": str(self.folder / "clinic.yml"),
            "CARECITE_TABLE": str(self.table),
            "CARECITE_FEEDBACK": str(self.feedback),
            "CARECITE_WEBSITE_SECRET": TEST_SECRET,
        }


class Chat:
    """A conversation over the channel, as the widget has it."""

    def __init__(self, base: str, token: str | None = None) -> None:
        self.base = base
        self.token = token or requests.post(f"{base}/conversations", timeout=60).json()["token"]

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        url = f"{self.base}/{path}"
        return requests.request(method, url, headers=headers, timeout=ANSWER_WITHIN, **options)

    def send(self, text: Any, payload: Any = None, message_id: Any = None) -> requests.Response:
        body = {"id": message_id or new_id(), "text": text}
        if payload is not None:
            body["payload"] = payload
        return self.call("POST", "messages", json=body)

    def ask(self, text: str, payload: str | None = None) -> dict[str, Any]:
        """The one item of the reply."""
        response = self.send(text, payload)
        assert response.status_code == 200, response.text
        items: list[dict[str, Any]] = response.json()["items"]
        assert len(items) == 1, items
        return items[0]


def new_id() -> str:
    return uuid.uuid4().hex


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
