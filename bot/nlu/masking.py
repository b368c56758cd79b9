"""Replaces what a message names by its kind, so that no drug needs training data of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.linker import Links, Mention

# One plain word per kind: the sentence encoder reads them as the words they are.
MASKS = {
    "treatment": "medicine",
    "subject": "kidney cancer",
    "side_effect": "symptom",
    "term": "",  # the word itself tells too much to be hidden
    "medicine": "otherdrug",
    "supplement": "supplement",
    "condition": "disease",
    "procedure": "procedure",
}


# What nurses write for it; the sentence encoder does not know them.
SHORT_FORMS = re.compile(r"\b(?:AEs?|ADRs?|S/Es?|SEs)\b(?!/)", re.IGNORECASE)


def mask(text: str, links: Links) -> str:
    """The message with each mention replaced by its kind; overlapping ones by the longest."""
    pieces: list[str] = []
    at = 0
    for mention in _outermost(links.mentions):
        pieces += (text[at : mention.start], MASKS[mention.kind])
        at = mention.end
    return SHORT_FORMS.sub("side effects", "".join((*pieces, text[at:])))


def _outermost(mentions: Sequence[Mention]) -> list[Mention]:
    chosen: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if MASKS[mention.kind] and (not chosen or mention.start >= chosen[-1].end):
            chosen.append(mention)
    return chosen
