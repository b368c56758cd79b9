"""One line of a benchmark's report, and the report as a table of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class Bar:
    """What a figure has to reach: at most `limit`, or at least with `is_floor`."""

    limit: float
    is_floor: bool = False

    def is_met(self, value: float) -> bool:
        return value >= self.limit if self.is_floor else value <= self.limit

    def told(self, value: float) -> str:
        sign = ">=" if self.is_floor else "<="
        return f"{sign} {self.limit:g} {'met' if self.is_met(value) else 'MISSED'}"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that at least this share of them does not exceed."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def as_table(rows: Sequence[Sequence[str]]) -> str:
    """Columns in line; the first row is the head, the first column is flush left."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
