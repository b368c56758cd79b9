"""From any string to the plain lower-case words that the rules are written in."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

# An emergency stands at the beginning or at the end of a long paste, seldom in its middle.
HEAD_CHARACTERS = 6000
TAIL_CHARACTERS = 3000
# spaCy keeps every word it has seen for as long as it runs; a stranger's words become this one.
UNKNOWN = "_"
PAST_YEAR = "yyyy"
STOPS = frozenset({".", "?"})

_APOSTROPHES = re.compile(r"[’‘'`´ʼ＇]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_TOKEN = re.compile(r"[a-z]+|\d+(?:[.,]\d+)*|[.?!;:,\n…–—()]")
_MARKS = {"!": ".", ";": ".", "\n": ".", "…": ".", ":": ",", "–": ",", "—": ",", "(": ",", ")": ","}
_YEAR = re.compile(r"(19|20)\d\d")
_NUMBER = re.compile(r"\d{1,3}(\.\d)?")
MIN_LETTERS_ONE_EDIT = 5
MIN_LETTERS_TWO_EDITS = 9


def clean(text: str) -> str:
    """Lower-case ASCII-like text of bounded length: no accents, controls, surrogates, emoji."""
    if len(text) > HEAD_CHARACTERS + TAIL_CHARACTERS:
        text = text[:HEAD_CHARACTERS] + "\n" + text[-TAIL_CHARACTERS:]
    if text.isascii():
        text = text.lower()
    else:
        text = unicodedata.normalize("NFKD", text).lower()
        text = "".join(c for c in text if not unicodedata.combining(c))
    return _STRETCHED.sub(r"\1", _APOSTROPHES.sub("", text))


class Normalizer:
    """Spelling variants, typos and short forms brought to the words of the rules."""

    def __init__(
        self,
        known: Iterable[str],
        typo_tolerant: Iterable[str],
        real_words: Iterable[str],
        spellings: Mapping[str, str],
        joined: Mapping[str, str],
    ) -> None:
        self._known = frozenset(known)
        self._spellings = {wrong: right.split() for wrong, right in spellings.items()}
        self._joined = {tuple(two.split()): one for two, one in joined.items()}
        self._joined_firsts = {first for first, _ in self._joined}
        self._correct = self._known | frozenset(real_words) | self._spellings.keys()
        self._by_deletion: dict[str, str] = {}
        typo_tolerant = tuple(typo_tolerant)
        self._longest = max(map(len, typo_tolerant), default=0) + 2  # letters, with two too many
        for word in typo_tolerant:
            for shorter in _deletions(word, 2 if len(word) >= MIN_LETTERS_TWO_EDITS else 1):
                self._by_deletion.setdefault(shorter, word)

    def words(self, text: str) -> list[str]:
        """The words of a message; sentence ends are "." or "?", strangers are UNKNOWN."""
        found: list[str] = []
        for raw in _TOKEN.findall(clean(text)):
            for word in self._spellings.get(raw, (raw,)):
                self._append(found, word)
        return [word if self._is_kept(word) else UNKNOWN for word in found]

    def _append(self, found: list[str], raw: str) -> None:
        word = _MARKS.get(raw, raw)
        if word.isalpha():
            word = self._typo_corrected(word)
        elif _YEAR.fullmatch(word):
            word = PAST_YEAR
        elif word[0].isdigit():
            word = word.replace(",", ".", 1) if word.count(",") == 1 else word
        if found and found[-1] in self._joined_firsts:
            joined = self._joined.get((found[-1], word))
            if joined:
                found[-1] = joined
                return
        found.append(word)

    def _is_kept(self, word: str) -> bool:
        return word in self._known or word in STOPS or word == "," or bool(_NUMBER.fullmatch(word))

    def _typo_corrected(self, word: str) -> str:
        """One edit away from a word of the rules (two when it is long): taken for that word."""
        # The deletions of a word of 1,800 letters would take 3 GB.
        is_near_none = not MIN_LETTERS_ONE_EDIT - 1 <= len(word) <= self._longest
        if is_near_none or word in self._correct:
            return word
        edits = 2 if len(word) >= MIN_LETTERS_TWO_EDITS - 1 else 1
        for shorter in _deletions(word, edits):
            candidate = self._by_deletion.get(shorter)
            if candidate and _is_near(word, candidate):
                return candidate
        return word


def _deletions(word: str, edits: int) -> set[str]:
    """The word and what is left of it without any one (or two) of its letters."""
    level = {word}
    found = {word}
    for _ in range(edits):
        level = {w[:i] + w[i + 1 :] for w in level for i in range(len(w))}
        found |= level
    return found


def _is_near(word: str, target: str) -> bool:
    """The first letters agree, or are swapped, and few edits lie between the two."""
    if word[0] != target[0] and word[:2] != target[1::-1]:
        return False
    allowed = 2 if len(target) >= MIN_LETTERS_TWO_EDITS else 1
    return _edits(word, target) <= allowed


def _edits(a: str, b: str) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours from a to b."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, last, row = row, before, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
