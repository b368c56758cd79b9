"""Which topics a comparison asks for: "which of the two is taken more often?"."""

from __future__ import annotations

import re

# Topic of the table: words that ask for it, from the start of a word on.
WORDS = {
    "how_it_works": r"how (?:\w+ ){0,4}works?\b|attacks?\b|targets?\b|block|"
    r"what (?:\w+ ){0,4}do(?:es)? to (?:the )?(?:cancer|tumou?r)",
    "administration": r"given\b|pills?\b|tablets?\b|drips?\b|ivs?\b|infus|veins?\b|swallow|"
    r"shots?\b|inject|needles?\b|how (?:\w+ ){0,4}(?:taken|get)\b",
    "schedule": r"often\b|times\b|schedules?\b|frequen|dail|weekly|every\b|a (?:day|week)\b",
    "duration": r"how long\b|longer\b|hours?\b|minutes?\b|sessions?\b|sit\w*\b",
    "effectiveness": r"works? (?:better|best|well|more)\b|effective|success|stronger\b|"
    r"strongest\b|shrink|cures?\b",
    "when_used": r"used (?:for|when)\b|when (?:\w+ ){0,4}used\b|what (?:\w+ ){0,3}for\b",
    "combination": r"together with\b|combin|on (?:its|their) own\b|alone\b",
    "side_effects": r"side.?effects?\b|reactions?\b|harsh|rough|gentle|easier\b|tolerat|nast|"
    r"worse\b|milder\b|kinder\b|problems?\b|symptoms?\b",
}
ASPECTS = {topic: re.compile(rf"\b(?:{w})", re.IGNORECASE) for topic, w in WORDS.items()}


def aspects_asked(text: str) -> list[str]:
    """Topics of the table that the words of a comparison ask for; empty for all of them."""
    return [topic for topic, words in ASPECTS.items() if words.search(text)]
