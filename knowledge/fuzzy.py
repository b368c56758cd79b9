"""Finds the known words that a misspelt one is near to, without looking at all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

MOST_EDITS = 2
PIECES = MOST_EDITS + 1


class FuzzyIndex:
    """Words by their pieces.

    Two edits leave at least one of three pieces of a word as it was (pigeonhole), at most two
    places away: only words that share such a piece are compared, so a lookup hardly grows with
    the number of words. The distance is optimal string alignment: insertions, deletions,
    substitutions and swapped neighbours count one each.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(set(words))
        self._by_piece: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, word in enumerate(self._words):
            for start, piece in _pieces(word):
                self._by_piece[piece].append((number, start))

    def near(self, word: str) -> dict[str, int]:
        """Edits (1 or 2, 0 for the word itself) by each known word within two edits."""
        seen: set[int] = set()
        found: dict[str, int] = {}
        for start, piece in _substrings(word):
            for number, at in self._by_piece.get(piece, ()):
                if number in seen or abs(at - start) > MOST_EDITS:
                    continue
                seen.add(number)
                edits = OSA.distance(word, self._words[number], score_cutoff=MOST_EDITS)
                if edits <= MOST_EDITS:
                    found[self._words[number]] = edits
        return found


def _pieces(word: str) -> Iterator[tuple[int, str]]:
    size, rest = divmod(len(word), PIECES)
    start = 0
    for number in range(PIECES):
        end = start + size + (number < rest)
        yield start, word[start:end]
        start = end


def _substrings(word: str) -> Iterator[tuple[int, str]]:
    shortest = max(1, (len(word) - MOST_EDITS) // PIECES)
    longest = (len(word) + MOST_EDITS) // PIECES + 1
    for size in range(shortest, longest + 1):
        for start in range(len(word) - size + 1):
            yield start, word[start : start + size]
