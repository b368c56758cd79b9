"""The table and the clinic's configuration that are in place now, opened once for each version."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from knowledge.answers import Answers
from knowledge.clinic import current_clinic
from knowledge.lookup import Table
from knowledge.places import table_path

__all__ = ["current_answers", "current_clinic"]


@lru_cache(maxsize=2)
def _answers(path: Path, changed_at: float, max_age_years: int) -> Answers:
    return Answers(Table(path), max_age_years)


def _changed_at(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


def current_answers() -> Answers:
    """Raises TableMissing or TableUnreadable; a table put in place is taken up at once."""
    path = table_path()
    return _answers(path, _changed_at(path), current_clinic().max_review_age_years)
