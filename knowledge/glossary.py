"""Finds where an article explains a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.article import Article, Paragraph, Span
from knowledge.catalog import Catalog
from knowledge.errors import CatalogInvalid

POINTS_BACK = re.compile(r"^(?:This|It|They) (?:is|are) (?:also )?called\b", re.IGNORECASE)
POINTS_ON = re.compile(r"^(?:These|They|This|Those)\b")


def glossary_of(
    article: Article, catalog: Catalog
) -> Iterator[tuple[str, tuple[str, ...], Span]]:
    """Yields (term, other forms, the sentences that explain it).

    A term is explained where it first stands; "This is called X" takes the sentence before it
    along, and a sentence on "These Xs" the one after it.

    Raises:
        CatalogInvalid: the article nowhere uses the term.
    """
    for term, forms in catalog.glossary.items():
        pattern = re.compile(rf"(?<![\w-]){re.escape(term)}s?(?!\w)", re.IGNORECASE)
        span = _explanation(article, pattern)
        if span is None:
            raise CatalogInvalid(
                f"{catalog.path}: the glossary word '{term}' stands nowhere in {article.path}. "
                "Remove it, or write it as the article does."
            )
        yield term, forms, span


def _explanation(article: Article, term: re.Pattern[str]) -> Span | None:
    for block in article.blocks:
        if not isinstance(block, Paragraph):
            continue
        for number, sentence in enumerate(block.sentences):
            if not term.search(sentence.text):
                continue
            first, last = sentence, sentence
            if POINTS_BACK.match(sentence.text) and number:
                first = block.sentences[number - 1]
            after = block.sentences[number + 1 : number + 2]
            if after and _goes_on_about(term, after[0].text):
                last = after[0]
            return first.until(last, article.raw)
        for bullet in block.bullets:
            if term.search(bullet.text):
                return bullet
    return None


def _goes_on_about(term: re.Pattern[str], text: str) -> bool:
    """Whether the sentence says "These trials ..." after one that named a clinical trial."""
    words = text.split()
    return bool(
        POINTS_ON.match(text)
        and len(words) > 1
        and words[1].rstrip("s").lower() in term.pattern.replace("\\", "").lower()
    )
