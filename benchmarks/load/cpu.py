"""How long processes have used a core: unlike times, it hardly depends on what else runs."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

PROCESSES = Path("/proc")


def seconds_of(pids: Iterable[int] | None = None) -> float:
    """Of these processes and all that they started; of this process alone where none are named.

    0.0 where the system does not tell it as Linux does.
    """
    if pids is None:
        return time.process_time()
    found = dict(_all())
    ours = set(pids)
    while more := {pid for pid, (parent, _) in found.items() if parent in ours} - ours:
        ours |= more
    return sum(found[pid][1] for pid in ours if pid in found)


def _all() -> Iterator[tuple[int, tuple[int, float]]]:
    """Each process with its parent and its seconds, those of its ended children included."""
    ticks = os.sysconf("SC_CLK_TCK")
    for folder in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            # The name of the program, in brackets, may hold spaces.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            yield int(folder.name), (int(fields[1]), sum(map(int, fields[11:15])) / ticks)
