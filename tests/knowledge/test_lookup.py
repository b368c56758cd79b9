"""The table is read by key, and says plainly when there is none to read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.errors import TableMissing, TableUnreadable, UnknownTreatment
from knowledge.lookup import Table


@pytest.fixture
def table(both_table: Path):  # type: ignore[no-untyped-def]
    with Table(both_table) as opened:
        yield opened


def test_a_treatment_comes_with_its_names(table: Table) -> None:
    row = table.treatment("nivolumab")
    assert (row.kind, row.part_of, row.brands) == ("drug", "checkpoint inhibitors", ("Opdivo",))


def test_groups_come_nearest_first(table: Table) -> None:
    assert table.groups("sunitinib") == ["tyrosine kinase inhibitors", "targeted therapy"]
    assert table.groups("surgery") == []


def test_members_are_the_direct_ones(table: Table) -> None:
    assert table.members("mTOR inhibitors") == ["everolimus", "temsirolimus"]
    assert table.members("nivolumab") == []


def test_passages_come_with_their_items_in_order(table: Table) -> None:
    (passage,) = table.passages("tyrosine kinase inhibitors", "side_effects")
    assert [i.text for i in passage.items][:2] == ["Nausea", "Diarrhea"]
    assert passage.items[0].side_effects == ("nausea",)
    assert table.passages("surgery", "side_effects") == ()


def test_side_effects_lead_back_to_the_lists_that_name_them(table: Table) -> None:
    assert [t for t, _, _ in table.lists_with("heartburn")] == ["bevacizumab"]
    assert table.lists_with("seizures") == []


@pytest.mark.parametrize(
    ("form", "term"), [("VEGF", "VEGF"), ("vegf", "VEGF"), ("Cytokine", "cytokines"), ("x", None)]
)
def test_words_are_found_in_any_of_their_forms(table: Table, form: str, term: str | None) -> None:
    found = table.glossary(form)
    assert (found[1] if found else None) == term


def test_each_reference_belongs_to_its_document(table: Table) -> None:
    assert len(table.references("kidney_cancer")) == 11
    assert [str(r) for r in table.references("hay_fever")] == [
        'Example Allergy Society, "Hay Fever Basics"',
        'Example Allergy Society, "Living With Pollen"',
    ]


@pytest.mark.parametrize("words", [["blood", "vessels"], ['"', "vessels"], ["vessels*", "OR"]])
def test_full_text_search_finds_passages_whatever_is_typed(table: Table, words: list[str]) -> None:
    assert any("vessels" in p.text for p in table.search(words)) or "vessels" not in words


def test_a_search_for_nothing_finds_nothing(table: Table) -> None:
    assert table.search([]) == []


def test_an_unknown_treatment_is_quoted(table: Table) -> None:
    with pytest.raises(UnknownTreatment, match="'metformin' is no treatment of"):
        table.treatment("metformin")


def test_a_missing_table_says_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(TableMissing, match="none.db: there is no table here. Type: make table"):
        Table(tmp_path / "none.db")


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.db").write_text("no database at all, but long enough to be looked at" * 20)
    with pytest.raises(TableUnreadable, match=r"t\.db: .*Type: make table"):
        Table(tmp_path / "t.db")


def test_a_table_of_another_version_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "t.db")) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(TableUnreadable, match="schema version 99, this program needs"):
        Table(tmp_path / "t.db")


def test_the_table_cannot_be_written_through_a_reader(table: Table) -> None:
    with pytest.raises(TableUnreadable, match="readonly"):
        table._rows("DELETE FROM passages")
