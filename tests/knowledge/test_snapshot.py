"""A table is read whole and as it was built, or not at all."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.errors import TableUnreadable
from knowledge.lookup import Table
from knowledge.seal import seal_of
from knowledge.snapshot import snapshot


def seal_in(path: Path) -> str:
    with closing(snapshot(path)) as copy:
        return seal_of(copy)


def test_a_table_changed_by_hand_is_refused(own_table: Path, tmp_path: Path) -> None:
    altered = tmp_path / "altered.db"
    altered.write_bytes(own_table.read_bytes())
    with closing(sqlite3.connect(altered)) as db, db:
        db.execute("UPDATE passages SET text = replace(text, 'once', 'twice')")
    with pytest.raises(TableUnreadable, match=r"altered\.db: was altered since .*make table"):
        Table(altered)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1, exclude_max=True), mask=st.integers(1, 255))
def test_a_changed_byte_is_noticed_or_changes_nothing_that_is_read(
    own_table: Path, tmp_path: Path, share: float, mask: int
) -> None:
    content = bytearray(own_table.read_bytes())
    content[int(share * len(content))] ^= mask
    changed = tmp_path / "changed.db"
    changed.write_bytes(content)
    try:
        found = seal_in(changed)
    except TableUnreadable:
        return
    assert found == seal_in(own_table)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 0.999))
def test_a_table_that_is_written_half_is_refused(
    own_table: Path, tmp_path: Path, share: float
) -> None:
    content = own_table.read_bytes()
    half = tmp_path / "half.db"
    half.write_bytes(content[: int(share * len(content))])
    with pytest.raises(TableUnreadable):
        Table(half)


def test_a_table_locked_by_another_program_is_read_all_the_same(
    own_table: Path, tmp_path: Path
) -> None:
    locked = tmp_path / "locked.db"
    locked.write_bytes(own_table.read_bytes())
    with closing(sqlite3.connect(locked)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with Table(locked) as table:
            assert table.has("sunitinib")


def test_an_open_table_answers_whatever_becomes_of_its_file(
    own_table: Path, tmp_path: Path
) -> None:
    file = tmp_path / "file.db"
    file.write_bytes(own_table.read_bytes())
    with Table(file) as table:
        file.write_bytes(b"overwritten in place, as cp does")
        assert table.passages("nivolumab", "side_effects")
        file.unlink()
        assert table.passages("temsirolimus", "schedule")
