"""The tables that the tests look into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sample_documents import HAY_FEVER, KIDNEY_CANCER, TODAY, SmallDocument

from knowledge.answers import Answers
from knowledge.linker import Linker
from knowledge.lookup import Table
from knowledge.table import build_table


@pytest.fixture
def small(tmp_path: Path) -> SmallDocument:
    folder = tmp_path / "gout"
    folder.mkdir()
    document = SmallDocument(folder)
    document.write()
    return document


@pytest.fixture(scope="session")
def own_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "knowledge.db"
    build_table([KIDNEY_CANCER], path)
    return path


@pytest.fixture(scope="session")
def both_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped document and a second one beside it."""
    path = tmp_path_factory.mktemp("both") / "knowledge.db"
    build_table([KIDNEY_CANCER, HAY_FEVER], path)
    return path


@pytest.fixture(scope="session")
def answers(own_table: Path) -> Iterator[Answers]:
    with Table(own_table) as table:
        yield Answers(table, today=lambda: TODAY)


@pytest.fixture(scope="session")
def answers_of_both(both_table: Path) -> Iterator[Answers]:
    with Table(both_table) as table:
        yield Answers(table, today=lambda: TODAY)


@pytest.fixture(scope="session")
def linker(own_table: Path) -> Linker:
    return Linker.from_table(own_table)
