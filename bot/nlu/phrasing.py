"""How patients phrase things: patterns that tell what a message does besides what it is about."""

from __future__ import annotations

import re

# Words that may stand around a bare name: "and what about Inlyta, please?"
FILLER = re.compile(
    r"\b(?:and|what|whats|about|how|for|the|a|an|same|thing|question|please|with|then|now|of|on|no|"
    r"not|but|i|im|i'm|am|mean|meant|my|ok|okay|so|also|drug|medicine|one|it's|its|thanks|sorry|"
    r"well|oh|hmm|um|uh|again|asking|talking|asked|taking|take|pls|plz|tell|me|do|that|this|too|"
    r"say|said|go|let's|lets|try|would|be|let|us|to|lol|yeah|yes|right|wait|actually|thats|that's)\b",
    re.IGNORECASE,
)
REFERS_BACK = re.compile(
    r"\b(?:it|its|it's|that|that's|this|they|they're|them|their|these|those|one|ones|same|either|"
    r"both|each|(?:the|my|his|her|our) (?:drug|drugs|medicine|med|meds|medication|treatment|"
    r"therapy|pill|pills|tablet|tablets|infusion|infusions|shot|shots|injection|injections|drip|"
    r"iv|operation))\b",
    re.IGNORECASE,
)
# Somebody who is there: what they have, they have now.
SOMEBODY = re.compile(
    r"\b(?:i|i'm|im|i've|ive|me|mine|my|we|he|he's|hes|she|she's|shes|his|her|him|husband|wife|mom|"
    r"mum|mam|dad|mother|father|son|daughter|brother|sister|partner|patient|now|just)\b",
    re.IGNORECASE,
)
# What is told as happening, not asked in general: nothing softens that.
PRESENT = re.compile(
    r"\b(?:right now|just now|i have it|(?:he|she) has it|i just|today|tonight|this morning|"
    r"last night|"
    r"since|started|happening|(?:an|\d+|two|few|couple of) (?:hours?|minutes?|mins) ago)\b",
    re.IGNORECASE,
)
# "is that a Votrient thing?": what was told before is happening.
IS_IT_FROM = re.compile(
    r"^\W*(?:and |so |but )*(?:is|are|was|were|could|can|might|would)\s+"
    r"(?:that|this|it|these|they)\b|"
    r"\bmaybe\s*\?",
    re.IGNORECASE,
)
PAST = re.compile(
    r"\b(?:years? ago|last year|long ago|back in|once|in (?:19|20)\d\d|as a (?:child|kid)|died of|"
    r"all sorted|fine now|(?:he|she)(?:'s|s| is) fine|recovered|over it)\b",
    re.IGNORECASE,
)
IN_GENERAL = re.compile(
    r"\b(?:in general|generally|just (?:curious|wondering)|not (?:talking )?about me|"
    r"(?:nobody|no one|no-one) is (?:ill|sick))\b",
    re.IGNORECASE,
)
# "the inlyta has the same ones?", "and for Sutent": the last question again
REPEATS = re.compile(
    r"\bsame\b|\b(?:what|how) about\b|"
    r"^(?:\W*\w+\W+){0,2}?(?:and|n|or) (?!what(?:'?s| is| are)\b|who\b|tell\b)",
    re.IGNORECASE,
)
CORRECTION = re.compile(
    r"^\W*(?:(?:no+|nope|not that|sorry|wrong|actually|oops|wait|hang on)\b[\s,.!-]*)*"
    r"(?:i (?:meant|mean|asked(?: about| for)?|was asking(?: about)?|wanted(?: to know)?|said)|"
    r"(?:my )?question was(?: about)?)\b[\s,:]*",
    re.IGNORECASE,
)
# "Avastin sorry I mean Inlyta, how often?": what stands before is taken back
MID_CORRECTION = re.compile(
    r"^.*\b(?:sorry|no|wait|oops|rather)\b[\s,.!-]*i (?:mean|meant)\b[\s,:]*",
    re.IGNORECASE | re.DOTALL,
)
CORRECTS = re.compile(
    r"^\W*(?:oh |ah |er |um |lol )*(?:no+|nope|not that|sorry|wrong|actually|oops|wait|hang on|"
    r"scratch that|i meant?)\b|\b(?:i meant?|should (?:of|have) said)\b",
    re.IGNORECASE,
)
# A choice between treatments for one person: "which is the better one for me", "who is right".
FOR_ME = re.compile(
    r"\b(?:or|better|best|right|good|choice|choose|pick|suits?)\b.*\bfor (?:me|him|her|us)\b|"
    r"\b(?:my (?:own )?case|in my (?:case|place|situation|shoes)|should (?:i|we|he|she)|would you|"
    r"(?:who|which) (?:one )?(?:is|'s|has) right|who's right)\b",
    re.IGNORECASE,
)
IS_IT_LISTED = re.compile(
    r"\b(?:is|are)\b.{2,60}\b"
    r"(?:(?:a|one of the) (?:\w+ )?side.?effects?|on (?:the|its) list|listed)\b",
    re.IGNORECASE,
)
YES_OR_NO = re.compile(
    r"^\W*(?:and |so |but )?"
    r"(?:is|are|does|do|did|can|could|will|would|might|may|has|have|any)\b",
    re.IGNORECASE,
)
WHICH = re.compile(r"\b(?:which|what|who|any|anything|something|name|list)\b", re.IGNORECASE)


def is_correction(text: str) -> bool:
    """Whether the message takes something back: "no wait, Avastin"."""
    return bool(CORRECTS.search(text))


def strip_correction(text: str) -> str:
    """ "no, I meant the side effects" -> "the side effects"; other texts as they are."""
    match = CORRECTION.match(text) or MID_CORRECTION.match(text)
    rest = text[match.end() :].strip() if match else ""
    return rest or text
