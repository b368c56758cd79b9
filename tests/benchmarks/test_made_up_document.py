"""The document of the scale benchmark is a real one to the builder, the answers and the linker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from benchmarks.made_up_document import MadeUpDocument, write_document
from benchmarks.made_up_names import misspelt
from benchmarks.scale import messages
from knowledge.answers import Answers
from knowledge.linker import Linker
from knowledge.lookup import Table
from knowledge.table import build_table

TREATMENTS = 80


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made_up")


@pytest.fixture(scope="module")
def document(folder: Path) -> MadeUpDocument:
    return write_document(folder, TREATMENTS)


@pytest.fixture(scope="module")
def table_path(document: MadeUpDocument, folder: Path) -> Path:
    path = folder / "knowledge.db"
    build_table([document.source], path)
    return path


@pytest.fixture(scope="module")
def table(table_path: Path) -> Iterator[Table]:
    with Table(table_path) as table:
        yield table


def test_it_holds_as_many_treatments_as_were_asked_for(table: Table) -> None:
    assert len(table.treatment_ids()) == TREATMENTS


def test_each_drug_has_its_own_list_of_side_effects(table: Table, document: MadeUpDocument) -> None:
    for drug in document.drugs:
        (passage,) = table.passages(drug.generic, "side_effects")
        assert passage.lead == f"Side effects of {drug.brand} include:"
        assert len(passage.items) >= 5


def test_each_drug_belongs_to_the_group_that_lists_it(
    table: Table, document: MadeUpDocument
) -> None:
    for group in document.groups:
        assert table.members(group.name) == [drug.generic for drug in group.drugs]


def test_an_answer_names_its_source(table: Table, document: MadeUpDocument) -> None:
    answer = Answers(table).on_topic(document.drugs[0].generic, "administration")
    assert answer.sections
    assert answer.citation.reviewed_by == "A. N. Author, MD"


def test_every_name_leads_to_its_treatment(table_path: Path, document: MadeUpDocument) -> None:
    linker = Linker.from_table(table_path)
    for drug in document.drugs:
        for name in (drug.generic, drug.brand):
            assert linker.link(f"what is {name}?").values("treatment", "exact") == [drug.generic]


def test_the_same_seed_gives_the_same_document(document: MadeUpDocument, tmp_path: Path) -> None:
    again = write_document(tmp_path, TREATMENTS)
    assert again.source.article.read_bytes() == document.source.article.read_bytes()
    assert again.source.catalog.read_bytes() == document.source.catalog.read_bytes()


def test_no_two_treatments_share_a_name(document: MadeUpDocument) -> None:
    names = [name.lower() for drug in document.drugs for name in (drug.generic, drug.brand)]
    assert len(set(names)) == len(names)


def test_a_misspelt_name_is_another_word_that_begins_alike() -> None:
    random = Random(1)
    for _ in range(200):
        wrong = misspelt("brotavimex", random)
        assert wrong[0] == "b"
        assert abs(len(wrong) - len("brotavimex")) <= 1


def test_the_messages_hold_exact_misspelt_and_unknown_names(
    table_path: Path, document: MadeUpDocument
) -> None:
    linker = Linker.from_table(table_path)
    found = {m.certainty for t in messages(document, 100) for m in linker.link(t).mentions}
    assert {"exact", "typo"} <= found
    assert any(not linker.link(text).mentions for text in messages(document, 100))
