"""The figures as rows of text, for the terminal and for the report alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from evaluation.measures import (
    MEASURES,
    Result,
    Share,
    by_category,
    by_topic,
    by_treatment,
    grouped,
    seconds_per_turn,
)
from evaluation.statistics import percentile

Parts = Mapping[str, Sequence[Result]]
Row = list[str]
FEWEST = 4  # cases of a label shown in the terminal; the report shows all
MET = {True: "met", False: "NOT MET", None: ""}
GROUPINGS: tuple[tuple[str, Callable[[Result], Iterable[str]]], ...] = (
    ("category", by_category),
    ("topic", by_topic),
    ("treatment", by_treatment),
)


def head(first: Sequence[str], parts: Parts, *, with_bar: bool = False) -> Row:
    return [*first, *(column for part in parts for column in ([part, ""] if with_bar else [part]))]


def bars(parts: Parts) -> list[Row]:
    """One row a measure: its name, its bar, and for each part the share and whether it is met."""
    rows = []
    for measure in MEASURES:
        row = [measure.name, measure.bar_text]
        for results in parts.values():
            share = measure.share(results)
            row += [str(share), MET[measure.is_met(share)]]
        rows.append(row)
    return rows + _latency(parts)


def _latency(parts: Parts) -> list[Row]:
    rows = []
    for percent in (50, 95):
        row = [f"latency of a turn, p{percent}", ""]
        for results in parts.values():
            row += [f"{percentile(seconds_per_turn(results), percent) * 1000:.0f} ms", ""]
        rows.append(row)
    return rows


def right_by(parts: Parts, labels: Callable[[Result], Iterable[str]], fewest: int = 1) -> list[Row]:
    """One row a label of `fewest` cases or more: the share that is right, for each part."""
    groups = {part: grouped(results, labels) for part, results in parts.items()}
    ordered = dict.fromkeys(label for found in groups.values() for label in found)
    return [
        [label, *(str(_right(groups[part].get(label, ()))) for part in parts)]
        for label in ordered
        if sum(len(found.get(label, ())) for found in groups.values()) >= fewest
    ]


def _right(results: Sequence[Result]) -> Share:
    return Share(sum(r.verdict.passed for r in results), len(results))


def aligned(header: Row, rows: Sequence[Row]) -> str:
    """The rows as columns of text under their header."""
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    lines = [header, ["-" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in lines
    )


def as_text(parts: Parts) -> str:
    """All tables, one below the other."""
    blocks = [aligned(head(["measure", "bar"], parts, with_bar=True), bars(parts))]
    for title, labels in GROUPINGS:
        rows = right_by(parts, labels, FEWEST)
        blocks.append(aligned(head([f"right, by {title}"], parts), rows))
    return "\n\n".join(blocks)
