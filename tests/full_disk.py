"""A disk that is full: a small one of its own where root may mount one, else a limit on files.

With the limit no file of the process grows, which is what a program sees of a full disk.
"""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SIZE = "48m"
NOTHING = 0  # bytes that a file may have


class Disk:
    """A folder whose disk can be filled, for a process that runs or for one that will start."""

    def __init__(self, folder: Path, *, is_mounted: bool) -> None:
        self.folder, self._is_mounted = folder, is_mounted
        self.is_full = False
        self._filling, self._held = folder / "filling", dict[int, tuple[int, int]]()

    @property
    def limits(self) -> Callable[[], None] | None:
        """To be called in a new process, before its program."""
        if self._is_mounted:
            return None
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (NOTHING, hard))

    def fill(self, process: int | None = None) -> None:
        self.is_full = True
        if self._is_mounted:
            with suppress(OSError), self._filling.open("ab", buffering=0) as file:
                while file.write(bytes(4096)):
                    pass
        elif process is not None:
            before = resource.prlimit(process, resource.RLIMIT_FSIZE)
            resource.prlimit(process, resource.RLIMIT_FSIZE, (NOTHING, before[1]))
            self._held[process] = before

    def make_room(self) -> None:
        self.is_full = False
        self._filling.unlink(missing_ok=True)
        for process, before in self._held.items():
            with suppress(ProcessLookupError):
                resource.prlimit(process, resource.RLIMIT_FSIZE, before)
        self._held.clear()


@contextmanager
def small_disk(folder: Path, size: str = SIZE) -> Iterator[Disk]:
    """Mounted over the folder; where that is not allowed, files get a limit instead."""
    mount = ("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder)
    mounted = os.geteuid() == 0 and _ran(*mount)
    try:
        yield Disk(folder, is_mounted=mounted)
    finally:
        if mounted:
            _ran("umount", "--lazy", folder)


def _ran(*command: object) -> bool:
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0
