"""Finds the known words that a misspelt one is near to, without looking at all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from string import ascii_lowercase

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

    def near(self, word: str, most: int = MOST_EDITS) -> dict[str, int]:
        """Edits (1 or 2, 0 for the word itself) by each known word within `most` edits.

        The nearest stand first; words that are equally near, in the order of the alphabet.
        """
        found = [
            (edits, candidate)
            for candidate in self._candidates(word, most)
            if (edits := OSA.distance(word, candidate, score_cutoff=most)) <= most
        ]
        return {candidate: edits for edits, candidate in sorted(found)}

    def _candidates(self, word: str, most: int) -> set[str]:
        found: set[str] = set()
        for length in range(max(1, len(word) - most), len(word) + most + 1):
            shifts = _shifts(len(word) - length, most)
            for start, size in _pieces(length):
                for shift in shifts:
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


@lru_cache(maxsize=32)
def _shifts(longer: int, most: int) -> tuple[int, ...]:
    """How far a piece may have moved in a word that is `longer` by so many letters.

    What moves it is edited before it, the rest of the difference in length behind it.
    """
    return tuple(p for p in range(-most, most + 1) if abs(p) + abs(longer - p) <= most)


def one_edit_away(word: str) -> set[str]:
    """Every string of letters a-z that is one edit from the word."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {a + b[1:] for a, b in halves if b}
    found |= {a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1}
    found |= {a + letter + b[1:] for a, b in halves if b for letter in ascii_lowercase}
    found |= {a + letter + b for a, b in halves for letter in ascii_lowercase}
    return found
