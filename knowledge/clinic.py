"""The clinic's own facts: its name, its phone number and the numbers for an emergency."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import yaml

from knowledge.citation import DEFAULT_MAX_AGE_YEARS
from knowledge.errors import ClinicInvalid


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

    @property
    def contact(self) -> str:
        """ "the care team at NAME, PHONE (HOURS)", as far as it is known."""
        text = f"the care team at {self.name}"
        if self.phone:
            text += f", {self.phone}"
        return f"{text} ({self.hours})" if self.hours else text


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
        needed = int if isinstance(known[key], int) else str
        empty = needed is str and key.endswith(("number", "line")) and not str(value).strip()
        if not isinstance(value, needed) or isinstance(value, bool) or empty:
            form = "whole number" if needed is int else "text in quotes"
            raise ClinicInvalid(f"{path}: '{key}' has value {value!r}. Not a {form}.")
    return Clinic(**data)
