"""Finds the known words that a misspelt one is near to, without looking at all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA

MOST_EDITS = 2
PIECES = MOST_EDITS + 1


class FuzzyIndex:
    """Words by their length and their pieces.

    Two edits leave at least one of three pieces of a word as it was (pigeonhole), at most two
    places away, and change its length by two at most: only words that share such a piece are
    compared, so a lookup hardly grows with the number of words. The distance is optimal string
    alignment: insertions, deletions, substitutions and swapped neighbours count one each.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._by_piece: dict[tuple[int, int, str], list[str]] = defaultdict(list)
        for word in sorted(set(words)):
            for start, size in _pieces(len(word)):
                self._by_piece[len(word), start, word[start : start + size]].append(word)

    def near(self, word: str) -> dict[str, int]:
        """Edits (1 or 2, 0 for the word itself) by each known word within two edits."""
        return {
            candidate: edits
            for candidate in self._candidates(word)
            if (edits := OSA.distance(word, candidate, score_cutoff=MOST_EDITS)) <= MOST_EDITS
        }

    def _candidates(self, word: str) -> set[str]:
        found: set[str] = set()
        for length in range(max(1, len(word) - MOST_EDITS), len(word) + MOST_EDITS + 1):
            for start, size in _pieces(length):
                for shift in _shifts(len(word) - length):
                    at = start + shift
                    if 0 <= at <= len(word) - size:
                        key = (length, start, word[at : at + size])
                        found.update(self._by_piece.get(key, ()))
        return found


@lru_cache(maxsize=256)
def _pieces(length: int) -> tuple[tuple[int, int], ...]:
    """(start, size) of the pieces of a word of this length; the first ones are the longer."""
    size, rest = divmod(length, PIECES)
    sizes = [size + (number < rest) for number in range(PIECES)]
    return tuple((sum(sizes[:number]), size) for number, size in enumerate(sizes) if size)


@lru_cache(maxsize=2 * MOST_EDITS + 1)
def _shifts(longer: int) -> tuple[int, ...]:
    """How far a piece may have moved in a word that is `longer` by so many letters.

    What moves it is edited before it, the rest of the difference in length behind it.
    """
    places = range(-MOST_EDITS, MOST_EDITS + 1)
    return tuple(p for p in places if abs(p) + abs(longer - p) <= MOST_EDITS)
