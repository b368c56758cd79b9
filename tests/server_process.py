"""The real server in a process of its own, for tests that break it or attack it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import requests
import yaml

from knowledge.places import ROOT, table_path

START_WITHIN = 300  # seconds; Rasa imports TensorFlow at start, which takes long on a cold disk
ANSWER_WITHIN = 60  # seconds
CLINIC = {
    "name": "Hill Clinic",
    "phone": "555-0100",
    "chat_turns_per_minute": 100_000,
    "chat_requests_per_minute_and_address": 1_000_000,
}


class ServerProcess:
    """`python -m bot serve`, or a program that does the same, with files of its own in a folder."""

    def __init__(self, folder: Path, program: Path | None = None, **variables: str) -> None:
        self.folder, self.program = folder, program
        self.port, self.metrics_port = free_port(), free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.rest = f"{self.origin}/webhooks/rest/webhook"
        self.website = f"{self.origin}/webhooks/website"
        self.table = folder / "knowledge.db"
        self.clinic = folder / "clinic.yml"
        self.log = folder / "log.txt"
        shutil.copy(table_path(), self.table)
        self.clinic.write_text(yaml.safe_dump(CLINIC))
        self._variables = variables
        self.process: subprocess.Popen[bytes]

    def start(self) -> ServerProcess:
        """Returns when the server has said that it is ready."""
        program = [str(self.program)] if self.program else ["-m", "bot"]
        begun = len(self.said())
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, *program, "serve", "--port", str(self.port)],
                cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, env=self._environment(),
            )  # fmt: skip
        until = time.monotonic() + START_WITHIN
        while "Ready at" not in self.said()[begun:]:
            assert self.process.poll() is None, f"the bot ended: {self.said()[-800:]}"
            assert time.monotonic() < until, f"not ready in time: {self.said()[-800:]}"
            time.sleep(0.2)
        return self

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """As a machine does that loses its power."""
        self.process.kill()
        self.process.wait()

    def said(self) -> str:
        """All that the server has printed and logged."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def ask(self, text: Any, sender: str | None = None) -> str:
        """The words that a patient gets over REST."""
        body = {"sender": sender or uuid.uuid4().hex, "message": text}
        response = requests.post(self.rest, json=body, timeout=ANSWER_WITHIN)
        assert response.status_code == 200, response.text
        return "\n".join(message["text"] for message in response.json())

    def metric(self, name: str, **labels: str) -> float:
        """The sum of a metric over all series that have these labels."""
        address = f"http://127.0.0.1:{self.metrics_port}/metrics"
        total = 0.0
        for line in requests.get(address, timeout=ANSWER_WITHIN).text.splitlines():
            series, _, value = line.rpartition(" ")
            wanted = (f'{key}="{one}"' in series for key, one in labels.items())
            if series.partition("{")[0] == name and all(wanted):
                total += float(value)
        return total

    @property
    def memory(self) -> int:
        """Bytes of the process that are in RAM."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1]) * 1024

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "CARECITE_CLINIC": str(self.clinic),
            "CARECITE_TABLE": str(self.table),
            "CARECITE_FEEDBACK": str(self.folder / "feedback.jsonl"),
            "CARECITE_WEBSITE_SECRET": "the secret of the tests, which is no secret",
            "CARECITE_METRICS": str(self.metrics_port),
            **self._variables,
        }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
