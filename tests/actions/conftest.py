"""A table built from the shipped document, and the domain with the bot's wording."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from knowledge.answers import Answers
from knowledge.lookup import Table
from knowledge.places import DOCUMENTS, ROOT
from knowledge.table import Source, build_table

KIDNEY_CANCER = DOCUMENTS / "kidney_cancer"


@pytest.fixture(scope="session")
def table_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("table") / "knowledge.db"
    build_table([Source(KIDNEY_CANCER / "article.txt", KIDNEY_CANCER / "catalog.yml")], path)
    return path


@pytest.fixture(scope="session")
def answers(table_file: Path) -> Iterator[Answers]:
    with Table(table_file) as table:
        yield Answers(table)


@pytest.fixture
def domain() -> dict[str, object]:
    loaded: dict[str, object] = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    return loaded
