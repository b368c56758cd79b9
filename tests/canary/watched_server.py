"""A server with all its files in one folder, which is searched for a word afterwards."""

from __future__ import annotations

import secrets
import string
import time
from pathlib import Path

from server_process import ServerProcess

FAULTY_SERVER = Path(__file__).parent.parent / "faults" / "faulty_server.py"


class Watched(ServerProcess):
    """A server whose traces are searched for the canary, a word that nothing else holds."""

    def __init__(self, folder: Path, level: str) -> None:
        for name in ("on", "tmp"):
            (folder / name).mkdir()
        self.store = folder / "conversations.db"
        super().__init__(
            folder, FAULTY_SERVER, CARECITE_FAULTS=str(folder / "on"), TMPDIR=str(folder / "tmp"),
            CARECITE_DATABASE_URL=f"sqlite:///{self.store}", LOG_LEVEL=level,
            LOG_LEVEL_LIBRARIES=level, CARECITE_SECRET=secrets.token_hex(),
        )  # fmt: skip
        self.level, self.began = level, time.time()
        self.canary = "quokka" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(12))

    def holds_canary(self, content: bytes) -> bool:
        return self.canary.encode() in content.lower()
