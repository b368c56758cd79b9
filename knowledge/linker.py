"""Links what a message names to the table: treatments, side effects, words, and foreign things.

A wrong drug is the worst error there is, so linking is strict: one edit from one name is taken,
two are to be asked back, more is unknown; and wherever another medicine's name is as near as one of
ours, nothing is linked.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, cast

from jellyfish import metaphone
from rapidfuzz.distance import OSA
from spacy.tokens import Doc, Span, Token
from wordfreq import get_frequency_dict

from knowledge.fuzzy import FuzzyIndex, one_edit_away
from knowledge.names import Match, NameMatcher, blank_english
from knowledge.snapshot import snapshot

MentionKind = Literal[
    "treatment",
    "subject",  # the condition that a document is about
    "side_effect",
    "term",
    "medicine",
    "supplement",
    "condition",
    "procedure",
]
Certainty = Literal["exact", "typo", "ask"]
OUTSIDE_KINDS = frozenset({"medicine", "supplement", "condition", "procedure"})
SHORTEST_TYPO = 5  # letters; shorter words are too near to too many others
SHORTEST_TWO_EDITS = 7
MOST_JOINED = 4  # words that voice input may make of one name: "tem sir oh limus"
LONG_NAME = 10  # letters; no run of English words comes within one edit of such a name
LONGEST_NAME = 16  # letters of the longest one-word name, with what voice input adds
MOST_SOUND_EDITS = 3  # letters in which two names that sound alike may differ
SHORTEST_SOUND = 4  # consonants of a name's sound; shorter sounds are those of ordinary words
LONGEST_TEXT = 2000  # characters looked at; a message may not be longer than 1,000
COMMON_WORD = 10**-7.0  # frequency from which an English word is no typo of a name (zipf 2.0)
WELL_KNOWN_WORD = 10**-6.0  # from which it is no typo of a side effect: "presure" is in lists too
MOST_AROUND = 2  # tokens on either side of a name that may make it a part of a longer one
UNKNOWN = "?"  # value of a medicine that no list holds but whose name is built like one

# Same length before and after, so that offsets stay right.
PLAIN = str.maketrans("’‘‑–—\u00a0<>", "''---\u0020  ")

# "interleukin-2": a name that is followed by another number is another medicine.
NUMBERED = re.compile(r"^(.+?)[- ]?\d+$")
DESIGNATOR = re.compile(r"([- ])(?:\d+|(?<=-)[a-z]\d*\b)", re.IGNORECASE)

BEFORE_A_NAME = frozenset(
    [
        "of", "on", "about", "take", "takes", "taking", "took", "from", "started", "starting",
        "prescribed", "using", "than", "vs", "called", "with", "for", "and", "or",
    ]
)  # fmt: skip
LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # spaCy cannot encode one

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
    def ours(self) -> list[str]:
        """Ids of treatments and conditions of the documents, as surely named."""
        return list(dict.fromkeys([*self.values("treatment"), *self.values("subject")]))

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
        subjects: Iterable[str] = (),
        common_words: Callable[[], frozenset[str]] | None = None,
    ) -> None:
        """Each argument gives (phrase, value) pairs; for `outside` the value is the kind.

        `nicknames` are names of treatments that count only as they are written: many are
        misspellings already, and what is near to one of those may be anything. `subjects` are
        the ids of the conditions that the documents are about.
        """
        names, nicknames, outside = list(names), list(nicknames), list(outside)
        side_effects, terms = list(side_effects), list(terms)
        subjects = frozenset(subjects)

        def kind_of(treatment: str) -> str:
            return f"{'subject' if treatment in subjects else 'treatment'}:{treatment}"

        self._named = NameMatcher(
            [(p, kind_of(v)) for p, v in (*names, *nicknames)]
            + [(s, f"{kind}:{p.lower()}") for p, kind in outside for s in _spellings(p)]
        )
        self._effects = NameMatcher((p, f"side_effect:{v}") for p, v in side_effects)
        self._terms = NameMatcher((p, f"term:{v}") for p, v in terms)
        # What a misspelt word may stand for; a name of ours wins over other vocabulary.
        self._words = {p.lower(): f"term:{v}" for p, v in terms}
        self._words |= {p.lower(): f"side_effect:{v}" for p, v in side_effects}
        self._words |= {p.lower(): f"{kind}:{p.lower()}" for p, kind in outside}
        self._words |= {p.lower(): kind_of(v) for p, v in names}
        single = [w for w in self._words if len(w) >= SHORTEST_TYPO and re.fullmatch(r"[a-z]+", w)]
        self._fuzzy = FuzzyIndex(single)
        self._foreign = FuzzyIndex(
            s.lower() for p, kind in outside if kind == "medicine" and not p.isalpha()
            for s in _spellings(p)
        )  # fmt: skip
        numbered = (NUMBERED.match(phrase.lower()) for phrase, _ in names)
        self._numbered = {match[1] for match in numbered if match}
        vocabulary = {
            word
            for phrase in (*self._words, *(p.lower() for p, _ in nicknames))
            for word in re.findall(r"[a-z']+", phrase)
        }
        self._common = (common_words or common_english)()
        self._known = self._common | vocabulary
        self._well_known = common_english(WELL_KNOWN_WORD) | vocabulary
        self._spelling = FuzzyIndex(
            word
            for phrase in (*(p for p, _ in side_effects), *(p for p, _ in terms))
            for word in re.findall(r"[a-z]{5,}", phrase.lower())
        )
        self._sounds: dict[str, list[str]] = {}
        for word in single:
            if self._words[word].startswith("treatment:"):
                self._sounds.setdefault(metaphone(word), []).append(word)

    @classmethod
    def from_table(cls, path: Path) -> Linker:
        """Reads the vocabulary of the table at `path`.

        Raises:
            TableMissing: there is no table.
            TableUnreadable: it is none, or was altered.
        """
        with closing(snapshot(path)) as table:
            return cls.of(table)

    @classmethod
    def of(cls, table: sqlite3.Connection) -> Linker:
        """Reads the vocabulary of a table that is in memory."""
        named = "SELECT normalized, treatment FROM names WHERE kind {} 'lay'"
        conditions = table.execute("SELECT id FROM treatments WHERE kind = 'condition'")
        return cls(
            table.execute(named.format("!=")).fetchall(),
            table.execute("SELECT word, side_effect FROM side_effect_words").fetchall(),
            table.execute("SELECT form, term FROM glossary").fetchall(),
            table.execute("SELECT phrase, kind FROM outside_names").fetchall(),
            nicknames=table.execute(named.format("=")).fetchall(),
            subjects=[row[0] for row in conditions],
        )

    def link(self, text: str) -> Links:
        """Links a message. Never raises, whatever the text."""
        text = LONE_SURROGATE.sub("\ufffd", text[:LONGEST_TEXT]).translate(PLAIN)
        nlp = blank_english()
        with nlp.memory_zone():  # words of a message must not pile up in spaCy's vocabulary
            doc = nlp.make_doc(text)
            mentions = self._exact(doc, text)
            taken = {i for m in mentions for i in range(m.start, m.end)}
            mentions += self._typos(doc, taken)
            mentions = [self._unless_foreign(doc, text, mention) for mention in mentions]
            mentions += self._unknown_names(doc, mentions)
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
        tokens = [t for t in doc if t.is_alpha and t.idx not in taken]
        mentions = [m for run in _runs(tokens) if (m := self._joined(run))]
        joined = {i for m in mentions for i in range(m.start, m.end)}
        for token in tokens:
            word = token.lower_
            if token.idx in joined or len(word) < SHORTEST_TYPO or word in self._known:
                continue
            mention = self._nearest(word, token.idx, token.idx + len(token.text), token.text)
            if mention:
                mentions.append(self._with_next_word(mention, token, doc))
        covered = taken | {i for m in mentions for i in range(m.start, m.end)}
        return mentions + self._respelled(doc, covered)

    def _unknown_names(self, doc: Doc, mentions: Sequence[Mention]) -> list[Mention]:
        """A word that no list holds, where a medicine's name would stand: "effects of zorblax"."""
        taken = {i for m in mentions for i in range(m.start, m.end)}
        return [
            Mention("medicine", UNKNOWN, token.idx, token.idx + len(token.text), token.text)
            for before, token in pairwise(doc)
            if before.lower_ in BEFORE_A_NAME
            and token.is_alpha
            and token.idx not in taken
            and len(token.text) >= SHORTEST_TYPO
            and token.lower_ not in self._known
            and self._common.isdisjoint(one_edit_away(token.lower_))
        ]

    def _respelled(self, doc: Doc, taken: set[int]) -> list[Mention]:
        """Side effects and terms of several words, of which one is misspelt: "blood presure"."""
        words = [token.text for token in doc]
        for number, token in enumerate(doc):
            word = token.lower_
            if token.is_alpha and len(word) >= SHORTEST_TYPO and word not in self._well_known:
                near = self._spelling.near(word, most=1)
                best = [w for w, edits in near.items() if edits == 1]
                words[number] = best[0] if best else words[number]
        if all(token.text == word for token, word in zip(doc, words, strict=True)):
            return []
        mended = Doc(doc.vocab, words=words, spaces=[bool(token.whitespace_) for token in doc])
        found: list[Mention] = []
        for matcher in (self._effects, self._terms):
            for match in matcher.find_in(mended):
                # A match is made of tokens, so there always is such a span.
                inside = cast(Span, mended.char_span(match.start, match.end))
                first, last = doc[inside.start], doc[inside.end - 1]
                start, end = first.idx, last.idx + len(last.text)
                if start not in taken:
                    kind, _, value = match.value.partition(":")
                    text = doc.text[start:end]
                    found.append(Mention(kind, value, start, end, text, "typo"))  # type: ignore[arg-type]
        return found

    def _joined(self, run: Sequence[Token]) -> Mention | None:
        """ "cabo metyx", "a vast in", "tor a cell": a name that voice input has split."""
        word = "".join(token.lower_ for token in run)
        start, end = run[0].idx, run[-1].idx + len(run[-1].text)
        exact = self._words.get(word, "")
        if exact.startswith("treatment:"):
            return Mention("treatment", exact[10:], start, end, word, "typo")
        unknown = any(token.lower_ not in self._known for token in run)
        if unknown or len(word) >= LONG_NAME:
            near = list(self._fuzzy.near(word, most=1))
            if len(near) == 1 and self._words[near[0]].startswith("treatment:"):
                return Mention("treatment", self._words[near[0]][10:], start, end, word, "typo")
        sound = metaphone(word)
        alike = [
            name
            for name in self._sounds.get(sound, ())
            if len(sound) >= SHORTEST_SOUND
            and name[0] == word[0]
            and OSA.distance(name, word) <= MOST_SOUND_EDITS - (not unknown)
        ]
        if len(alike) != 1:
            return None
        # Where each word is an English one they may be meant as they are: then it is asked back.
        certainty: Certainty = "typo" if unknown else "ask"
        return Mention("treatment", self._words[alike[0]][10:], start, end, word, certainty)

    def _with_next_word(self, mention: Mention, token: Token, doc: Doc) -> Mention:
        """ "interferron alfa": the second word of a name belongs to its misspelt first one."""
        if mention.kind != "treatment" or token.i + 1 >= len(doc):
            return mention
        following = doc[token.i + 1]
        for word in self._fuzzy.near(token.lower_):
            if self._words.get(f"{word} {following.lower_}") == f"treatment:{mention.value}":
                end = following.idx + len(following.text)
                return replace(mention, end=end, text=doc.text[mention.start : end])
        return mention

    def _nearest(self, word: str, start: int, end: int, text: str) -> Mention | None:
        near = self._fuzzy.near(word)
        for edits in (1, 2):
            values = {self._words[w] for w, d in near.items() if d <= edits}
            kinds = {value.partition(":")[0] for value in values}
            if not values:
                continue
            if edits == 2 and not self._common.isdisjoint(one_edit_away(word)):
                break  # a slip in an ordinary word: "adition" is not radiation
            if len(values) > 1 and "treatment" in kinds:
                return self._unsure(values, edits, start, end, text)
            value = min(values)
            kind, _, identity = value.partition(":")
            if edits == 1:
                return Mention(kind, identity, start, end, text, "typo")  # type: ignore[arg-type]
            if len(word) < SHORTEST_TWO_EDITS:
                break
            if kind in ("side_effect", "term") and len(values) == 1:
                return Mention(kind, identity, start, end, text, "typo")  # type: ignore[arg-type]
            if kind == "treatment":
                return Mention("treatment", identity, start, end, text, "ask")
            break
        if INN_STEM.match(word):
            return Mention("medicine", UNKNOWN, start, end, text)
        return None

    def _unless_foreign(self, doc: Doc, text: str, mention: Mention) -> Mention:
        """The mention, unless the words around it make it a part of another medicine's name.

        "Interleukin-17", and "opdivo qvantiq", one letter off a name of several words.
        """
        if mention.kind != "treatment":
            return mention
        designator = DESIGNATOR.match(text, mention.end)
        if designator and (designator[1] == "-" or mention.text.lower() in self._numbered):
            end = designator.end()
            return Mention("medicine", UNKNOWN, mention.start, end, text[mention.start : end])
        # A mention lies inside the text, so "expand" always finds a span.
        span = cast(Span, doc.char_span(mention.start, mention.end, alignment_mode="expand"))
        for first in range(max(0, span.start - MOST_AROUND), span.start + 1):
            for last in range(span.end, min(len(doc), span.end + MOST_AROUND) + 1):
                wider = doc[first:last]
                edges = wider.text[0].isalnum() and wider.text[-1].isalnum()
                # "interleukin I think" is no typo of "interleukin 1".
                goes_on = wider[-1].lower_ == "i" and last < len(doc) and doc[last].is_alpha
                if len(wider) == len(span) or not edges or goes_on:
                    continue
                if self._foreign.near(wider.text.lower(), most=1):
                    return Mention(
                        "medicine", UNKNOWN, wider.start_char, wider.end_char, wider.text
                    )  # fmt: skip
        return mention

    def _unsure(
        self, values: set[str], edits: int, start: int, end: int, text: str
    ) -> Mention | None:
        """Several names are near: one of ours may be asked back, another medicine rules it out."""
        ours = {v for v in values if v.startswith("treatment:")}
        if ours == values and edits == 1:
            return Mention("treatment", min(ours)[10:], start, end, text, "ask")
        if ours != values:
            return Mention("medicine", UNKNOWN, start, end, text)
        return Mention("treatment", min(ours)[10:], start, end, text, "ask")


def _runs(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Runs of two to four neighbouring words, the longer first, that could be one name."""
    for size in range(MOST_JOINED, 1, -1):
        for first in range(len(tokens) - size + 1):
            run = list(tokens[first : first + size])
            adjacent = all(b.i == a.i + 1 for a, b in pairwise(run))
            if adjacent and SHORTEST_TYPO <= sum(len(t.text) for t in run) <= LONGEST_NAME:
                yield run


def _spellings(phrase: str) -> set[str]:
    """The phrase with its words joined by spaces and by hyphens ("interferon-beta")."""
    return {phrase, phrase.replace("-", " "), phrase.replace(" ", "-")}


def _mention(match: Match, text: str) -> Mention:
    kind, _, value = match.value.partition(":")
    return Mention(kind, value, match.start, match.end, text[match.start : match.end])  # type: ignore[arg-type]


@lru_cache(maxsize=2)
def common_english(at_least: float = COMMON_WORD) -> frozenset[str]:
    """English words that are in use, from wordfreq's list: such a word is no typo of a name."""
    frequencies = get_frequency_dict("en", wordlist="large")
    return frozenset(word for word, frequency in frequencies.items() if frequency >= at_least)
