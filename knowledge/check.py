"""What a table covers: sentences, topics by treatment, and names that lead nowhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from knowledge.answers import Answers
from knowledge.linker import Linker
from knowledge.lookup import Table
from knowledge.topics import TOPICS

OWN, OF_GROUP, BY_MEMBER, ABSENT = "x", "g", "m", "."


def report(path: Path) -> tuple[str, bool]:
    """The coverage as text, and whether all sentences are reached and no name is dead."""
    with Table(path) as table, closing(sqlite3.connect(path)) as db:
        sentences, reached = _coverage(db)
        lines = [
            f"table: {path}",
            f"sentences in the article: {sentences}",
            f"sentences in the table:   {reached}",
            "",
            *_grid(table),
            "",
        ]
        dead = _dead_names(db, Linker.from_table(path))
        lines.append(f"dead names (they do not lead to their treatment): {len(dead)}")
        lines += [f"  {name} -> {treatment}" for name, treatment in dead]
        unmatched = _items_without_side_effect(db)
        lines.append(f"side-effect items without a word in the lexicon: {len(unmatched)}")
        lines += [f"  {text}" for text in unmatched]
    return "\n".join(lines), sentences == reached and not dead and not unmatched


def _coverage(db: sqlite3.Connection) -> tuple[int, int]:
    total = db.execute("SELECT count(*) FROM sentences").fetchone()[0]
    reached = db.execute(
        "SELECT count(*) FROM sentences s WHERE EXISTS (SELECT 1 FROM passages p "
        "WHERE p.document = s.document AND p.start <= s.start AND s.end <= p.end)"
    ).fetchone()[0]
    return int(total), int(reached)


def _grid(table: Table) -> list[str]:
    answers = Answers(table)
    width = max(map(len, table.treatment_ids()))
    lines = [
        (
            f"topics by treatment: {OWN} said of it, {OF_GROUP} said of its group, "
            f"{BY_MEMBER} said of what belongs to it, {ABSENT} not said"
        )
    ]
    for number, topic in enumerate(TOPICS):
        lines.append(" " * (width + 1) + "| " * number + topic)
    for treatment in table.treatment_ids():
        groups = table.groups(treatment)
        cells = []
        for topic in TOPICS:
            owners = {f.owner for f in answers.find(treatment, topic)}
            if not owners:
                cells.append(ABSENT)
            elif treatment in owners:
                cells.append(OWN)
            else:
                cells.append(OF_GROUP if owners & set(groups) else BY_MEMBER)
        lines.append(f"{treatment:<{width}} {' '.join(cells)}")
    return lines


def _dead_names(db: sqlite3.Connection, linker: Linker) -> list[tuple[str, str]]:
    return [
        (name, treatment)
        for name, treatment in db.execute("SELECT name, treatment FROM names")
        if linker.link(name).ours != [treatment]
    ]


def _items_without_side_effect(db: sqlite3.Connection) -> list[str]:
    return [
        row[0]
        for row in db.execute(
            "SELECT i.text FROM list_items i JOIN passages p ON p.id = i.passage "
            "WHERE p.topic = 'side_effects' AND i.id NOT IN "
            "(SELECT list_item FROM item_side_effects)"
        )
    ]
