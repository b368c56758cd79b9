"""Patients' vocabulary that belongs to no single document: side effects, symptoms, other medicines.

The phrases only help to recognize what a message names. None of them is ever part of an answer's
facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from knowledge.catalog import LOADER
from knowledge.errors import LexiconInvalid

LEXICON = Path(__file__).parent / "lexicon"


@dataclass(frozen=True)
class SideEffect:
    """A symptom under one id; `listed` tells whether this lexicon expects a document to list it.

    Of a part of the body ("hair") it stands for all its `related` side effects.
    """

    side_effect_id: str
    name: str
    words: tuple[str, ...]
    related: tuple[str, ...]
    listed: bool
    is_body_part: bool = False


@dataclass(frozen=True)
class OutsideName:
    """The name of something that the documents do not speak of."""

    phrase: str
    kind: str  # medicine, supplement, condition, procedure


def read_side_effects(folder: Path = LEXICON) -> list[SideEffect]:
    """Reads side_effects.yml, unlisted_symptoms.yml and body_parts.yml.

    Raises:
        LexiconInvalid: an entry lacks a key, or an id is given twice.
    """
    entries = list(_side_effects(folder / "side_effects.yml", listed=True))
    entries += _side_effects(folder / "unlisted_symptoms.yml", listed=False)
    parts = _side_effects(folder / "body_parts.yml", listed=False)
    entries += (replace(part, is_body_part=True) for part in parts)
    ids = [entry.side_effect_id for entry in entries]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise LexiconInvalid(f"{folder}: the ids {twice} are given twice. Rename or merge them.")
    return entries


def read_outside_names(folder: Path = LEXICON) -> list[OutsideName]:
    """Reads the names of other medicines, supplements, conditions and procedures."""
    names: list[OutsideName] = []
    for file, kinds in (
        ("other_medicines.yml", {"oncology": "medicine", "other_medicines": "medicine",
                                 "supplements": "supplement"}),
        ("other_conditions.yml", {}),
        ("other_treatments.yml", {}),
    ):  # fmt: skip
        default = "condition" if file == "other_conditions.yml" else "procedure"
        for group, phrases in _groups(folder / file):
            names += (OutsideName(phrase, kinds.get(group, default)) for phrase in phrases)
    return names


def _load(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text, Loader=LOADER)  # noqa: S506  (LOADER is a safe one)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise LexiconInvalid(f"{path}: cannot be read: {error}") from error


def _groups(path: Path) -> Iterator[tuple[str, list[str]]]:
    data = _load(path)
    if not isinstance(data, dict):
        raise LexiconInvalid(f"{path}: needs 'group: [names]' lines at the top level.")
    for group, phrases in data.items():
        if not isinstance(phrases, list) or not all(isinstance(p, str) for p in phrases):
            bad = [p for p in phrases if not isinstance(p, str)] if phrases else phrases
            raise LexiconInvalid(f"{path}: '{group}' holds {bad!r}. Each name has to be a text.")
        yield group, phrases


def _side_effects(path: Path, *, listed: bool) -> Iterator[SideEffect]:
    data = _load(path)
    if not isinstance(data, list):
        raise LexiconInvalid(f"{path}: needs a list of entries with 'id', 'name' and 'words'.")
    for number, entry in enumerate(data, start=1):
        try:
            words = (entry["name"], *entry["words"])
            yield SideEffect(
                entry["id"], entry["name"], words, tuple(entry.get("also_matches") or ()), listed
            )
        except (KeyError, TypeError) as error:
            raise LexiconInvalid(
                f"{path}: entry {number} {entry!r} lacks {error}. It needs 'id', 'name', 'words'."
            ) from error
