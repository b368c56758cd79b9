"""The table and the clinic's configuration that the turn is answered from."""

from __future__ import annotations

from knowledge.answers import Answers
from knowledge.clinic import current_clinic
from knowledge.edition import current_edition

__all__ = ["current_answers", "current_clinic"]


def current_answers() -> Answers:
    """Raises KnowledgeError where there is no table that can be used."""
    return Answers(current_edition().table, current_clinic().max_review_age_years)
