"""Notices messages in other languages, and messages that are no language at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from wordfreq import get_frequency_dict

# The commonest languages of patients in the US besides English, and their neighbours.
LATIN_LANGUAGES = ("es", "vi", "fr", "pt", "de", "it", "fil", "pl", "nl", "tr", "id")
SCRIPTS = {
    "CJK": "zh", "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "ARABIC": "ar",
    "CYRILLIC": "ru", "GREEK": "el", "HEBREW": "he", "DEVANAGARI": "hi", "BENGALI": "bn",
    "TAMIL": "ta", "THAI": "th", "ARMENIAN": "hy", "GEORGIAN": "ka", "ETHIOPIC": "am",
}  # fmt: skip
WORD = re.compile(r"[^\W\d_]+")
FEWEST_WORDS = 3
UNKNOWN_LOG = -9.0  # log10 frequency given to a word that a language's list lacks
MARGIN = 0.9  # how much likelier, in log10 a word, the other language has to be than English
GIBBERISH_SHARE = 0.75  # share of words that no list holds


@lru_cache(maxsize=len(LATIN_LANGUAGES) + 1)
def _logs(language: str) -> dict[str, float]:
    from math import log10

    frequencies = get_frequency_dict(language, wordlist="small")
    return {word: log10(frequency) for word, frequency in frequencies.items()}


def other_language(text: str, known: Sequence[str] = ()) -> str | None:
    """ISO 639 code of the language if the message is clearly not English, else None.

    `known` are words that count as English whatever the lists say, such as drug names.
    """
    script = _script(text)
    if script:
        return script
    words = [w.lower() for w in WORD.findall(text) if len(w) > 1]
    words = [w for w in words if w not in known]
    if len(words) < FEWEST_WORDS:
        return None
    scores = {lang: _score(words, lang) for lang in ("en", *LATIN_LANGUAGES)}
    best = max(scores, key=lambda lang: scores[lang])
    return best if best != "en" and scores[best] - scores["en"] >= MARGIN else None


def _score(words: Sequence[str], language: str) -> float:
    logs = _logs(language)
    return sum(logs.get(word, UNKNOWN_LOG) for word in words) / len(words)


def _script(text: str) -> str | None:
    letters = [c for c in text if c.isalpha()]
    foreign = [c for c in letters if ord(c) > 0x24F]
    if not letters or len(foreign) * 2 < len(letters):
        return None
    names = [unicodedata.name(c, "").split(" ")[0].removesuffix("UNIFIED") for c in foreign]
    known = [SCRIPTS[n] for n in names if n in SCRIPTS]
    return max(set(known), key=known.count) if known else None


def is_gibberish(text: str, is_known: object) -> bool:
    """Whether the message holds no words: keys hit at random, symbols, or markup alone.

    `is_known` tells of a word whether it is English or part of the vocabulary.
    """
    words = [w for w in WORD.findall(text) if len(w) > 1]
    if not words:
        return not re.search(r"\w", text)
    unknown = [w for w in words if not is_known(w)]  # type: ignore[operator]
    return len(unknown) / len(words) >= GIBBERISH_SHARE and max(map(len, unknown)) > 3
