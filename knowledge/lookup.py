"""Reads the table. Every query of the product is here; all of them are by key or by index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import TracebackType

from knowledge.errors import TableUnreadable, UnknownTreatment
from knowledge.snapshot import snapshot


@dataclass(frozen=True)
class TreatmentRow:
    treatment_id: str
    document: str
    kind: str
    part_of: str | None
    brands: tuple[str, ...]
    abbreviations: tuple[str, ...]
    other_names: tuple[str, ...]


@dataclass(frozen=True)
class ItemRow:
    text: str
    treatment: str | None
    side_effects: tuple[str, ...]


@dataclass(frozen=True)
class PassageRow:
    passage_id: int
    treatment: str
    topic: str
    start: int
    end: int
    lead: str
    text: str
    items: tuple[ItemRow, ...]


@dataclass(frozen=True)
class DocumentRow:
    document: str
    title: str
    publisher: str
    series: str
    adapted: bool
    reviewed_by: str
    reviewed_on: date
    content_version: str


@dataclass(frozen=True)
class ReferenceRow:
    organisation: str
    title: str
    about: tuple[str, ...]

    def __str__(self) -> str:
        return f'{self.organisation}, "{self.title}"'


class Table:
    """The table, as it was when it was opened. One instance serves one thread at a time."""

    def __init__(self, path: Path, copy: sqlite3.Connection | None = None) -> None:
        """Reads the table into memory, or takes a copy of it that was read already.

        Raises:
            TableMissing: there is no file at `path`.
            TableUnreadable: the file is no table, one of another schema version, or altered.
        """
        self.path = path
        self._db = copy or snapshot(path)
        # The rows of a table never change: a new table is a new file, and a new instance.
        self.treatment = lru_cache(maxsize=4096)(self._treatment)
        self.passages = lru_cache(maxsize=4096)(self._passages)
        self.references = lru_cache(maxsize=64)(self._references)
        self.document = lru_cache(maxsize=64)(self._document)

    def __enter__(self) -> Table:  # noqa: PYI034  (typing has Self from Python 3.11)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._db.close()

    def close(self) -> None:
        self._db.close()

    def _rows(self, query: str, *values: object) -> list[tuple[str, ...]]:
        try:
            return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise TableUnreadable(f"{self.path}: {error}. Type: make table") from error

    def has(self, treatment_id: str) -> bool:
        """Whether the table holds the treatment."""
        return bool(self._rows("SELECT 1 FROM treatments WHERE id = ?", treatment_id))

    def has_side_effect(self, side_effect: str) -> bool:
        return bool(self._rows("SELECT 1 FROM side_effects WHERE id = ?", side_effect))

    def treatment_ids(self) -> list[str]:
        """All treatments, in the order of the catalog; documents one after the other."""
        return [row[0] for row in self._rows("SELECT id FROM treatments ORDER BY rowid")]

    def _treatment(self, treatment_id: str) -> TreatmentRow:
        rows = self._rows(
            "SELECT id, document, kind, part_of FROM treatments WHERE id = ?", treatment_id
        )
        if not rows:
            raise UnknownTreatment(
                f"'{treatment_id}' is no treatment of {self.path}. "
                "Type: python -m knowledge show, for the list."
            )
        names = self._rows(
            "SELECT kind, name FROM names WHERE treatment = ? ORDER BY position", treatment_id
        )
        by_kind = {k: tuple(n for kind, n in names if kind == k) for k, _ in names}
        treatment, document, kind, part_of = rows[0]
        return TreatmentRow(
            treatment, document, kind, part_of or None,
            by_kind.get("brand", ()), by_kind.get("abbreviation", ()), by_kind.get("other", ()),
        )  # fmt: skip

    def _passages(self, treatment_id: str, topic: str) -> tuple[PassageRow, ...]:
        rows = self._rows(
            "SELECT id, treatment, topic, start, end, lead, text FROM passages "
            "WHERE treatment = ? AND topic = ? ORDER BY id",
            treatment_id, topic,
        )  # fmt: skip
        return tuple(
            PassageRow(int(i), t, tp, int(s), int(e), lead, text, self._items(int(i)))
            for i, t, tp, s, e, lead, text in rows
        )

    def _items(self, passage_id: int) -> tuple[ItemRow, ...]:
        rows = self._rows(
            "SELECT id, text, treatment FROM list_items WHERE passage = ? ORDER BY position",
            passage_id,
        )
        effects = self._rows(
            "SELECT list_item, side_effect FROM item_side_effects WHERE list_item IN "
            "(SELECT id FROM list_items WHERE passage = ?)",
            passage_id,
        )
        return tuple(
            ItemRow(text, treatment, tuple(e for item, e in effects if item == item_id))
            for item_id, text, treatment in rows
        )

    def members(self, group: str) -> list[str]:
        """Treatments of the catalog that are directly part of the group."""
        rows = self._rows("SELECT id FROM treatments WHERE part_of = ? ORDER BY rowid", group)
        return [row[0] for row in rows]

    def groups(self, treatment_id: str) -> list[str]:
        """The groups that the treatment belongs to, the nearest first."""
        groups: list[str] = []
        group = self.treatment(treatment_id).part_of
        while group is not None:
            groups.append(group)
            group = self.treatment(group).part_of
        return groups

    def condition(self, document: str) -> str:
        """The condition that the document is about."""
        return self._rows(
            "SELECT id FROM treatments WHERE document = ? AND kind = 'condition'", document
        )[0][0]

    def document_ids(self) -> list[str]:
        return [row[0] for row in self._rows("SELECT id FROM documents ORDER BY rowid")]

    def _document(self, document: str) -> DocumentRow:
        row = self._rows(
            "SELECT id, title, publisher, series, adapted, reviewed_by, reviewed_on, "
            "content_version FROM documents WHERE id = ?", document,
        )[0]  # fmt: skip
        return DocumentRow(
            row[0], row[1], row[2], row[3], bool(row[4]), row[5], date.fromisoformat(row[6]), row[7]
        )

    def _references(self, document: str) -> tuple[ReferenceRow, ...]:
        about: dict[str, list[str]] = {}
        for position, subject in self._rows(
            "SELECT position, about FROM reference_topics WHERE document = ?", document
        ):
            about.setdefault(position, []).append(subject)
        rows = self._rows(
            "SELECT position, organisation, title FROM [references] WHERE document = ? "
            "ORDER BY position", document,
        )  # fmt: skip
        return tuple(
            ReferenceRow(organisation, title, tuple(about.get(position, ())))
            for position, organisation, title in rows
        )

    def lists_with(self, side_effect: str) -> list[tuple[str, int, str]]:
        """(treatment, passage id, item text) of each list that names the side effect."""
        rows = self._rows(
            "SELECT DISTINCT p.treatment, p.id, i.text FROM item_side_effects e "
            "JOIN list_items i ON i.id = e.list_item JOIN passages p ON p.id = i.passage "
            "WHERE e.side_effect IN (SELECT value FROM json_each(?)) ORDER BY p.id, i.position",
            json.dumps(sorted(self.meant_by(side_effect))),
        )
        return [(treatment, int(passage), text) for treatment, passage, text in rows]

    def listing_treatments(self) -> list[str]:
        """Treatments and groups with a list of side effects of their own."""
        rows = self._rows(
            "SELECT DISTINCT treatment FROM passages WHERE topic = 'side_effects' AND id IN "
            "(SELECT passage FROM list_items) ORDER BY id"
        )
        return [row[0] for row in rows]

    def side_effect_name(self, side_effect: str) -> str:
        return self._rows("SELECT name FROM side_effects WHERE id = ?", side_effect)[0][0]

    def meant_by(self, side_effect: str) -> frozenset[str]:
        """The side effect itself; of a part of the body, all side effects that it stands for."""
        if self._rows("SELECT 1 FROM side_effects WHERE id = ? AND is_body_part", side_effect):
            return frozenset({side_effect, *self.related_side_effects(side_effect)})
        return frozenset({side_effect})

    def related_side_effects(self, side_effect: str) -> list[str]:
        """Side effects that a reader would want told beside this one, e.g. vomiting and nausea."""
        return [
            row[0]
            for row in self._rows(
                "SELECT related FROM related_side_effects WHERE side_effect = ?", side_effect
            )
        ]

    def passages_on(self, topic: str) -> list[PassageRow]:
        """All passages on a topic, over all treatments."""
        treatments = self._rows(
            "SELECT DISTINCT treatment FROM passages WHERE topic = ? ORDER BY id", topic
        )
        return [p for (treatment,) in treatments for p in self.passages(treatment, topic)]

    def glossary(self, form: str) -> tuple[str, str, str] | None:
        """(document, term, explanation) for a word in any of its forms, or None."""
        rows = self._rows(
            "SELECT document, term, text FROM glossary WHERE form = ?", form.lower()
        )
        return (rows[0][0], rows[0][1], rows[0][2]) if rows else None

    def glossary_terms(self, document: str) -> list[str]:
        """The words that the document explains, in the order of the article."""
        rows = self._rows(
            "SELECT term FROM glossary WHERE document = ? GROUP BY term ORDER BY min(start)",
            document,
        )
        return [row[0] for row in rows]

    def search(self, words: Iterable[str], limit: int = 5) -> list[PassageRow]:
        """Full-text search over the passages; any of the words may match, best first."""
        query = " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
        if not query:
            return []
        rows = self._rows(
            "SELECT p.treatment, p.topic, p.id FROM passages_fts f "
            "JOIN passages p ON p.id = f.rowid WHERE passages_fts MATCH ? "
            "ORDER BY rank LIMIT ?", query, limit,
        )  # fmt: skip
        return [
            passage
            for treatment, topic, i in rows
            for passage in self.passages(treatment, topic)
            if passage.passage_id == int(i)
        ]
