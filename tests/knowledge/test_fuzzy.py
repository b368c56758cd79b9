"""The index finds exactly the words within two edits that a search of all words would find."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from knowledge.fuzzy import FuzzyIndex

WORDS = ["sutent", "sunitinib", "axitinib", "avastin", "afinitor", "opdivo", "ab", "a"]
LETTERS = st.text("abinst", max_size=9)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("sutent", {"sutent": 0}),
        ("sutnet", {"sutent": 1}),
        ("suten", {"sutent": 1}),
        ("suuten", {"sutent": 2}),
        ("avastatin", {"avastin": 2}),
        ("axitinb", {"axitinib": 1}),
        ("metformin", {}),
        ("interferes", {}),
    ],
)
def test_near_words_come_with_their_edits(word: str, found: dict[str, int]) -> None:
    assert FuzzyIndex(WORDS).near(word) == found


@settings(max_examples=300, deadline=None)
@given(st.lists(LETTERS.filter(bool), max_size=20), LETTERS)
def test_no_near_word_is_missed_and_none_is_made_up(words: list[str], word: str) -> None:
    wanted = {w: d for w in words if (d := OSA.distance(w, word)) <= 2}
    # A word too short to leave a piece unchanged is not looked for: it is near to everything.
    long = {w for w in words if len(w) >= 3} if len(word) >= 3 else set()
    found = FuzzyIndex(words).near(word)
    assert {w: d for w, d in found.items() if w in long} == {
        w: d for w, d in wanted.items() if w in long
    }
    assert found.items() <= wanted.items()


def test_an_index_without_words_finds_nothing() -> None:
    assert FuzzyIndex([]).near("sutent") == {}
