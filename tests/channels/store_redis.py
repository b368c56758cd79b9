"""A real Redis on a free port, for the tests that need one."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import redis

START_WITHIN = 20  # seconds


@contextmanager
def running_redis() -> Iterator[str]:
    """Its address; skips where Redis is not installed, but fails where all has to be tested."""
    program = shutil.which("redis-server")
    if program is None:
        reason = "there is no Redis here: apt-get install redis-server"
        (pytest.fail if os.environ.get("CI", "").lower() == "true" else pytest.skip)(reason)
    port = _free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis(port=port)
        until = time.monotonic() + START_WITHIN
        while time.monotonic() < until:
            with suppress(redis.ConnectionError):
                client.ping()
                break
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(START_WITHIN)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
