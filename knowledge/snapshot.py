"""Copies a table into memory, and refuses one that is not as it was built.

What is answered from is this copy: the file may be replaced, overwritten, locked or lost while the
bot runs, and no answer changes. SQLite itself does not notice a changed byte inside a text.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from knowledge.errors import TableMissing, TableUnreadable
from knowledge.seal import SEAL, seal_of
from knowledge.table import SCHEMA_VERSION

# What messages are masked with before the classifier reads them, so what a model is trained on.
VOCABULARY_TABLES = ("names", "side_effect_words", "outside_names", "glossary")


def snapshot(path: Path) -> sqlite3.Connection:
    """The table in memory, read-only.

    Raises:
        TableMissing: there is no file at `path`.
        TableUnreadable: the file is no table, one of another schema version, or an altered one.
    """
    if not path.exists():
        raise TableMissing(path)
    try:
        copy = _copy(path)
        version = copy.execute("PRAGMA user_version").fetchone()[0]
        if version != SCHEMA_VERSION:
            raise TableUnreadable(
                f"{path}: has schema version {version}, this program needs {SCHEMA_VERSION}. "
                "Type: make table"
            )
        (sealed,) = copy.execute(f"SELECT sha256 FROM {SEAL}").fetchone()  # noqa: S608
        found = seal_of(copy)
    except (sqlite3.Error, TypeError) as error:
        raise TableUnreadable(
            f"{path}: is no readable table ({error}). Type: make table"
        ) from error
    if found != sealed:
        raise TableUnreadable(
            f"{path}: was altered since it was built (sha256 {found}, not {sealed}). "
            "Type: make table"
        )
    copy.execute("PRAGMA query_only = ON")
    return copy


def _copy(path: Path) -> sqlite3.Connection:
    # Immutable: nobody's lock holds up the reader. A file that is being written does not fit its
    # seal and is looked at again later.
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    copy = sqlite3.connect(":memory:", check_same_thread=False)
    with closing(sqlite3.connect(address, uri=True)) as file:
        file.backup(copy)
    return copy


def vocabulary_of(table: sqlite3.Connection) -> str:
    """sha256 of the words that messages are masked with; passages change without training."""
    digest = hashlib.sha256()
    for name in VOCABULARY_TABLES:
        for row in table.execute(f"SELECT * FROM {name}"):  # noqa: S608  (names from above)
            digest.update(repr(row).encode())
    return digest.hexdigest()
