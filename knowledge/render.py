"""Renders an `Answer` as plain text: one message, no blank line inside, the citation last."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge import wording
from knowledge.answer import Answer, Citation, Comparison, Section

BULLET = "• "


def render_text(answer: Answer) -> str:
    """The whole answer. Lines are separated by single newlines: a blank one would split it."""
    return "\n".join(line for line in _lines(answer) if line)


def _lines(answer: Answer) -> Iterator[str]:
    yield answer.heading
    yield answer.verdict
    for section in answer.sections:
        yield from _section(section)
    if answer.comparison:
        yield from _comparison(answer.comparison)
    yield answer.absence
    yield from answer.notes
    yield from citation_lines(answer.citation)


def _section(section: Section) -> Iterator[str]:
    yield section.whose
    yield " ".join(section.sentences)
    yield from (f"{BULLET}{item}" for item in section.items)


def _comparison(comparison: Comparison) -> Iterator[str]:
    for topic, cells in comparison.rows:
        yield f"{topic}"
        for column, cell in zip(comparison.columns, cells, strict=True):
            yield f"{BULLET}{column}: {cell}"


def citation_lines(citation: Citation) -> Iterator[str]:
    yield wording.source(citation)
    yield wording.review(citation)
    if citation.on_topic:
        yield f"References on this topic: {'; '.join(citation.on_topic)}."
    if citation.on_document:
        yield f"References on the whole document: {'; '.join(citation.on_document)}."
