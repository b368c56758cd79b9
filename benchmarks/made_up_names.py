"""Makes names that can be spoken and that no two treatments share."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from knowledge.linker import common_english

ONSETS = ("b", "br", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "tr", "v", "z")
VOWELS = ("a", "e", "i", "o", "u")
GENERIC_ENDINGS = ("dar", "gol", "lane", "mex", "nor", "pune", "ril", "sta", "tone", "vek")
BRAND_ENDINGS = ("", "da", "lo", "na", "ra", "va", "x", "zo")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def generic_names(random: Random) -> Iterator[str]:
    """Endless, each once, such as "brotavimex"."""
    return _distinct(random, (2, 3), GENERIC_ENDINGS)


def brand_names(random: Random, taken: set[str]) -> Iterator[str]:
    """Endless, each once and none of `taken`, such as "Zatrolo"."""
    return (name.capitalize() for name in _distinct(random, (2, 4), BRAND_ENDINGS, taken))


def misspelt(name: str, random: Random, edits: int = 1) -> str:
    """The name with letters left out, doubled, changed or swapped, past its first one."""
    for _ in range(edits):
        at = random.randrange(1, len(name) - 1)
        kind = random.choice(("left out", "doubled", "changed", "swapped"))
        middle = {
            "left out": "",
            "doubled": name[at] * 2,
            "changed": random.choice(LETTERS.replace(name[at].lower(), "")),
            "swapped": name[at + 1] + name[at],
        }[kind]
        name = name[:at] + middle + name[at + 1 + (kind == "swapped") :]
    return name


def _distinct(
    random: Random,
    syllables: tuple[int, int],
    endings: tuple[str, ...],
    taken: set[str] | None = None,
) -> Iterator[str]:
    seen, english = set(taken or ()), common_english()
    while True:
        count = random.randint(*syllables)
        start = "".join(random.choice(ONSETS) + random.choice(VOWELS) for _ in range(count))
        name = start + random.choice(endings)
        if name not in seen and name not in english and len(name) > 4:
            seen.add(name)
            yield name
