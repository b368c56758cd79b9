"""The rule files, read and checked: what is wrong in them is named with file, rule and key."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml
from spacy.vocab import Vocab

from bot.safety.normalize import UNKNOWN, Normalizer
from bot.safety.notation import Groups, NotationError, PatternSet, compile_pattern, vocabulary

FLAG_KEYS = frozenset({"id", "kind", "counts", "reason", "stated", "named", "mild_too"})
CUES = [
    "idiom", "negated", "negation_reaches_over", "not_negating", "hypothetical",
    "not_hypothetical", "asks_permission", "general", "opens_question", "well", "nobody", "past",
    "over", "now", "ongoing", "it_is_mine", "mild", "had_after", "asks_urgently",
    "medicine_named", "about_medicines", "somebody", "clause_start", "talks_about", "having",
    "not_having",
]  # fmt: skip
CHOICES = {
    "kind": ("emergency", "crisis"),
    "counts": ("always", "present"),
    "mild_too": ("true", "false"),
}
CONTEXT_KEYS = frozenset({"words", "cues", "joined", "spellings", "typo_tolerant", "real_words"})


class RulesError(ValueError):
    """A rule file that cannot be used; the message names the file, the rule and the key."""


@dataclass(frozen=True)
class Flag:
    """One red flag: `stated` says that it happens, `named` only that it exists.

    Attributes:
        counts: "present" for a flag that needs somebody who has it now.
        mild_too: a little of it counts as well.
    """

    id: str
    kind: Literal["emergency", "crisis"]
    counts: Literal["always", "present"]
    mild_too: bool
    stated: PatternSet
    named: PatternSet


@dataclass(frozen=True)
class Rules:
    """Everything in the two rule files, compiled."""

    flags: tuple[Flag, ...]
    cues: Mapping[str, PatternSet]
    normalizer: Normalizer
    vocab: Vocab


def load_rules(red_flags: Path, context: Path, vocab: Vocab) -> Rules:
    """Raises RulesError for a file that is missing, malformed, or holds an unreadable pattern."""
    flags_file, context_file = _read(red_flags), _read(context)
    _refuse_unknown(red_flags, "the file", flags_file, frozenset({"words", "flags"}))
    _refuse_unknown(context, "the file", context_file, CONTEXT_KEYS)
    groups = {**_groups(red_flags, flags_file), **_groups(context, context_file)}
    entries = _get(red_flags, "the file", flags_file, "flags", list)
    cue_sources = _get(context, "the file", context_file, "cues", dict)
    _refuse_unknown(context, "cues", cue_sources, frozenset(CUES))
    flags = tuple(
        _flag(red_flags, number, entry, groups, vocab) for number, entry in enumerate(entries, 1)
    )
    flags = tuple(sorted(flags, key=lambda flag: flag.kind != "crisis"))
    _refuse_twice(red_flags, [flag.id for flag in flags])
    cues = {
        name: _patterns(context, f"cue '{name}'", cue_sources, name, groups, vocab) for name in CUES
    }
    sources = [str(p) for e in entries for key in ("stated", "named") for p in e.get(key, ())]
    sources += [str(p) for patterns in cue_sources.values() for p in patterns]
    normalizer = _normalizer(context, context_file, vocabulary(sources, groups))
    return Rules(flags, cues, normalizer, vocab)


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        # BaseLoader reads all values as text: the words "no", "on" and "off" stay words.
        content = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  (it makes nothing but text)
    except FileNotFoundError:
        raise RulesError(f"{path}: no such file; the safety gate cannot run without it") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise RulesError(f"{path}{line}: not valid YAML: {error}") from error
    if not isinstance(content, dict):
        raise RulesError(f"{path}: holds a {type(content).__name__}; write keys with values")
    return content


def _get(path: Path, rule: str, entry: Mapping[str, Any], key: str, kind: type) -> Any:
    if key not in entry:
        raise RulesError(f"{path}: {rule}: key '{key}' is missing")
    if not isinstance(entry[key], kind):
        raise RulesError(
            f"{path}: {rule}: key '{key}' has value {entry[key]!r}; a {kind.__name__} is needed"
        )
    return entry[key]


def _refuse_unknown(
    path: Path, rule: str, entry: Mapping[str, Any], allowed: frozenset[str]
) -> None:
    for key in entry:
        if key not in allowed:
            known = ", ".join(sorted(allowed))
            raise RulesError(f"{path}: {rule}: key '{key}' is unknown; the keys are {known}")


def _refuse_twice(path: Path, ids: list[str]) -> None:
    for flag_id in ids:
        if ids.count(flag_id) > 1:
            raise RulesError(f"{path}: flag '{flag_id}': key 'id' is there twice; rename one")


def _groups(path: Path, content: Mapping[str, Any]) -> Groups:
    words = _get(path, "the file", content, "words", dict)
    return {name: _group_items(path, f"words '{name}'", value) for name, value in words.items()}


def _group_items(path: Path, rule: str, value: Any) -> tuple[str, ...]:
    """A list of words, or a range of numbers: 38.0 is also written 38."""
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return tuple(dict.fromkeys(value))
    if isinstance(value, dict):
        _refuse_unknown(path, rule, value, frozenset({"from", "to", "step"}))
        low, high, step = (_number(path, rule, value, key) for key in ("from", "to", "step"))
        count = round((high - low) / step)
        numbers = [f"{low + i * step:.1f}" for i in range(count + 1)]
        return tuple(dict.fromkeys(form for n in numbers for form in (n, n.removesuffix(".0"))))
    raise RulesError(f"{path}: {rule}: value {value!r}; write a list of words or from, to, step")


def _number(path: Path, rule: str, entry: Mapping[str, Any], key: str) -> float:
    value = _get(path, rule, entry, key, str)
    try:
        return float(value)
    except ValueError:
        raise RulesError(f"{path}: {rule}: key '{key}' has value '{value}'; not a number") from None


def _flag(path: Path, number: int, entry: Any, groups: Groups, vocab: Vocab) -> Flag:
    if not isinstance(entry, dict):
        raise RulesError(f"{path}: flag {number}: value {entry!r}; write keys with values")
    rule = f"flag '{entry.get('id', number)}'"
    _refuse_unknown(path, rule, entry, FLAG_KEYS)
    for key in ("id", "reason"):
        _get(path, rule, entry, key, str)
    for key, choices in CHOICES.items():
        if _get(path, rule, {"mild_too": "false", **entry}, key, str) not in choices:
            raise RulesError(
                f"{path}: {rule}: key '{key}' has value '{entry[key]}'; "
                f"it is one of {', '.join(choices)}"
            )
    stated = _patterns(path, rule, entry, "stated", groups, vocab)
    named = _patterns(path, rule, {"named": [], **entry}, "named", groups, vocab)
    mild_too = entry.get("mild_too") == "true"
    return Flag(entry["id"], entry["kind"], entry["counts"], mild_too, stated, named)


def _patterns(
    path: Path, rule: str, entry: Mapping[str, Any], key: str, groups: Groups, vocab: Vocab
) -> PatternSet:
    found = []
    for source in _get(path, rule, entry, key, list):
        try:
            found.append(compile_pattern(str(source), groups, vocab))
        except NotationError as error:
            raise RulesError(f"{path}: {rule}: key '{key}': pattern '{source}': {error}") from None
    return PatternSet(tuple(found))


def _normalizer(path: Path, content: Mapping[str, Any], words: set[str]) -> Normalizer:
    spellings = _get(path, "the file", content, "spellings", dict)
    joined = _get(path, "the file", content, "joined", dict)
    corrected = {word for right in spellings.values() for word in right.split()}
    heads = {word for pair in joined for word in pair.split()}
    return Normalizer(
        known=words | corrected | heads | set(joined.values()) | {UNKNOWN},
        typo_tolerant=_get(path, "the file", content, "typo_tolerant", list),
        real_words=_get(path, "the file", content, "real_words", list),
        spellings=spellings,
        joined=joined,
    )
