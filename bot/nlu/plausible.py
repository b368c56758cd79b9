"""Another intent, where the words for the likeliest are missing or plainly belong to the other."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.nlu import intents
from bot.nlu.reading import Clause, Thresholds
from knowledge.ways import ways_asked, ways_refused

BY_A_WAY = "ask_treatments_by_administration"
REMOVED = "ask_what_is_removed"
REMOVES = re.compile(
    r"\b(?:remov\w*|out|cut\w*|organs?|operat\w*|surg\w*|kidneys?|nephrectomy|glands?|adrenal|fat|"
    r"(?:lymph )?nodes?|parts?|lose|gone|go(?:es)?)\b",
    re.IGNORECASE,
)
NOTHING = r"(?!)"


@dataclass(frozen=True)
class Reworded:
    """Text that `holds` the words of another intent, and not those that keep it with its own."""

    intent: str
    other: str
    holds: re.Pattern[str]
    lacks: re.Pattern[str]


def _reworded(intent: str, other: str, holds: str, lacks: str = NOTHING) -> Reworded:
    flags = re.IGNORECASE
    return Reworded(intent, other, re.compile(holds, flags), re.compile(lacks, flags))


_FORM = (
    r"(?:pills?|tablets?|tabs?|capsules?|drips?|ivs?|infusions?|shots?|jabs?|injections?|needles?)"
)
REWORDED = (
    # "is interferon ever given by itself"
    _reworded(
        "ask_when_used", "ask_combination",
        r"\b(?:alone|by (?:itself|themselves)|on (?:its|their) own|single.?agent|monotherapy)\b",
    ),
    # "which chemo drugs are used for it"
    _reworded(
        "ask_when_used", "ask_group_members",
        r"^\W*(?:which|what|name|list|the names of)\b.{0,30}\b(?:drugs|medicines|meds|chemos|pills|"
        r"agents|inhibitors|ones)\b.{0,20}\bused\b|"
        r"^\W*[\w-]+ (?:drugs|medicines|meds|agents) (?:that are )?used\b",
        r"\bwhen\b",
    ),
    # "Lenvima, pill or drip?"
    _reworded(
        "seek_advice_decision", "ask_administration", rf"\b{_FORM} or (?:an? |the )?{_FORM}\b",
        r"\b(?:should|shall|would|better|best|rather|prefer\w*|choose|pick|go for|recommend)\b",
    ),
    # "what would you do in my place?"
    _reworded(
        "ask_help", "seek_advice_decision",
        r"\bin (?:my|his|her|our) (?:place|shoes|position|case)\b|"
        r"\bif you were (?:me|him|her|us)\b|\bwould you (?:do|take|choose|pick)\b",
    ),
    # "what's the gap between two of those?"
    _reworded(
        "ask_comparison", "ask_schedule", r"\b(?:gap|interval|days|weeks|time|wait) between\b"
    ),
)  # fmt: skip


def plausible(clause: Clause, intent: str, thresholds: Thresholds) -> str:
    """The intent, or another one by the words of the clause.

    "Which of them do not work well" names no way of being given, and "and they're taken how"
    nothing that is removed: then it is the second likeliest.
    """
    text = clause.text
    for words in REWORDED:
        if words.intent == intent and words.holds.search(text) and not words.lacks.search(text):
            return words.other
    if intent == BY_A_WAY and not (ways_asked(text) or ways_refused(text)):
        return _second(intent, clause, thresholds.second_at)
    if intent == REMOVED and not REMOVES.search(text):
        return _second(intent, clause, thresholds.candidate_at)
    return intent


def _second(intent: str, clause: Clause, least: float) -> str:
    likely = clause.probabilities
    others = (i for i in likely if intents.is_inside(i) and i != intent)
    second = max(others, key=lambda i: likely[i], default=intent)
    return second if likely.get(second, 0.0) >= least else intent
