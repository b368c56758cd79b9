"""The gate that every message passes, on every channel: strings only, cleaned, of bounded size."""

from __future__ import annotations

import unicodedata
from typing import Any

LONGEST_MESSAGE = 1000  # characters
LONGEST_SENDER = 200
# Kept although they are control or format characters: line breaks, and joiners inside emoji.
KEPT = frozenset("\n\t\u200d")
DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def clean(text: Any) -> str:
    """The text without control and surrogate characters; "" for what is no string."""
    if not isinstance(text, str):
        return ""
    kept = (
        c if c in KEPT or unicodedata.category(c) not in DROPPED_CATEGORIES else " "
        for c in text[: LONGEST_MESSAGE * 20]
    )  # fmt: skip
    return "".join(kept).strip()


def is_too_long(text: str) -> bool:
    return len(text) > LONGEST_MESSAGE
