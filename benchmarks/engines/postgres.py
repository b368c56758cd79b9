"""A PostgreSQL of its own, on a free port, which can be stopped, started and held up."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.errors import BenchmarkError, EngineMissing
from bot.readiness import free_port

START_WITHIN = "60"  # seconds
FAST = ("fsync=off", "shared_buffers=32MB", "max_connections=60")  # for tests: nothing is kept
AS_DELIVERED = ()  # what deploy/ runs: each turn is on the disk before it is answered
USER = "carecite"


class Postgres:
    """Debian's programs; as root they run as the user postgres, since they refuse root."""

    def __init__(self, folder: Path, settings: Sequence[str] = FAST) -> None:
        self.port = free_port()
        self.url = f"postgresql://{USER}@127.0.0.1:{self.port}/postgres"
        self._programs = _programs()
        self._as_user = _as_user()
        self._folder, self._settings = folder, settings
        self._data = folder / "data"
        if self._as_user:
            shutil.chown(folder, "postgres")
        self._run("initdb", "--auth=trust", f"--username={USER}", "--no-sync", "-D", self._data)

    @property
    def pid(self) -> int:
        """Of the first process; the others are its children."""
        return int((self._data / "postmaster.pid").read_text().splitlines()[0])

    def start(self) -> None:
        settings = " ".join(f"-c {setting}" for setting in self._settings)
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 {settings}"
        log = self._folder / "log.txt"
        self._run(
            "pg_ctl", "start", "-w", "-t", START_WITHIN, "-D", self._data, "-l", log, "-o", options
        )

    def stop(self, how: str = "fast") -> None:
        self._run("pg_ctl", "stop", "-w", "-m", how, "-D", self._data)

    def hang(self) -> None:
        """As a machine whose disk no longer answers."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        first = self.pid
        children = subprocess.run(
            ["ps", "--ppid", str(first), "-o", "pid="], capture_output=True, text=True, check=True
        ).stdout.split()
        for pid in [first, *map(int, children)]:
            os.kill(pid, number)

    def _run(self, program: str, *arguments: object) -> None:
        ran = subprocess.run(
            [*self._as_user, str(self._programs / program), *map(str, arguments)],
            cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            check=False,
        )  # fmt: skip
        if ran.returncode:
            raise BenchmarkError(f"{program}: {ran.stderr}")


@contextmanager
def running_postgres(settings: Sequence[str] = FAST) -> Iterator[Postgres]:
    # Not in pytest's own folder, which each run closes again to the user postgres.
    with tempfile.TemporaryDirectory(prefix="carecite-postgres-") as folder:
        started = Postgres(Path(folder), settings)
        started.start()
        try:
            yield started
        finally:
            started.stop("immediate")


def _programs() -> Path:
    """Debian keeps them off the PATH."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found is None:
        raise EngineMissing("there is no PostgreSQL here: apt-get install postgresql")
    return Path(found).parent


def _as_user() -> list[str]:
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EngineMissing(
            "PostgreSQL refuses root, and there is no setpriv here to become another user"
        )
    return [setpriv, "--reuid=postgres", "--regid=postgres", "--clear-groups"]
