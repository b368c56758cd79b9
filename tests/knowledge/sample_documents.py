"""The documents of the tests: the shipped one, an example of a second, and a tiny one to break."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.places import DOCUMENTS, ROOT
from knowledge.table import Source

KIDNEY_CANCER = Source(
    DOCUMENTS / "kidney_cancer" / "article.txt", DOCUMENTS / "kidney_cancer" / "catalog.yml"
)
HAY_FEVER = Source(
    ROOT / "tests" / "data" / "hay_fever" / "article.txt",
    ROOT / "tests" / "data" / "hay_fever" / "catalog.yml",
)
TODAY = date(2026, 11, 23)

ARTICLE = """\
Treatments for Gout

Gout is a kind of pain in the joints. The treatments for it include:

  • Rest
  • Icepack

Rest

Rest can make the pain go. Side effects of rest include:

  • Boredom

Icepack

Icepack (Coldy) works by cooling. You get it twice a day.

Gout Reference Reviewed by Ann Example, MD on March 1, 2024

Gout Society: "Gout at Home."
"""
CATALOG = """\
document: gout
publisher: Example
editions:
  - {sha256: SHA256, adapted: false}
treatments:
  gout: {kind: condition}
  rest: {kind: therapy}
  icepack: {kind: therapy, brands: [Coldy]}
references:
  Gout at Home: [document]
glossary:
  joints: [joint]
"""


@dataclass(frozen=True)
class SmallDocument:
    """A document of a few lines in a folder of its own; `write` changes it and reviews it again."""

    folder: Path

    @property
    def article(self) -> Path:
        return self.folder / "article.txt"

    @property
    def catalog(self) -> Path:
        return self.folder / "catalog.yml"

    @property
    def source(self) -> Source:
        return Source(self.article, self.catalog)

    def write(self, article: str | bytes = ARTICLE, catalog: str = CATALOG) -> Source:
        raw = article.encode() if isinstance(article, str) else article
        self.article.write_bytes(raw)
        self.catalog.write_text(catalog.replace("SHA256", hashlib.sha256(raw).hexdigest()))
        return self.source
