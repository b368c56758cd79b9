"""How text messages travel: in segments of 7-bit characters, or fewer of 16 bits.

The alphabet is that of 3GPP TS 23.038, section 6.2.1.
"""

from __future__ import annotations

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")  # each takes two places
# One typographic character would make a message travel in 16 bits, at 67 characters a segment.
PLAIN = str.maketrans(
    {
        "•": "-", "·": "-", "–": "-", "—": "-", "−": "-", "‑": "-", "’": "'", "‘": "'", "“": '"',
        "”": '"', "…": "...", "\u00a0": " ", "\u202f": " ", "×": "x", "≥": ">=", "≤": "<=",
        "µ": "u", "μ": "u", "α": "alpha", "β": "beta", "γ": "gamma", "®": "", "™": "", "\t": " ",
    }
)  # fmt: skip


def plain(text: str) -> str:
    """The text with typographic characters written in the 7-bit alphabet."""
    return text.translate(PLAIN)


def segments(text: str) -> int:
    """How many segments the network makes of the text; 1 for an empty one."""
    if all(c in BASIC or c in EXTENDED for c in text):
        places, alone, joined = sum(1 + (c in EXTENDED) for c in text), 160, 153
    else:
        places, alone, joined = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if places <= alone else -(-places // joined)
