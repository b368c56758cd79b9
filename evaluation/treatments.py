"""Names of the treatments and how they belong together, to see what a reply is about.

Only whole names count, as the table writes them: the bot's own linker is part of what is judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.lookup import Table


@dataclass(frozen=True)
class Treatments:
    """`names` by treatment id, `group_of` from member to group, and the conditions."""

    names: Mapping[str, tuple[str, ...]]
    group_of: Mapping[str, str]
    conditions: frozenset[str] = frozenset()

    @classmethod
    def from_table(cls, path: Path) -> Treatments:
        """Reads the table at `path`; raises a KnowledgeError where there is none."""
        with Table(path) as table:
            rows = [table.treatment(t) for t in table.treatment_ids()]
        names = {
            row.treatment_id: (
                row.treatment_id, *row.brands, *row.abbreviations, *row.other_names
            )
            for row in rows
        }  # fmt: skip
        groups = {row.treatment_id: row.part_of for row in rows if row.part_of}
        return cls(names, groups, frozenset(r.treatment_id for r in rows if r.kind == "condition"))

    def named_in(self, text: str) -> set[str]:
        """Treatments named in the text; the condition that they treat is none."""
        return {
            treatment
            for treatment, names in self.names.items()
            if treatment not in self.conditions and any(_holds(text, name) for name in names)
        }

    def kin(self, treatments: Iterable[str]) -> set[str]:
        """The treatments with their groups and members: a group's fact is its members' too."""
        found: set[str] = set()
        for treatment in treatments:
            if treatment not in self.conditions:
                found |= {treatment, *self._groups(treatment)}
                found |= {t for t in self.names if treatment in self._groups(t)}
        return found

    def _groups(self, treatment: str) -> list[str]:
        groups: list[str] = []
        while treatment in self.group_of:
            treatment = self.group_of[treatment]
            groups.append(treatment)
        return groups


def _holds(text: str, name: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(name)}s?(?!\w)", text, re.IGNORECASE))
