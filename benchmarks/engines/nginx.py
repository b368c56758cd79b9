"""The nginx of deploy/nginx.conf, with its ports and paths put in the place of a container's."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.errors import BenchmarkError, EngineMissing
from bot.readiness import free_port
from knowledge.places import ROOT

CONF = ROOT / "deploy" / "nginx.conf"
START_WITHIN = 20  # seconds


class Nginx:
    def __init__(self, folder: Path, bots: list[int]) -> None:
        self._program = shutil.which("nginx") or "/usr/sbin/nginx"
        if not Path(self._program).exists():
            raise EngineMissing("there is no nginx here: apt-get install nginx-light")
        self.port, self._folder = free_port(), folder
        self.origin = f"https://127.0.0.1:{self.port}"
        self.base = f"{self.origin}/webhooks/website"
        self._process: subprocess.Popen[bytes] | None = None
        _certificate(folder)
        self.conf = folder / "nginx.conf"
        self.conf.write_text(self._local(CONF.read_text(encoding="utf-8"), bots), encoding="utf-8")

    @property
    def pid(self) -> int:
        """Of the first process; the workers are its children."""
        return self._process.pid if self._process else 0

    def check(self) -> str:
        """What `nginx -t` says."""
        command = [self._program, "-t", "-q", "-c", str(self.conf)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        return ran.stderr if ran.returncode else ""

    def start(self) -> None:
        """Returns when it listens."""
        command = [self._program, "-c", str(self.conf), "-g", "daemon off;"]
        self._process = subprocess.Popen(command)
        until = time.monotonic() + START_WITHIN
        while time.monotonic() < until and self._process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise BenchmarkError(f"nginx is not there: {self.check()}")

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait()

    def _local(self, text: str, bots: list[int]) -> str:
        for number, port in enumerate(bots, start=1):
            text = text.replace(f"bot{number}:5005", f"127.0.0.1:{port}")
        text = text.replace("/etc/carecite/", f"{self._folder}/").replace(
            "listen 8443", f"listen 127.0.0.1:{self.port}"
        )
        # One address sends all of the load here; what limits an address is tested by itself.
        text = text.replace("rate=20r/s", "rate=5000r/s").replace("burst=40", "burst=5000")
        text = re.sub(r"limit_conn connections \d+", "limit_conn connections 3000", text)
        return text.replace("/tmp/nginx", f"{self._folder}/nginx")  # noqa: S108


@contextmanager
def running_nginx(folder: Path, bots: list[int]) -> Iterator[Nginx]:
    started = Nginx(folder, bots)
    try:
        started.start()
        yield started
    finally:
        started.stop()


def _certificate(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
               "-keyout", str(folder / "tls.key"), "-out", str(folder / "tls.crt"),
               "-subj", "/CN=127.0.0.1"]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        raise EngineMissing("there is no openssl here: apt-get install openssl") from None
