"""Starts a bot's processes on free ports, sums their memory, and ends them by their ids."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from typing_extensions import Self

from benchmarks.errors import BenchmarkError
from benchmarks.stock_bot import ENVIRONMENT, FOLDER, MODEL
from bot.readiness import ADDRESS, free_port
from knowledge.places import ROOT, table_path

STOPS_WITHIN = 15  # seconds
Command = tuple[list[str], Path, dict[str, str]]  # arguments, folder, variables


def our_commands(port: int) -> list[Command]:
    return [([sys.executable, "-m", "bot", "serve", "--port", str(port)], ROOT, {})]


def stock_commands(port: int) -> list[Command]:
    """The stock server, and the stock action server beside it."""
    action_port = free_port()
    table = {"BENCHMARK_TABLE": str(table_path().absolute())}
    endpoints = FOLDER / "endpoints.yml"
    endpoints.write_text(f"action_endpoint:\n  url: http://{ADDRESS}:{action_port}/webhook\n")
    rasa = [sys.executable, "-m", "rasa", "run"]
    return [
        ([*rasa, "actions", "--port", str(action_port)], FOLDER, table),
        (
            [*rasa, "--port", str(port), "--interface", ADDRESS, "--endpoints", str(endpoints),
             "--model", str(FOLDER / "models" / f"{MODEL}.tar.gz")],
            FOLDER, {},
        ),
    ]  # fmt: skip


@dataclass
class RunningBot:
    """The processes of one bot; `with` ends them."""

    name: str
    commands: Callable[[int], Iterable[Command]]
    port: int = field(default_factory=free_port)
    started_at: float = 0.0
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://{ADDRESS}:{self.port}/webhooks/rest/webhook"

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self._processes]

    def __enter__(self) -> Self:
        self._output = tempfile.TemporaryFile()
        self.started_at = time.perf_counter()
        for arguments, folder, variables in self.commands(self.port):
            process = subprocess.Popen(
                arguments, cwd=folder, env=os.environ | ENVIRONMENT | variables,
                stdin=subprocess.DEVNULL, stdout=self._output, stderr=subprocess.STDOUT,
            )  # fmt: skip
            self._processes.append(process)
        return self

    def __exit__(self, *error: object) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._output.close()

    def check_alive(self) -> None:
        """Raises BenchmarkError, with what it printed last, where a process has ended."""
        if any(process.poll() is not None for process in self._processes):
            raise BenchmarkError(f"{self.name}: a process ended early:\n{self.last_output()}")

    def last_output(self) -> str:
        self._output.seek(0)
        return "\n".join(self._output.read().decode("utf-8", "replace").splitlines()[-15:])

    def memory(self) -> float:
        """Resident memory of all its processes and their children, in MB (10^6 bytes)."""
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,rss="], capture_output=True, text=True, check=True
        ).stdout
        rows = [tuple(map(int, line.split())) for line in listed.splitlines()]
        ids = {process.pid for process in self._processes}
        while children := {pid for pid, parent, _ in rows if parent in ids} - ids:
            ids |= children
        return sum(rss for pid, _, rss in rows if pid in ids) * 1024 / 1e6
