"""The documents for the clinic's officers name tests for what they claim, and these exist."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest

from knowledge.clinic import Clinic
from knowledge.places import ROOT

DOCUMENTS = ("privacy.md", "threat-model.md", "hazards.md")
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
TESTED = ("threat-model.md", "hazards.md")  # each row of each table


@lru_cache(maxsize=1)
def text_of(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def named_tests() -> list[tuple[str, str, str]]:
    return [(name, *found) for name in DOCUMENTS for found in NAMED_TEST.findall(text_of(name))]


@pytest.mark.parametrize(("document", "file", "test"), sorted(set(named_tests())))
def test_a_named_test_exists(document: str, file: str, test: str) -> None:
    code = (ROOT / file).read_text(encoding="utf-8")
    assert re.search(rf"^(?:async )?def {test}\(", code, re.MULTILINE), document


@pytest.mark.parametrize("document", TESTED)
def test_each_threat_and_each_hazard_names_a_test(document: str) -> None:
    lines = text_of(document).splitlines()
    rows = [line for line in lines if re.match(r"\| (?!they |what they |# )", line)]
    assert len(rows) > 10
    assert [row for row in rows if not NAMED_TEST.search(row)] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_link_of_a_document_leads_somewhere(document: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", text_of(document)):
        assert (ROOT / "docs" / target).exists(), target


def test_the_retention_time_that_is_documented_is_the_default() -> None:
    assert f"{Clinic().kept_for}, or what you set" in text_of("privacy.md")


def test_the_privacy_page_names_every_variable_that_says_where_something_is_kept() -> None:
    variables = set(re.findall(r'"(CARECITE_(?:SECRET|DATABASE_URL|METRICS|REDIS_URL))"', _code()))
    assert variables
    assert [name for name in sorted(variables) if name not in text_of("privacy.md")] == []


def _code() -> str:
    return "\n".join(path.read_text("utf-8") for path in (ROOT / "bot").rglob("*.py"))
