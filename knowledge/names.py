"""Finds known phrases in running text, whole words only, the longest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans


@dataclass(frozen=True)
class Match:
    """`start` and `end` are character offsets; `value` is what the phrase stands for."""

    start: int
    end: int
    value: str


@lru_cache(maxsize=1)
def blank_english() -> Language:
    """spaCy's rule-based English tokenizer; no statistical model is needed, or to be had."""
    return spacy.blank("en")


class NameMatcher:
    """spaCy's PhraseMatcher over (phrase, value) pairs, without regard to case."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        nlp = blank_english()
        self._matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        by_value: dict[str, list[Doc]] = {}
        for phrase, value in phrases:
            by_value.setdefault(value, []).append(nlp.make_doc(phrase))
        for value, docs in by_value.items():
            self._matcher.add(value, docs)

    def find(self, text: str) -> list[Match]:
        """Matches that do not overlap, in the order of the text."""
        return self.find_in(blank_english().make_doc(text))

    def find_in(self, doc: Doc) -> list[Match]:
        spans = filter_spans(self._matcher(doc, as_spans=True))
        return [Match(span.start_char, span.end_char, span.label_) for span in spans]
