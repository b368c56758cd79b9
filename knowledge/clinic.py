"""The clinic's own facts: its name, its numbers for an emergency, and its chat window."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.citation import DEFAULT_MAX_AGE_YEARS
from knowledge.errors import ClinicInvalid
from knowledge.places import clinic_path

logger = logging.getLogger(__name__)
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")  # as browsers send it: no path, no slash
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Clinic:
    """Defaults are those of the United States, for a clinic that has not set its own yet."""

    name: str = "your clinic"
    phone: str = ""
    hours: str = ""
    emergency_number: str = "911"
    crisis_line: str = "988"
    poison_line: str = "1-800-222-1222"
    max_review_age_years: int = DEFAULT_MAX_AGE_YEARS
    keep_conversations_days: int = 30
    allowed_origins: tuple[str, ...] = ()
    chat_title: str = "Questions about treatments"
    chat_colour: str = "#0b5c8a"
    chat_consent: str = ""
    chat_turns_per_minute: int = 20
    chat_requests_per_minute_and_address: int = 600

    @property
    def kept_for(self) -> str:
        """ "30 days": the retention time in words."""
        days = self.keep_conversations_days
        return f"{days} day{'s' * (days != 1)}"

    @property
    def contact(self) -> str:
        """ "the care team at NAME, PHONE (HOURS)", as far as it is known."""
        text = f"the care team at {self.name}"
        if self.phone:
            text += f", {self.phone}"
        return f"{text} ({self.hours})" if self.hours else text


def current_clinic() -> Clinic:
    """The configuration that is in place now, read once for each version of the file.

    Where the file is spoiled or lost while the bot runs, the last good one counts: no patient may
    lack the clinic's number for that.

    Raises:
        ClinicInvalid: the file is malformed, and there never was a good one.
    """
    path = clinic_path()
    if not path.exists():
        return _last_good.get(path, Clinic())
    return _read_once(path, path.stat().st_mtime_ns)


_last_good: dict[Path, Clinic] = {}


@lru_cache(maxsize=2)
def _read_once(path: Path, changed_at: int) -> Clinic:
    try:
        clinic = read_clinic(path)
    except ClinicInvalid as error:
        if path not in _last_good:
            raise
        logger.error("%s The settings from before stay in use.", error)  # noqa: TRY400
        return _last_good[path]
    _last_good[path] = clinic
    return clinic


def read_clinic(path: Path) -> Clinic:
    """Reads the configuration; a missing file means the defaults.

    Raises:
        ClinicInvalid: a key is unknown or its value has the wrong type.
    """
    if not path.exists():
        return Clinic()
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ClinicInvalid(f"{path}: cannot be read: {error}") from error
    if not isinstance(data, dict):
        raise ClinicInvalid(f"{path}: holds {data!r}; it needs lines such as 'phone: 555-0100'.")
    known = {f.name: f.default for f in fields(Clinic)}
    for key, value in data.items():
        if key not in known:
            raise ClinicInvalid(
                f"{path}: '{key}' is no setting. The settings are: {', '.join(known)}."
            )
        needed = _fault(key, value, known[key])
        if needed:
            raise ClinicInvalid(f"{path}: '{key}' has value {value!r}. Not {needed}.")
    settings: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    return Clinic(**settings)


def _fault(key: str, value: Any, default: Any) -> str:
    """What the value should have been; "" where it is right."""
    if isinstance(default, tuple):
        is_list = isinstance(value, list) and all(isinstance(v, str) for v in value)
        right = is_list and all(ORIGIN.fullmatch(v) for v in value)
        return "" if right else 'a list of origins such as ["https://www.clinic.example"]'
    if isinstance(default, int):
        right = isinstance(value, int) and not isinstance(value, bool)
        if right and key != "max_review_age_years" and value < 1:
            return "a whole number above 0"
        return "" if right else "a whole number"
    empty = key.endswith(("number", "line", "title")) and not str(value).strip()
    if not isinstance(value, str) or empty:
        return "a text in quotes"
    if key.endswith("colour") and not COLOUR.fullmatch(value):
        return 'a colour such as "#0b5c8a"'
    return ""
