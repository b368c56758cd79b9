"""The hand-made catalog beside an article: treatments, names, groups, references, glossary."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from knowledge.errors import CatalogInvalid, NameTaken
from knowledge.names import Match, NameMatcher

TreatmentKind = Literal["condition", "therapy", "group", "drug", "operation"]
NameKind = Literal["generic", "brand", "abbreviation", "other", "lay"]
NAME_KEYS: dict[str, NameKind] = {
    "brands": "brand",
    "abbreviations": "abbreviation",
    "other_names": "other",
}
LAY_NAMES_FILE = "lay_names.yml"
WHOLE_DOCUMENT = "document"
# libyaml's reader where PyYAML has it: ten times as fast, which a long catalog feels.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Name:
    text: str
    kind: NameKind


@dataclass(frozen=True)
class Treatment:
    """`treatment_id` is the generic name as the catalog writes it, e.g. "interleukin-2"."""

    treatment_id: str
    kind: TreatmentKind
    part_of: str | None
    names: tuple[Name, ...]


@dataclass(frozen=True)
class Catalog:
    path: Path
    document_id: str
    publisher: str
    editions: dict[str, bool]  # sha256 -> whether the edition is adapted
    treatments: dict[str, Treatment]
    references: dict[str, tuple[str, ...]]  # title -> what it is about
    glossary: dict[str, tuple[str, ...]]

    @cached_property
    def condition(self) -> str:
        return next(t.treatment_id for t in self.treatments.values() if t.kind == "condition")

    @cached_property
    def _matcher(self) -> NameMatcher:
        return NameMatcher(
            (name.text, treatment.treatment_id)
            for treatment in self.treatments.values()
            for name in treatment.names
            if name.kind != "lay"  # articles do not use those
        )

    @cached_property
    def _find(self) -> Callable[[str], list[Match]]:
        # A build looks at each sentence half a dozen times.
        return cache(self._matcher.find)

    def named_in(self, text: str) -> list[tuple[int, str]]:
        """(position, treatment id) of each treatment named in `text`, in order."""
        return [(match.start, match.value) for match in self._find(text)]

    def is_name(self, text: str) -> bool:
        """Whether `text` is nothing but one name of a treatment."""
        found = self._find(text)
        return len(found) == 1 and (found[0].start, found[0].end) == (0, len(text))


def normalize_name(text: str) -> str:
    """Lower case, single spaces: the form in which names are compared."""
    return " ".join(text.lower().split())


def read_catalog(path: Path) -> Catalog:
    """Parses the catalog, and `lay_names.yml` beside it where there is one.

    Raises:
        CatalogInvalid: a key is missing or has the wrong form.
        NameTaken: one name stands for two treatments.
    """
    data = _read_yaml(path)
    lay_path = path.with_name(LAY_NAMES_FILE)
    lay_names = _read_yaml(lay_path) if lay_path.exists() else {}
    treatments = dict(_treatments(path, _mapping(path, data, "treatments"), lay_path, lay_names))
    _check_groups(path, treatments)
    _check_names(path, treatments)
    editions = _editions(path, data)
    glossary = _mapping(path, data, "glossary") if "glossary" in data else {}
    return Catalog(
        path,
        _string(path, data, "document"),
        _string(path, data, "publisher"),
        editions,
        treatments,
        {
            title: _texts(path, f"reference '{title}'", about)
            for title, about in _mapping(path, data, "references").items()
        },
        {
            term: _texts(path, f"glossary word '{term}'", forms)
            for term, forms in glossary.items()
        },
    )


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        data = yaml.load(text, Loader=LOADER)  # noqa: S506  (LOADER is a safe one)
    except OSError as error:
        raise CatalogInvalid(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise CatalogInvalid(f"{path}: is not UTF-8. Save it as UTF-8.") from error
    except yaml.YAMLError as error:
        raise CatalogInvalid(f"{path}: is not valid YAML: {error}") from error
    if not isinstance(data, dict):
        raise CatalogInvalid(f"{path}: holds {type(data).__name__}, not 'key: value' lines.")
    return data


def _mapping(path: Path, data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    if not isinstance(value, dict) or not value:
        raise CatalogInvalid(f"{path}: '{key}' has value {value!r}; it has to list at least one.")
    return value


def _string(path: Path, data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CatalogInvalid(f"{path}: '{key}' has value {value!r}. Not a text.")
    return value


def _texts(path: Path, what: str, value: Any) -> tuple[str, ...]:
    """A list of texts; no value counts as an empty one."""
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        raise CatalogInvalid(
            f"{path}: {what} has value {value!r}. It needs a list of texts, such as [one, two]."
        )
    return tuple(value)


def _editions(path: Path, data: dict[str, Any]) -> dict[str, bool]:
    editions = data.get("editions")
    if not editions or not isinstance(editions, list) or not all(
        isinstance(e, dict)
        and re.fullmatch(r"[0-9a-f]{64}", str(e.get("sha256")))
        and isinstance(e.get("adapted"), bool)
        for e in editions
    ):
        raise CatalogInvalid(
            f"{path}: 'editions' has value {editions!r}. Each needs a sha256 of 64 hexadecimal "
            "digits (sha256sum article.txt) and 'adapted: true' or 'adapted: false'."
        )
    return {e["sha256"]: e["adapted"] for e in editions}


def _treatments(
    path: Path, entries: dict[str, Any], lay_path: Path, lay_names: dict[str, Any]
) -> Iterator[tuple[str, Treatment]]:
    for treatment_id in lay_names:
        if treatment_id not in entries:
            raise CatalogInvalid(f"{lay_path}: '{treatment_id}' is no treatment of {path}.")
    for treatment_id, entry in entries.items():
        if not isinstance(treatment_id, str):
            raise CatalogInvalid(f"{path}: the treatment {treatment_id!r} is no text. Quote it.")
        if not isinstance(entry, dict) or entry.get("kind") not in get_args(TreatmentKind):
            raise CatalogInvalid(
                f"{path}: treatment '{treatment_id}' has value {entry!r}. It needs 'kind:' with "
                f"one of {', '.join(get_args(TreatmentKind))}."
            )
        names = [Name(treatment_id, "generic")]
        for key, kind in NAME_KEYS.items():
            texts = _texts(path, f"'{key}' of treatment '{treatment_id}'", entry.get(key))
            names += [Name(text, kind) for text in texts]
        lay = _texts(lay_path, f"'{treatment_id}'", lay_names.get(treatment_id))
        names += [Name(text, "lay") for text in lay]
        yield (
            treatment_id,
            Treatment(treatment_id, entry["kind"], entry.get("part_of"), tuple(names)),
        )


def _check_groups(path: Path, treatments: dict[str, Treatment]) -> None:
    for treatment in treatments.values():
        seen = {treatment.treatment_id}
        group = treatment.part_of
        while group is not None:
            if group not in treatments or group in seen:
                raise CatalogInvalid(
                    f"{path}: treatment '{treatment.treatment_id}' is part of '{group}', which is "
                    + ("part of itself." if group in seen else "not in the catalog.")
                )
            seen.add(group)
            group = treatments[group].part_of
    conditions = [t.treatment_id for t in treatments.values() if t.kind == "condition"]
    if len(conditions) != 1:
        raise CatalogInvalid(
            f"{path}: {len(conditions)} treatments have 'kind: condition' {conditions}. "
            "Exactly one entry names the condition that the document is about."
        )


def _check_names(path: Path, treatments: dict[str, Treatment]) -> None:
    taken: dict[str, str] = {}
    for treatment in treatments.values():
        for name in treatment.names:
            owner = taken.setdefault(normalize_name(name.text), treatment.treatment_id)
            if owner != treatment.treatment_id:
                raise NameTaken(
                    f"{path}: the name '{name.text}' stands for '{owner}' and for "
                    f"'{treatment.treatment_id}'. A name has to mean one treatment: remove one."
                )
