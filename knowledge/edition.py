"""The table in use: taken up when its file changes, one and the same throughout a turn.

A file that cannot be used (missing, corrupt, half written, with other names than the model knows)
is refused with words, and the last good one goes on answering from memory.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.errors import KnowledgeError, TableDoesNotFit, TableMissing
from knowledge.linker import Linker
from knowledge.lookup import Table
from knowledge.places import table_path
from knowledge.snapshot import snapshot, vocabulary_of

logger = logging.getLogger(__name__)
LOOK_AGAIN_AFTER = 5  # seconds, at a file that was refused
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Edition:
    """One version of the table, with all that reads it."""

    table: Table
    linker: Linker
    vocabulary: str


class Editions:
    """The versions of one table file, one after the other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._refused: KnowledgeError | None = None
        self._vocabulary = ""
        self._edition: Edition | None = None
        self._stamp: Stamp | None = None
        self._looked_at = -1e9
        self._loading = threading.Lock()

    def keep_to(self, vocabulary: str) -> None:
        """From now on only tables with these names: those that the model was trained with."""
        self._vocabulary = vocabulary

    @property
    def has_changed(self) -> bool:
        """Whether there is something to look at."""
        if _stamp(self._path) != self._stamp:
            return True
        return not self._is_settled and time.monotonic() - self._looked_at > LOOK_AGAIN_AFTER

    @property
    def _is_settled(self) -> bool:
        return self._edition is not None and self._refused is None

    @property
    def refusal(self) -> str:
        """Why the file that is there now is not in use; "" where it is."""
        return str(self._refused or "")

    @property
    def in_use(self) -> Edition:
        """The last good one, without a look at the file.

        Raises:
            KnowledgeError: why there is none.
        """
        if self._edition is None:
            raise self._refused or TableMissing(self._path)
        return self._edition

    def latest(self) -> Edition:
        """The one in use after a look at the file; raises as `in_use` does."""
        if self.has_changed:
            self.look()
        return self.in_use

    def look(self) -> None:
        """Takes up the file if it changed and is fit; takes a third of a second. For any thread."""
        with self._loading:
            if not self.has_changed:
                return
            stamp = _stamp(self._path)
            try:
                edition = self._load()
            except KnowledgeError as error:
                if self._edition and str(error) != self.refusal:
                    logger.error("%s. The table from before stays in use", error)  # noqa: TRY400
                self._refused = error.with_traceback(None)
            else:
                if self._edition is not None:
                    logger.warning("%s: another table is in use from now on", self._path)
                self._edition, self._refused = edition, None
                self._vocabulary = self._vocabulary or edition.vocabulary
            self._stamp, self._looked_at = stamp, time.monotonic()

    def _load(self) -> Edition:
        copy = snapshot(self._path)
        vocabulary = vocabulary_of(copy)
        if self._vocabulary and vocabulary != self._vocabulary:
            raise TableDoesNotFit(
                f"{self._path}: names other treatments, side effects or words than the model was "
                "trained with. Type: make train, then start again"
            )
        return Edition(Table(self._path, copy), Linker.of(copy), vocabulary)


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


@lru_cache(maxsize=8)
def _editions_of(path: Path) -> Editions:
    return Editions(path)


def current_editions() -> Editions:
    """Those of the table that the environment names."""
    return _editions_of(table_path())


_of_this_turn: ContextVar[Edition | None] = ContextVar("edition_of_this_turn", default=None)


def current_edition() -> Edition:
    """That of the turn, else the latest.

    Raises:
        KnowledgeError: there is no table, or none that is fit.
    """
    return _of_this_turn.get() or current_editions().latest()


@contextmanager
def answering_from(edition: Edition) -> Iterator[None]:
    """Inside, everything is answered from this version, whatever becomes of the file."""
    token = _of_this_turn.set(edition)
    try:
        yield
    finally:
        _of_this_turn.reset(token)
