"""Makes the citation that no answer goes without."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from knowledge.answer import Citation
from knowledge.catalog import WHOLE_DOCUMENT
from knowledge.lookup import Table

DEFAULT_MAX_AGE_YEARS = 3


def cite(
    table: Table,
    document: str,
    subjects: Iterable[str],
    *,
    today: date,
    max_age_years: int = DEFAULT_MAX_AGE_YEARS,
    everything: bool = False,
) -> Citation:
    """The citation for an answer about `subjects` (treatment ids and topics).

    References on the topic are told apart from those on the whole document; the latter are named
    where there is none on the topic, or where `everything` is asked for.
    """
    row = table.document(document)
    wanted = set(subjects)
    wanted |= {group for s in subjects_known(table, wanted) for group in table.groups(s)}
    references = table.references(document)
    whole = tuple(str(r) for r in references if WHOLE_DOCUMENT in r.about)
    on_topic = tuple(
        str(r)
        for r in references
        if WHOLE_DOCUMENT not in r.about and (everything or wanted & set(r.about))
    )
    age = full_years(row.reviewed_on, today)
    return Citation(
        row.title, row.publisher, row.series, row.adapted, row.reviewed_by, row.reviewed_on, age,
        age >= max_age_years, on_topic, whole if everything or not on_topic else (),
    )  # fmt: skip


def subjects_known(table: Table, subjects: set[str]) -> list[str]:
    """Those of the subjects that are treatments; the others are topics."""
    return [subject for subject in subjects if table.has(subject)]


def full_years(start: date, end: date) -> int:
    """Full years between two days; never below 0, whatever the clock says."""
    years = end.year - start.year - ((end.month, end.day) < (start.month, start.day))
    return max(0, years)
