"""The check prints what a table covers, and fails where something is out of reach."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.check import report
from knowledge.seal import write_seal


def test_the_shipped_document_is_covered_whole(own_table: Path) -> None:
    text, complete = report(own_table)
    assert complete, text
    assert "sentences in the article: 156\nsentences in the table:   156" in text
    assert "dead names (they do not lead to their treatment): 0" in text


def test_the_second_document_is_covered_whole(both_table: Path) -> None:
    text, complete = report(both_table)
    assert complete, text


@pytest.mark.parametrize(
    ("treatment", "cells"),
    [
        ("nivolumab", "x g x x . x . x x . . . x . ."),
        ("sunitinib", ". g g g . g . . . . . . x . ."),
        ("surgery", "m . . . . . . x x x . m . . ."),
    ],
)
def test_the_grid_tells_whose_each_topic_is(own_table: Path, treatment: str, cells: str) -> None:
    line = next(row for row in report(own_table)[0].splitlines() if row.startswith(treatment))
    assert line.split() == [treatment, *cells.split()]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("DELETE FROM passages WHERE text LIKE '%30 to 90%'", "sentences in the table:   155"),
        ("INSERT INTO names VALUES ('nivolumab', 99, 'metformin', 'other', 'metformin')",
         "metformin -> nivolumab"),
        ("DELETE FROM item_side_effects WHERE side_effect = 'heartburn'", "  Heartburn"),
    ],
    ids=["a lost sentence", "a dead name", "an unknown side effect"],
)  # fmt: skip
def test_what_is_out_of_reach_is_named_and_fails(
    own_table: Path, tmp_path: Path, change: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = shutil.copy(own_table, tmp_path / "t.db")
    with closing(sqlite3.connect(copy)) as db, db:
        assert db.execute(change).rowcount
        write_seal(db)
    assert main(["check", "--table", str(copy)]) == 1
    assert says in capsys.readouterr().out


def test_show_prints_passages_with_their_spans_and_references(
    own_table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "Opdivo", "side_effects", "--table", str(own_table)]) == 0
    shown = capsys.readouterr().out
    assert "## nivolumab / side_effects" in shown
    assert "Side effects of Opdivo include:" in shown
    assert "Headache   [headache]" in shown
    assert 'Cancer Research UK, "Side effects of nivolumab (Opdivo)"' in shown


def test_show_without_a_treatment_lists_all(
    own_table: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "--table", str(own_table)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 26
