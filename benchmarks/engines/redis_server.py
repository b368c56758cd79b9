"""A Redis of its own, on a free port, which can be stopped, started and held up."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.errors import BenchmarkError, EngineMissing
from bot.readiness import free_port

START_WITHIN = 20  # seconds


class RedisServer:
    """With nothing kept on disk, as deploy/ starts it."""

    def __init__(self, folder: Path) -> None:
        found = shutil.which("redis-server")
        if found is None:
            raise EngineMissing("there is no Redis here: apt-get install redis-server")
        self._program, self._folder = found, folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    @property
    def pid(self) -> int:
        return self._process.pid if self._process else 0

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly",
                   "no", "--dir", str(self._folder)]  # fmt: skip
        self._process = subprocess.Popen([self._program, *options], stdout=subprocess.DEVNULL)
        until = time.monotonic() + START_WITHIN
        while True:
            if self._process.poll() is not None:
                raise BenchmarkError("redis-server ended")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if time.monotonic() > until:
                raise BenchmarkError(f"redis-server not there within {START_WITHIN} s")
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self.go_on()
            self._process.kill()
            self._process.wait()

    def hang(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        if self._process:
            self._process.send_signal(signal.SIGCONT)


@contextmanager
def running_redis(folder: Path) -> Iterator[RedisServer]:
    started = RedisServer(folder)
    started.start()
    try:
        yield started
    finally:
        started.stop()
