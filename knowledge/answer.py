"""What every surface shows: one `Answer`, with its citation always inside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Citation:
    """Where an answer comes from, who reviewed it, and how old that review is."""

    title: str
    publisher: str
    series: str
    adapted: bool
    reviewed_by: str
    reviewed_on: date
    age_years: int
    is_old: bool  # older than the clinic's limit
    on_topic: tuple[str, ...]  # references on the treatment or topic of this answer
    on_document: tuple[str, ...]  # references on the whole document


@dataclass(frozen=True)
class Section:
    """Facts of one source: a treatment's own, or those of a group it belongs to.

    `whose` says so in words; `sentences` and `items` are the article's own text.
    """

    whose: str
    sentences: tuple[str, ...]
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Rows of (topic, one cell per column); a cell without a fact says so."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Answer:
    """One question answered from one document.

    `about` are treatment ids, `topic` the topic or kind of question. `absence` says what the
    document does not say. An answer without sections, items or comparison has an absence.
    """

    heading: str
    about: tuple[str, ...]
    topic: str
    citation: Citation
    content_version: str
    verdict: str = ""
    sections: tuple[Section, ...] = ()
    comparison: Comparison | None = None
    absence: str = ""
    notes: tuple[str, ...] = ()
    passage_ids: tuple[int, ...] = field(default=())

    @property
    def has_facts(self) -> bool:
        return bool(self.sections or self.comparison)
