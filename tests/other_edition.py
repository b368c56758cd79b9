"""Another edition of the document, as a table that stands in the place of the first in one step."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from knowledge.places import table_path
from knowledge.seal import write_seal

REVIEWERS = ("Laura J. Martin, MD", "Ann Example, MD")  # of the first edition, of the other
OTHER_FACT = "You get it twice a year."
OTHER_VERSION = "0123456789ab"
OTHER_EDITION = (
    f"""
    UPDATE documents SET reviewed_by = '{REVIEWERS[1]}', reviewed_on = '2024-02-03',
    content_version = '{OTHER_VERSION}'
    """,
    f"""
    UPDATE passages SET text = '{OTHER_FACT}'
    WHERE treatment = 'temsirolimus' AND topic = 'schedule'
    """,
)


def put(target: Path, changes: tuple[str, ...]) -> None:
    """Puts a table with these changes in place in one step, as the builder does."""
    beside = target.with_name("beside.db")
    shutil.copy(table_path(), beside)
    with closing(sqlite3.connect(beside)) as db, db:
        for change in changes:
            assert db.execute(change).rowcount
        write_seal(db)
    beside.replace(target)
