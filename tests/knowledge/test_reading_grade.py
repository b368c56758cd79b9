"""The own edition can be read at grade 6."""

from __future__ import annotations

import re

import textstat
from sample_documents import KIDNEY_CANCER

HIGHEST_GRADE = 6.0


def as_prose(article: str) -> str:
    """The body of the article, each heading left out and each bullet as a sentence."""
    body = article.split("Adapted from", maxsplit=1)[0]
    lines = []
    for line in body.splitlines():
        text = line.strip()
        if text.startswith("•"):
            lines.append(text.strip("• .") + ".")
        elif text.endswith((".", ":")):
            lines.append(text.rstrip(":.") + ".")
    return " ".join(lines)


def test_the_own_edition_reads_at_grade_6_or_below() -> None:
    prose = as_prose(KIDNEY_CANCER.article.read_text(encoding="utf-8"))
    assert len(prose.split()) > 700
    assert textstat.flesch_kincaid_grade(prose) <= HIGHEST_GRADE


def test_its_paragraphs_alone_read_at_grade_6_or_below() -> None:
    body = KIDNEY_CANCER.article.read_text(encoding="utf-8").split("Adapted from")[0]
    paragraphs = [line for line in body.splitlines() if re.match(r"^[A-Zm].*[.:]$", line)]
    assert textstat.flesch_kincaid_grade(" ".join(paragraphs)) <= HIGHEST_GRADE
