"""The few statistics that the report needs, without a dependency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

Z_95 = 1.959963984540054  # standard normal quantile of .975


def wilson(hits: int, total: int, z: float = Z_95) -> tuple[float, float]:
    """The Wilson score interval of a share, each end from 0 to 1; (0, 1) where nothing was tried.

    Source: E. B. Wilson, Probable inference, JASA 22 (1927), 209-212.

    Raises:
        ValueError: `hits` is no count out of `total`.
    """
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} is no share")
    if total == 0:
        return 0.0, 1.0
    share, square = hits / total, z * z / total
    centre = (share + square / 2) / (1 + square)
    half = z / (1 + square) * sqrt(share * (1 - share) / total + square / (4 * total))
    # At the ends the formula is exact; rounding would leave 1e-17 and .999...
    low = 0.0 if hits == 0 else centre - half
    high = 1.0 if hits == total else centre + half
    return low, high


def percentile(values: Iterable[float], percent: float) -> float:
    """The nearest-rank percentile: a value that was measured; nan where there is none."""
    ordered = sorted(values)
    if not ordered:
        return float("nan")
    return ordered[max(0, ceil(percent / 100 * len(ordered)) - 1)]


@dataclass(frozen=True)
class Bin:
    """Turns of like confidence: how many, how confident on average, how many of them right."""

    total: int
    mean_confidence: float
    right: int

    @property
    def share_right(self) -> float:
        return self.right / self.total


def reliability(points: Iterable[tuple[float, bool]], bins: int = 10) -> list[Bin]:
    """Groups (confidence from 0 to 1, right) into equally wide bins; empty ones are left out."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in points:
        groups.setdefault(min(bins - 1, int(confidence * bins)), []).append((confidence, right))
    return [
        Bin(len(g), sum(c for c, _ in g) / len(g), sum(r for _, r in g))
        for _, g in sorted(groups.items())
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: the mean gap of confidence and share right, by turns."""
    total = sum(b.total for b in bins)
    if not total:
        return float("nan")
    return sum(b.total * abs(b.mean_confidence - b.share_right) for b in bins) / total
