"""Starts the bot for the evaluation on a port of its own, and stops that process again."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

ADDRESS = "127.0.0.1"
WEBHOOK = "/webhooks/rest/webhook"
START_WITHIN = 180  # seconds; Rasa imports TensorFlow at start, which takes long on a cold disk
STOP_WITHIN = 20  # seconds
LOG_LINES = 5


class ServerUnavailable(Exception):
    """The bot did not start, or does not answer at the address given."""


@contextmanager
def running_bot(root: Path, log: Path) -> Iterator[str]:
    """Serves the bot of `root` while the block runs, and gives the address to post to.

    Raises:
        ServerUnavailable: it ended or was not ready in time; the message ends with its last words.
    """
    port = free_port()
    command = [sys.executable, "-m", "bot", "serve", "--port", str(port)]
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(command, cwd=root, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_until_ready(process, f"http://{ADDRESS}:{port}", log)
            yield f"http://{ADDRESS}:{port}{WEBHOOK}"
        finally:
            _stop(process)


def free_port() -> int:
    """A port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port: int = probe.getsockname()[1]
        return port


def check_reachable(url: str) -> None:
    """Raises ServerUnavailable where no bot answers at `url`."""
    try:
        response = requests.post(url, json={"sender": "evaluation", "message": "hello"}, timeout=30)
        response.raise_for_status()
    except requests.RequestException as error:
        raise ServerUnavailable(
            f"'{url}' does not answer ({type(error).__name__}). Start the bot (make run), "
            "or leave --url out: the evaluation then starts one itself."
        ) from error


def _wait_until_ready(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            raise ServerUnavailable(f"the bot ended with status {process.returncode}: {_last(log)}")
        try:
            requests.get(address, timeout=5)
            return
        except requests.RequestException:
            time.sleep(0.3)
    raise ServerUnavailable(f"the bot was not ready within {START_WITHIN} s: {_last(log)}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _last(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return f"{' / '.join(lines[-LOG_LINES:]) or 'it said nothing'} (see {log})"
