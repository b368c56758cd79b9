"""Splits a message into the questions it may hold."""

from __future__ import annotations

import re

from bot.nlu.phrasing import SOMEBODY

WH = (
    r"what|what's|whats|which|who|whose|when|where|why|how|how's|hows|"
    r"at what|in what|in which|for whom"
)
# "is to be treated" goes on with a sentence; "is Sutent a pill?" asks
AUXILIARY = (
    r"(?:is|are|am|was|were)(?! to\b)|does|do(?! you (?:think|know)\b)|did|can|could|will|would|"
    r"should|shall|may"
)
COMMAND = r"tell me|explain|list|name|describe|show me|give me"
QUESTION_START = rf"(?:{WH}|{AUXILIARY}|{COMMAND})\b"
# "He wants to know is it a pill", "I forgot to ask how it works": what only opens a question.
OPENER = (
    r"(?:(?:wants?|wanted|like|love|need|needs) to know|to ask|(?:was |am |i'm |just )?wondering|"
    r"(?:i )?wonder)"
)
# "..., and how often is it taken?": a joint after which another question starts. After a bare comma
# "which", "who", "where" and "when" go on with the sentence, so they do not count there.
JOINT = re.compile(
    rf"(?<=[?!;\n])\s*|\s+\+\s+|\s*(?:^|(?<=[\s:,]))\(?\d[.)]\s+|(?<=[.])\s+(?=\S)|"
    rf",?\s+(?:and|also|plus|then|but|&)\s+(?:also\s+|then\s+)?(?={QUESTION_START})|"
    rf"\s+{OPENER}:? (?=(?:{WH}|{AUXILIARY})\b)|"
    rf",\s+(?=(?:what|what's|whats|why|how|{AUXILIARY}|{COMMAND})\b)",
    re.IGNORECASE,
)
OPENING = r"and |but |so |also |then |ok |okay |please |hi |hello |now |well "
WONDERING = (
    r"wondering|wonder|curious|like to know|want to know|need to know|wanna know|"
    r"(?:just|jus|only) want|tell me|my question|asking|any idea|obliged if|advise|whether"
)
ASKS = re.compile(
    rf"\?|^\W*(?:{OPENING})*{QUESTION_START}|\b(?:{WONDERING})\b|"
    r"\bhow (?:often|long|many|much|frequently) (?:\w+ )?"
    r"(?:do|does|did|is|are|will|would|should|can)\b",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"(?<=[.!?;\n])\s*")
SHORTEST = 2  # words
FEWEST_TOLD = 3  # words
LONGEST_OPENING = 8  # words
MOST = 3  # questions answered in one turn; more would bury the first answer


def asks(text: str) -> bool:
    """Whether the text has the form of a question or of a request to be told something."""
    return bool(ASKS.search(text))


def clauses(text: str) -> list[str]:
    """The parts of the message that may ask something, in order; at most three.

    They have the form of a question, or they stand in the same sentence before one that has
    ("Sutent side effects, and how often?") and tell of nobody.
    """
    parts = [part.strip(" ,\n") for part in JOINT.split(text) if part and part.strip(" ,\n")]
    return [
        part for part, after in zip(parts, [*parts[1:], ""], strict=False)
        if len(part.split()) >= SHORTEST and (asks(part) or _is_opening(part, after))
    ][:MOST]  # fmt: skip


def told(text: str) -> list[str]:
    """The sentences that tell something before or after a question, in order; at most three.

    "He keeled over in the kitchen. How often is Avastin given?": what is asked must not hide it.
    """
    sentences = [part.strip(" ,\n") for part in SENTENCE_END.split(text)]
    telling = [s for s in sentences if len(s.split()) >= FEWEST_TOLD and not asks(s)]
    return telling[:MOST] if any(asks(s) for s in sentences) else []


def _is_opening(part: str, after: str) -> bool:
    is_short = len(part.split()) <= LONGEST_OPENING and not part.endswith((".", "!"))
    return is_short and asks(after) and not SOMEBODY.search(part)
