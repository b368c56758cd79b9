"""Splits a message into the questions it may hold."""

from __future__ import annotations

import re

QUESTION_START = (
    r"(?:what|which|who|whose|when|where|why|how|is|are|was|were|does|do|did|can|could|will|would|"
    r"should|shall|may|tell me|at what|in what|in which|for whom|to what|any|explain|list|name)\b"
)
# "..., and how often is it taken?": a joint after which another question starts
JOINT = re.compile(
    rf"(?<=[?!;\n])\s*|(?<=[.])\s+(?=\S)|"
    rf"[,]?\s+(?:and|also|plus|then|but|&)\s+(?:also\s+|then\s+)?(?={QUESTION_START})|"
    rf",\s+(?=(?:and\s+)?{QUESTION_START})",
    re.IGNORECASE,
)
ASKS = re.compile(rf"\?|^\W*(?:and |but |so |also |then |ok |please )*{QUESTION_START}", re.IGNORECASE)
SHORTEST = 2  # words
MOST = 3  # questions answered in one turn; more would bury the first answer


def clauses(text: str) -> list[str]:
    """The parts of the message that look like a question, in order; one part if it has no joint."""
    parts = [part.strip(" ,") for part in JOINT.split(text) if part and part.strip(" ,")]
    asking = [p for p in parts if ASKS.search(p) and len(p.split()) >= SHORTEST]
    return asking[:MOST] if len(asking) > 1 else asking or [text]
