"""A hash of all rows, kept in the table itself: SQLite notices no byte changed inside a text."""

from __future__ import annotations

import hashlib
import sqlite3

SEAL = "seal"


def seal_of(table: sqlite3.Connection) -> str:
    """sha256 of the schema and of each row, the seal's own left out."""
    digest = hashlib.sha256()
    schema = table.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE tbl_name != ? ORDER BY type, name", (SEAL,)
    ).fetchall()
    for kind, name, sql in schema:
        digest.update(f"{kind} {name} {sql}\n".encode())
        if kind == "table":
            for row in table.execute(f"SELECT * FROM [{name}]"):  # noqa: S608  (of the schema)
                digest.update(repr(row).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def write_seal(table: sqlite3.Connection) -> None:
    """To be called when all else is written."""
    table.execute(f"CREATE TABLE IF NOT EXISTS {SEAL} (sha256 TEXT NOT NULL)")
    table.execute(f"DELETE FROM {SEAL}")  # noqa: S608  (a constant)
    table.execute(f"INSERT INTO {SEAL} VALUES (?)", (seal_of(table),))  # noqa: S608
