"""Finds where an article explains a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.article import Article, Paragraph, Span
from knowledge.catalog import Catalog
from knowledge.errors import CatalogInvalid

POINTS_BACK = re.compile(r"^(?:This (?:is|are) (?:also )?called|It|They)\b", re.IGNORECASE)
POINTS_ON = re.compile(r"^(?:These|This|Those) (?!is\b|are\b)(\w+)")
SPEAKS_OF_THEM = re.compile(r"\bthem\b")


def glossary_of(
    article: Article, catalog: Catalog
) -> Iterator[tuple[str, tuple[str, ...], Span]]:
    """Yields (term, other forms, the sentences that explain it).

    The likeliest place wins: where the term stands in brackets behind its plain words ("a vein
    (IV)"), where a sentence says what it is ("Cytokines are ..."), else its first sentence, else
    its first bullet. "This is called X" takes the sentence before it along, and a sentence on
    "These Xs" the one after it.

    Raises:
        CatalogInvalid: the article nowhere uses the term.
    """
    places = list(_places(article))
    for term, forms in catalog.glossary.items():
        word = rf"(?<![\w-]){re.escape(term)}s?(?!\w)"
        spans = _explanations(article, places, word)
        if not spans:
            raise CatalogInvalid(
                f"{catalog.path}: the glossary word '{term}' stands nowhere in {article.path}. "
                "Remove it, or write it as the article does."
            )
        yield term, (*forms, *_spelled_out(term)), spans[0]


def _spelled_out(term: str) -> tuple[str, ...]:
    """An abbreviation letter by letter, as patients repeat it: "V-E-G-F"."""
    return ("-".join(term), " ".join(term)) if term.isupper() and len(term) > 2 else ()


@dataclass(frozen=True)
class _Place:
    """A sentence with its neighbours, or a bullet."""

    span: Span
    before: Span | None = None
    after: Span | None = None
    is_bullet: bool = False


def _places(article: Article) -> Iterator[_Place]:
    for block in article.blocks:
        if isinstance(block, Paragraph):
            around = (None, *block.sentences, None)
            for before, span, after in zip(around, block.sentences, around[2:], strict=False):
                yield _Place(span, before, after)
            yield from (_Place(bullet, is_bullet=True) for bullet in block.bullets)


def _explanations(article: Article, places: list[_Place], word: str) -> list[Span]:
    """Where the word stands, the likeliest explanation first."""
    found = [p for p in places if re.search(word, p.span.text, re.IGNORECASE)]
    in_brackets, says_what = rf"\({word}\)", rf"^{word} (?:is|are)\b"

    def unlikelihood(place: _Place) -> int:
        if re.search(in_brackets, place.span.text, re.IGNORECASE):
            return 0
        if re.search(says_what, place.span.text, re.IGNORECASE):
            return 1
        return 3 if place.is_bullet else 2

    return [_with_neighbours(article, p, word) for p in sorted(found, key=unlikelihood)]


def _with_neighbours(article: Article, place: _Place, word: str) -> Span:
    first = last = place.span
    if place.before and POINTS_BACK.match(place.span.text):
        first = place.before
    if place.after and _goes_on(place.span.text, place.after.text, word):
        last = place.after
    return first.until(last, article.raw)


def _goes_on(text: str, after: str, word: str) -> bool:
    """Whether the next sentence says "These trials ...", or what is done with "them"."""
    pointed = POINTS_ON.match(after)
    if pointed:
        return bool(re.search(rf"\b{pointed[1].rstrip('s')}s?\b", text, re.IGNORECASE))
    starts = re.match(word, text, re.IGNORECASE)
    return bool(starts and starts[0].endswith("s") and SPEAKS_OF_THEM.search(after))
