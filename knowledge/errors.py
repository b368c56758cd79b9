"""One class per failure; each message quotes the value, names the place and says what to do."""

from __future__ import annotations

from pathlib import Path


class KnowledgeError(Exception):
    """Base of every failure of this package. Its text is meant for the person at the keyboard."""


class ArticleUnreadable(KnowledgeError):
    """The article is missing, empty or not UTF-8."""


class ArticleNotReviewed(KnowledgeError):
    """The article's sha256 is none of the reviewed ones in its catalog."""

    def __init__(self, path: Path, sha256: str, catalog: Path) -> None:
        super().__init__(
            f"{path}: this text has sha256 '{sha256}', which is no reviewed edition in {catalog}. "
            "If it was changed on purpose, have it reviewed, then add the sha256 under 'editions'."
        )


class ReviewLineInvalid(KnowledgeError):
    """No 'Reviewed by NAME on DATE' line, or a date that is unreadable or in the future."""


class ReferencesMissing(KnowledgeError):
    """The article names no references, or one that the catalog does not place."""


class SentenceWithoutPlace(KnowledgeError):
    """A sentence of the article ended up in no passage."""


class CatalogInvalid(KnowledgeError):
    """The catalog is malformed, or names what the article does not hold."""


class NameTaken(CatalogInvalid):
    """One name stands for two treatments."""


class LexiconInvalid(KnowledgeError):
    """A vocabulary file is malformed."""


class TableMissing(KnowledgeError):
    """The table file does not exist."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: there is no table here. Type: make table")


class TableUnreadable(KnowledgeError):
    """The table file exists but is no table of this version, or was altered since it was built."""


class TableDoesNotFit(KnowledgeError):
    """The table holds other names than the model was trained with."""


class TableNotWritten(KnowledgeError):
    """Writing the table failed (disk full, no permission); the old one is untouched."""


class UnknownTreatment(KnowledgeError):
    """A treatment was asked for that the table does not hold."""


class ClinicInvalid(KnowledgeError):
    """The clinic's configuration file is malformed."""
