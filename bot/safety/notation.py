"""The notation of the rule files, and its compilation to spaCy Matcher patterns.

    <chest> ..3 hurts|aches     a word of the group `chest`, up to 3 other words, one of two words
    very? weak                  `very` may be missing

A gap never crosses the end of a sentence. A group may hold several words to an item ("passed out").
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.safety.normalize import STOPS

Groups = Mapping[str, tuple[str, ...]]
# "he has never had a seizure": no gap leaps over a negation; a pattern names the one it wants.
NEGATIONS = frozenset(
    [
        "no", "not", "never", "isnt", "wasnt", "hasnt", "havent", "didnt", "doesnt", "dont",
        "without", "nor",
    ]
)  # fmt: skip
_GAP = re.compile(r"\.\.(\d{1,2})")
_WORD = re.compile(r"[a-z]+|\d+(\.\d)?|[,?_]")


class NotationError(ValueError):
    """A pattern that cannot be read; the message quotes the part of it."""


@dataclass(frozen=True)
class Pattern:
    """One compiled pattern.

    Attributes:
        needs: the message must hold a word of each of these sets, or the matcher need not run.
        matcher: a Matcher that holds this pattern alone.
    """

    source: str
    needs: tuple[frozenset[str], ...]
    matcher: Matcher

    def spans(self, doc: Doc, words: frozenset[str]) -> list[tuple[int, int]]:
        """Token spans (start, end) of this pattern in the message."""
        if any(need.isdisjoint(words) for need in self.needs):
            return []
        return [(start, end) for _, start, end in self.matcher(doc)]


class PatternSet:
    """Patterns found again by their rarest word: a message runs the few matchers it may meet."""

    def __init__(self, patterns: tuple[Pattern, ...]) -> None:
        self._by_word: dict[str, list[Pattern]] = {}
        for pattern in patterns:
            for word in min(pattern.needs, key=len):
                self._by_word.setdefault(word, []).append(pattern)

    def spans(self, doc: Doc, words: frozenset[str]) -> list[tuple[int, int]]:
        """Token spans (start, end) of any of the patterns."""
        candidates = {id(p): p for w in words for p in self._by_word.get(w, ())}
        return [span for p in candidates.values() for span in p.spans(doc, words)]


def compile_pattern(source: str, groups: Groups, vocab: Vocab) -> Pattern:
    """Raises NotationError where a part of the pattern is no notation."""
    parts = [_read_part(part, groups) for part in source.split()]
    if not any(part.is_required for part in parts):
        raise NotationError(f"'{source}' matches nothing in particular; name at least one word")
    matcher = Matcher(vocab)
    matcher.add("rule", [list(_token_specs(choice)) for choice in product(*map(_choices, parts))])
    needs = tuple(
        frozenset(item.split()[0] for item in part.items) for part in parts if part.is_required
    )
    return Pattern(source, needs, matcher)


@dataclass(frozen=True)
class _Part:
    """A word, a group or a gap (no items)."""

    items: tuple[str, ...]
    optional: bool = False
    gap: int = 0

    @property
    def is_required(self) -> bool:
        return bool(self.items) and not self.optional


def _read_part(part: str, groups: Groups) -> _Part:
    gap = _GAP.fullmatch(part)
    if gap:
        return _Part((), gap=int(gap[1]))
    optional = len(part) > 1 and part.endswith("?")
    items: list[str] = []
    for name in part.removesuffix("?").split("|") if optional else part.split("|"):
        if name.startswith("<") and name.endswith(">"):
            if name[1:-1] not in groups:
                raise NotationError(f"'{name}' is no group of words; define it or correct the name")
            items.extend(groups[name[1:-1]])
        elif _WORD.fullmatch(name):
            items.append(name)
        else:
            raise NotationError(f"'{name}' is neither a word, a <group>, nor a gap such as ..3")
    return _Part(tuple(items), optional)


def _choices(part: _Part) -> list[Any]:
    """Single words go into one alternative; each longer phrase is an alternative of its own."""
    if not part.items:
        return [part]
    single = tuple(item for item in part.items if " " not in item)
    phrases = [item for item in part.items if " " in item]
    return ([_Part(single, part.optional)] if single else []) + [
        _Part((phrase,), part.optional) for phrase in phrases
    ]


def _token_specs(choice: tuple[_Part, ...]) -> Iterator[dict[str, Any]]:
    for part in choice:
        if part.gap:
            yield {"LOWER": {"NOT_IN": sorted(STOPS | NEGATIONS)}, "OP": f"{{0,{part.gap}}}"}
        elif len(part.items) == 1:
            for word in part.items[0].split():
                yield {"LOWER": word, "OP": "?"} if part.optional else {"LOWER": word}
        else:
            spec: dict[str, Any] = {"LOWER": {"IN": sorted(part.items)}}
            yield {**spec, "OP": "?"} if part.optional else spec


def vocabulary(sources: list[str], groups: Groups) -> set[str]:
    """Every word that some pattern or group names."""
    words = {word for items in groups.values() for item in items for word in item.split()}
    for source in sources:
        for part in source.split():
            if not _GAP.fullmatch(part):
                words.update(name for name in part.removesuffix("?").split("|") if name[:1] != "<")
    return words
