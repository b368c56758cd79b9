"""Reads the held-out cases: conversations, and what the last reply has to be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KINDS = (
    "answer", "not_covered", "advice_redirect", "emergency", "crisis", "chitchat", "meta", "menu",
    "clarify",
)  # fmt: skip
PARTS = ("frozen", "fresh")
FLAGS = re.IGNORECASE | re.DOTALL
NEEDED = ("id", "category", "turns", "expect")


class CaseInvalid(Exception):
    """A case file cannot be read. The message names file and line and quotes the value."""


@dataclass(frozen=True)
class Expectation:
    """What the reply to the last turn has to be; treatment and topic are labels only."""

    kind: str
    treatments: tuple[str, ...]
    topic: str
    cited: bool | None  # None: as the kind has it; only a false or "soft" one is ever set
    all_of: tuple[re.Pattern[str], ...]
    one_of_each: tuple[tuple[re.Pattern[str], ...], ...]
    none_of: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Case:
    """A conversation; only the reply to its last turn is judged."""

    case_id: str
    part: str
    category: str
    origin: str
    turns: tuple[str, ...]
    expect: Expectation
    note: str = ""


def read_parts(folder: Path) -> dict[str, list[Case]]:
    """The cases of each part that has files, in the order of `PARTS`.

    Raises:
        CaseInvalid: a file is malformed, an id comes twice, or there is no file at all.
    """
    parts = {
        part: list(_read_files(sorted(folder.glob(f"{part}_*.jsonl")), part)) for part in PARTS
    }
    found = {part: cases for part, cases in parts.items() if cases}
    if not found:
        wanted = ", ".join(f"{part}_*.jsonl" for part in PARTS)
        raise CaseInvalid(f"{folder}: there is no case here. Files are needed that fit {wanted}.")
    return found


def _read_files(paths: list[Path], part: str) -> Iterator[Case]:
    seen: dict[str, str] = {}
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CaseInvalid(f"{path}: cannot be read: {error}") from error
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            place = f"{path}:{number}"
            case = read_case(line, part, place)
            if case.case_id in seen:
                raise CaseInvalid(
                    f"{place}: id '{case.case_id}' stands at {seen[case.case_id]} too."
                )
            seen[case.case_id] = place
            yield case


def read_case(line: str, part: str, place: str) -> Case:
    """One case from its line of JSON.

    Raises:
        CaseInvalid: with `place` and the value that is wrong.
    """
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise CaseInvalid(f"{place}: no JSON: {error}") from error
    if not isinstance(data, dict):
        raise CaseInvalid(f"{place}: holds {data!r:.60}; it needs an object.")
    missing = [key for key in NEEDED if key not in data]
    if missing:
        raise CaseInvalid(f"{place}: has no '{missing[0]}'. A case needs {', '.join(NEEDED)}.")
    turns = data["turns"]
    if not (isinstance(turns, list) and turns and all(isinstance(turn, str) for turn in turns)):
        raise CaseInvalid(f"{place}: 'turns' has value {turns!r:.60}. Not a list of texts.")
    return Case(
        str(data["id"]), part, str(data["category"]), str(data.get("origin") or "handwritten"),
        tuple(turns), _expectation(data["expect"], place), str(data.get("note") or ""),
    )  # fmt: skip


def _expectation(data: Any, place: str) -> Expectation:
    if not isinstance(data, dict):
        raise CaseInvalid(f"{place}: 'expect' has value {data!r:.60}. Not an object.")
    kind = data.get("kind")
    if kind not in KINDS:
        raise CaseInvalid(f"{place}: 'kind' has value {kind!r}. Not one of {', '.join(KINDS)}.")
    groups = _list(data, "must_match_any", place)
    if any(not isinstance(group, list) for group in groups):
        raise CaseInvalid(
            f"{place}: 'must_match_any' has value {groups!r:.60}. Not a list of lists."
        )
    treatments = tuple(t.strip() for t in str(data.get("treatment") or "").split(";") if t.strip())
    return Expectation(
        kind, treatments, str(data.get("topic") or ""),
        None if data.get("cite") is None else data["cite"] is True,
        tuple(_pattern(p, "must_match", place) for p in _list(data, "must_match", place)),
        tuple(tuple(_pattern(p, "must_match_any", place) for p in group) for group in groups),
        tuple(_pattern(p, "must_not_match", place) for p in _list(data, "must_not_match", place)),
    )  # fmt: skip


def _list(data: dict[str, Any], key: str, place: str) -> list[Any]:
    value = data.get(key) or []
    if not isinstance(value, list):
        raise CaseInvalid(f"{place}: '{key}' has value {value!r:.60}. Not a list.")
    return value


def _pattern(text: Any, key: str, place: str) -> re.Pattern[str]:
    try:
        return re.compile(text, FLAGS)
    except (re.error, TypeError) as error:
        raise CaseInvalid(
            f"{place}: '{key}' holds {text!r:.80}. Not a pattern: {error}."
        ) from error
