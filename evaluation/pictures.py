"""The pictures of the report, as PNG bytes."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

import matplotlib

from evaluation.measures import Result, Share, grouped, topic_label
from evaluation.statistics import Bin, wilson

matplotlib.use("Agg")  # no window: the evaluation runs on servers too
from matplotlib import pyplot

BLUE, RED, GREY = "#2a6f97", "#c1442e", "#8a8a8a"
RARE = 4  # topics of fewer cases are put together, or the picture cannot be read
DOTS_PER_INCH = 110
# Labels told apart by cases or by headings, but not by both.
SAME_TOPIC = {"doctor_questions": "choosing", "meta": "small_talk", "chitchat": "small_talk"}


def confusion(results: Sequence[Result]) -> bytes:
    """What was expected (rows) against what the bot did (columns), in cases."""
    expected = [_expected(result) for result in results]
    common = {label for label, count in Counter(expected).items() if count >= RARE}
    pairs = Counter(
        (label if label in common else "other answer", _done(result))
        for label, result in zip(expected, results, strict=True)
    )
    rows = _ordered({row for row, _ in pairs})
    columns = _ordered({column for _, column in pairs})
    figure, axes = pyplot.subplots(figsize=(2.5 + 0.48 * len(columns), 2 + 0.38 * len(rows)))
    totals = {row: sum(n for (r, _), n in pairs.items() if r == row) for row in rows}
    shares = [[pairs[row, column] / totals[row] for column in columns] for row in rows]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (row, column), count in pairs.items():
        x, y = columns.index(column), rows.index(row)
        dark = shares[y][x] > 0.45
        colour = "white" if dark else (BLUE if row == column else RED)
        axes.text(x, y, str(count), ha="center", va="center", color=colour, fontsize=9)
    axes.set_xticks(range(len(columns)), columns, rotation=55, ha="right", fontsize=9)
    axes.set_yticks(range(len(rows)), [f"{row} ({totals[row]})" for row in rows], fontsize=9)
    axes.set_xlabel("what the bot did")
    axes.set_ylabel("what was expected (cases)")
    return _png(figure)


def _expected(result: Result) -> str:
    if result.kind != "answer":
        return SAME_TOPIC.get(result.kind, result.kind)
    return topic_label(result.conversation.case.expect.topic)


def _done(result: Result) -> str:
    return SAME_TOPIC.get(result.verdict.done, result.verdict.done)


def _ordered(labels: set[str]) -> list[str]:
    """Topics by name, then what is no answer."""
    last = (
        "other answer", "not_covered", "advice_redirect", "emergency", "crisis", "clarify",
        "menu", "small_talk", "silent", "failed",
    )  # fmt: skip
    return sorted(labels - set(last)) + [label for label in last if label in labels]


def accuracy(results: Sequence[Result], labels: Any, fewest: int = 3) -> bytes:
    """A bar for each label: the share that is right, with its 95% interval."""
    groups = {k: v for k, v in grouped(results, labels).items() if len(v) >= fewest}
    names = list(groups)[::-1]
    figure, axes = pyplot.subplots(figsize=(7.5, 1.2 + 0.27 * len(names)))
    for at, name in enumerate(names):
        share = Share(sum(r.verdict.passed for r in groups[name]), len(groups[name]))
        low, high = share.interval
        axes.barh(at, share.value, color=BLUE if share.value >= 0.9 else RED, height=0.65)
        axes.plot([low, high], [at, at], color="black", linewidth=1)
        axes.text(1.02, at, f"{share.hits}/{share.total}", va="center", fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_xlim(0, 1.12)
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.set_xlabel("share right, with 95% interval")
    return _png(figure)


def reliability_plot(bins: Sequence[Bin]) -> bytes:
    """Confidence of the intent against the share of right replies; the dots grow with the cases."""
    figure, axes = pyplot.subplots(figsize=(5.2, 4.6))
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", linewidth=1, label="as sure as right")
    for found in bins:
        low, high = wilson(found.right, found.total)
        at = found.mean_confidence
        axes.plot([at, at], [low, high], color=BLUE, linewidth=1)
        axes.scatter(
            [at], [found.share_right], s=12 + 12 * found.total**0.5, color=BLUE, alpha=0.75
        )
        axes.annotate(
            str(found.total), (at, found.share_right), xytext=(7, -11),
            textcoords="offset points", fontsize=8,
        )  # fmt: skip
    axes.set_xlim(0, 1.02)
    axes.set_ylim(0, 1.05)
    axes.set_xlabel("confidence in the intent (mean of the bin)")
    axes.set_ylabel("share of right replies")
    axes.legend(loc="lower right", fontsize=8, frameon=False)
    return _png(figure)


def _png(figure: Any) -> bytes:
    for axes in figure.axes:
        axes.spines["top"].set_visible(False)
        axes.spines["right"].set_visible(False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH, bbox_inches="tight")
    pyplot.close(figure)
    return buffer.getvalue()
