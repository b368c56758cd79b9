"""Links what a message names to the table: treatments, side effects, words, and foreign things.

A wrong drug is the worst error there is, so linking is strict: one edit from one name is taken,
two are to be asked back, more is unknown; and wherever another medicine's name is as near as one of
ours, nothing is linked.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from spacy.tokens import Doc
from wordfreq import get_frequency_dict

from knowledge.errors import TableMissing, TableUnreadable
from knowledge.fuzzy import FuzzyIndex
from knowledge.names import Match, NameMatcher, blank_english

MentionKind = Literal[
    "treatment", "side_effect", "term", "medicine", "supplement", "condition", "procedure"
]
Certainty = Literal["exact", "typo", "ask"]
OUTSIDE_KINDS = frozenset({"medicine", "supplement", "condition", "procedure"})
SHORTEST_TYPO = 5  # letters; shorter words are too near to too many others
SHORTEST_TWO_EDITS = 7
LONGEST_TEXT = 2000  # characters looked at; a message may not be longer than 1,000
COMMON_WORD = 10**-7.0  # frequency from which an English word is no typo (zipf 2.0)
UNKNOWN = "?"  # value of a medicine that no list holds but whose name is built like one

# Same length before and after, so that offsets stay right.
PLAIN = str.maketrans("’‘‑–—\u00a0", "''---\u0020")

# Stems of the WHO's International Nonproprietary Names, at the end of a name.
INN_STEM = re.compile(
    r"^[a-z]{3,}(?:mab|nib|limus|platin|taxel|rubicin|statin|sartan|pril|prazole|olol|gliptin|"
    r"gliflozin|glutide|conazole|cillin|cycline|floxacin|mycin|parib|ciclib|rafenib|tinib|zomib|"
    r"lisib|metinib|degib|citabine|bicin|poside|tecan|trexate|dronate|setron|triptan|azepam|"
    r"oxetine|barbital|caine|dipine|afil|lukast|vudine|ciclovir|tegravir|leucel|stim|poetin)$"
)


@dataclass(frozen=True)
class Mention:
    """Something named in a message. `start` and `end` are character offsets of the text."""

    kind: MentionKind
    value: str
    start: int
    end: int
    text: str
    certainty: Certainty = "exact"


@dataclass(frozen=True)
class Links:
    mentions: tuple[Mention, ...] = ()

    def values(self, kind: MentionKind, *certainties: Certainty) -> list[str]:
        """Values of a kind, each once, in the order of the text; sure ones unless told."""
        wanted = certainties or ("exact", "typo")
        return list(
            dict.fromkeys(
                m.value for m in self.mentions if m.kind == kind and m.certainty in wanted
            )
        )

    @property
    def outside(self) -> list[Mention]:
        """Medicines, conditions and procedures that the documents do not speak of."""
        return [m for m in self.mentions if m.kind in OUTSIDE_KINDS]


class Linker:
    """Built once from a table's vocabulary; `link` takes well below a millisecond."""

    def __init__(
        self,
        names: Iterable[tuple[str, str]],
        side_effects: Iterable[tuple[str, str]],
        terms: Iterable[tuple[str, str]],
        outside: Iterable[tuple[str, str]],
        *,
        nicknames: Iterable[tuple[str, str]] = (),
        common_words: Callable[[], frozenset[str]] | None = None,
    ) -> None:
        """Each argument gives (phrase, value) pairs; for `outside` the value is the kind.

        `nicknames` are names of treatments that count only as they are written: many are
        misspellings already, and what is near to one of those may be anything.
        """
        names, side_effects, outside = list(names), list(side_effects), list(outside)
        terms = list(terms)
        nicknames = list(nicknames)
        self._named = NameMatcher(
            [(p, f"treatment:{v}") for p, v in (*names, *nicknames)]
            + [(p, f"{kind}:{p.lower()}") for p, kind in outside]
        )
        self._effects = NameMatcher((p, f"side_effect:{v}") for p, v in side_effects)
        self._terms = NameMatcher((p, f"term:{v}") for p, v in terms)
        self._words: dict[str, str] = {}
        for phrase, value in side_effects:
            self._words.setdefault(phrase.lower(), f"side_effect:{value}")
        for phrase, kind in outside:
            self._words[phrase.lower()] = f"{kind}:{phrase.lower()}"
        for phrase, value in names:
            self._words[phrase.lower()] = f"treatment:{value}"
        single = [w for w in self._words if len(w) >= SHORTEST_TYPO and re.fullmatch(r"[a-z]+", w)]
        self._fuzzy = FuzzyIndex(single)
        known = (common_words or common_english)()
        self._known = known | {
            word for phrase in self._words for word in re.findall(r"[a-z']+", phrase)
        }

    @classmethod
    def from_table(cls, path: Path) -> Linker:
        """Reads the vocabulary of the table at `path`.

        Raises:
            TableMissing: there is no table.
            TableUnreadable: it is none.
        """
        if not path.exists():
            raise TableMissing(path)
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
                named = "SELECT normalized, treatment FROM names WHERE kind {} 'lay'"
                return cls(
                    db.execute(named.format("!=")).fetchall(),
                    db.execute("SELECT word, side_effect FROM side_effect_words").fetchall(),
                    db.execute("SELECT form, term FROM glossary").fetchall(),
                    db.execute("SELECT phrase, kind FROM outside_names").fetchall(),
                    nicknames=db.execute(named.format("=")).fetchall(),
                )
        except sqlite3.Error as error:
            raise TableUnreadable(f"{path}: {error}. Type: make table") from error

    def link(self, text: str) -> Links:
        """Links a message. Never raises, whatever the text."""
        text = text[:LONGEST_TEXT].translate(PLAIN)
        nlp = blank_english()
        with nlp.memory_zone():  # words of a message must not pile up in spaCy's vocabulary
            doc = nlp.make_doc(text)
            mentions = self._exact(doc, text)
            taken = {i for m in mentions for i in range(m.start, m.end)}
            mentions += self._typos(doc, taken)
        return Links(tuple(sorted(mentions, key=lambda m: (m.start, -m.end))))

    def is_known_word(self, word: str) -> bool:
        """Whether the word is English, or one of the vocabulary's own."""
        return word.lower() in self._known

    def _exact(self, doc: Doc, text: str) -> list[Mention]:
        found: list[Mention] = []
        for matcher in (self._named, self._effects, self._terms):
            found += (_mention(match, text) for match in matcher.find_in(doc))
        return found

    def _typos(self, doc: Doc, taken: set[int]) -> list[Mention]:
        mentions: list[Mention] = []
        tokens = [t for t in doc if t.is_alpha and t.idx not in taken]
        for token in tokens:
            word = token.lower_
            if len(word) < SHORTEST_TYPO or word in self._known:
                continue
            mention = self._nearest(word, token.idx, token.idx + len(token.text), token.text)
            if mention:
                mentions.append(mention)
        joined_from = {m.start for m in mentions}
        for first, second in zip(tokens, tokens[1:]):
            mention = self._joined(first.lower_, second.lower_, first.idx, second)
            if mention and first.idx not in joined_from and second.idx not in joined_from:
                mentions.append(mention)
        return mentions

    def _joined(self, first: str, second: str, start: int, last: object) -> Mention | None:
        """ "cabo metyx", "in lyta": a name that voice input or a thumb has split."""
        word = first + second
        if len(word) < SHORTEST_TYPO or (first in self._known and second in self._known):
            value = self._words.get(word)  # both halves are English: only the exact name counts
        else:
            near = self._fuzzy.near(word)
            best = [w for w, edits in near.items() if edits <= 1]
            value = self._words[best[0]] if len(best) == 1 else self._words.get(word)
        if value is None or not value.startswith("treatment:"):
            return None
        idx, text = last.idx, last.text  # type: ignore[attr-defined]
        return Mention("treatment", value[10:], start, idx + len(text), word, "typo")

    def _nearest(self, word: str, start: int, end: int, text: str) -> Mention | None:
        near = self._fuzzy.near(word)
        for edits in (1, 2):
            values = {self._words[w] for w, d in near.items() if d <= edits}
            kinds = {value.partition(":")[0] for value in values}
            if not values:
                continue
            if len(values) > 1 and "treatment" in kinds:
                return self._unsure(values, edits, start, end, text)
            value = min(values)
            kind, _, identity = value.partition(":")
            if edits == 1:
                return Mention(kind, identity, start, end, text, "typo")  # type: ignore[arg-type]
            if len(word) < SHORTEST_TWO_EDITS:
                break
            if kind == "side_effect" and len(values) == 1:
                return Mention("side_effect", identity, start, end, text, "typo")
            if kind == "treatment":
                return Mention("treatment", identity, start, end, text, "ask")
            break
        if INN_STEM.match(word):
            return Mention("medicine", UNKNOWN, start, end, text)
        return None

    def _unsure(
        self, values: set[str], edits: int, start: int, end: int, text: str
    ) -> Mention | None:
        """Several names are near: of ours one may be asked back, another medicine's rules it out."""
        ours = {v for v in values if v.startswith("treatment:")}
        if ours == values and edits == 1:
            return Mention("treatment", min(ours)[10:], start, end, text, "ask")
        if ours != values:
            return Mention("medicine", UNKNOWN, start, end, text)
        return Mention("treatment", min(ours)[10:], start, end, text, "ask")


def _mention(match: Match, text: str) -> Mention:
    kind, _, value = match.value.partition(":")
    return Mention(kind, value, match.start, match.end, text[match.start : match.end])  # type: ignore[arg-type]


@lru_cache(maxsize=1)
def common_english() -> frozenset[str]:
    """English words that are in use, from wordfreq's list: such a word is no typo of a name."""
    frequencies = get_frequency_dict("en", wordlist="large")
    return frozenset(word for word, frequency in frequencies.items() if frequency >= COMMON_WORD)
