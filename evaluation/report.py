"""The report: one HTML file that needs nothing beside it."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from html import escape

from evaluation import pictures, table
from evaluation.measures import Result, by_topic, by_treatment
from evaluation.statistics import calibration_error, reliability

STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1d2733; background: #fff; max-width: 68rem;
  margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; border-bottom: 1px solid #d5dbe1; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #e6eaee;
  vertical-align: top; white-space: pre-wrap; }
.met { color: #1c6b3a; } .not-met { color: #a32714; font-weight: 600; }
img { max-width: 100%; height: auto; }
article { border-left: 4px solid #c1442e; padding: .1rem 0 .1rem 1rem; margin: 1.2rem 0; }
article.grave { border-left-width: 10px; }
blockquote { margin: .4rem 0; padding: .4rem .8rem; background: #f2f5f7; white-space: pre-wrap; }
blockquote.patient { background: #e4eef5; } .note { color: #56616c; }
.tag { background: #a32714; color: #fff; border-radius: 3px; padding: 0 .4rem; font-size: .8rem; }
"""
GRAVE = {
    "confident_wrong": "confident-wrong",
    "wrong_treatment": "wrong treatment",
    "off_target": "off-target",
    "wrongly_declined": "wrongly declined",
    "false_alarm": "false alarm",
}


def render_report(parts: table.Parts, *, title: str, about: str) -> str:
    """The report on the parts; `about` says when and on what they were measured."""
    results = [result for of_part in parts.values() for result in of_part]
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title><style>{STYLE}</style></head><body>",
            f'<h1>{escape(title)}</h1><p class="note">{escape(about)}</p>',
            *_sections(parts, results),
            "</body></html>",
        ]
    )


def _sections(parts: table.Parts, results: Sequence[Result]) -> Iterator[str]:
    yield "<h2>What is to be reached</h2>"
    yield (
        "<p>Shares with their 95% Wilson intervals and counts. The frozen part was written before "
        "any training data; the difference to the fresh part is how much was tuned.</p>"
    )
    yield _table(table.head(["measure", "bar"], parts, with_bar=True), table.bars(parts))
    yield "<h2>Expected, and what the bot did</h2>"
    yield (
        "<p>In cases. For answers the row is the topic asked about, the column the heading of the "
        "reply; else the kind of reply. Whether an answer's facts are right is not shown here.</p>"
    )
    yield _picture(pictures.confusion(results), "confusion matrix of expected and actual replies")
    yield "<h2>Right, by topic</h2>"
    yield _picture(pictures.accuracy(results, by_topic), "share of right replies by topic")
    yield "<h2>Right, by treatment</h2>"
    yield _picture(pictures.accuracy(results, by_treatment), "share right by treatment")
    yield from _reliability(results)
    for name, labels in table.GROUPINGS:
        yield f"<h2>Right, by {name}: figures</h2>"
        yield _table(table.head([name], parts), table.right_by(parts, labels))
    yield from _failures(results)


def _reliability(results: Sequence[Result]) -> Iterator[str]:
    yield "<h2>Confidence against correctness</h2>"
    points = [
        (r.parsed.confidence, r.verdict.passed)
        for r in results
        if r.parsed and r.parsed.confidence is not None
    ]
    if not points:
        yield "<p>The trained model was not at hand, so no confidence was measured.</p>"
        return
    bins = reliability(points)
    yield (
        f"<p>{len(points)} of {len(results)} last turns; on the others a rule decided "
        "(safety gate, bare name, language), which has no confidence. A turn is right if its "
        "whole reply is. "
        f"Expected calibration error: {calibration_error(bins):.3f}.</p>"
    )
    yield _picture(pictures.reliability_plot(bins), "reliability plot")


def _failures(results: Sequence[Result]) -> Iterator[str]:
    failed = [result for result in results if not result.verdict.passed]
    yield f"<h2>The {len(failed)} failures</h2>"
    for result in sorted(failed, key=lambda r: (-len(_tags(r)), r.category)):
        yield _failure(result)


def _tags(result: Result) -> list[str]:
    return [name for field, name in GRAVE.items() if getattr(result.verdict, field)]


def _failure(result: Result) -> str:
    conversation, verdict = result.conversation, result.verdict
    case, tags = conversation.case, _tags(result)
    treatments = "; ".join(case.expect.treatments)
    labels = [case.expect.kind, case.expect.topic, treatments, case.note]
    marks = " ".join(f'<span class="tag">{tag}</span>' for tag in tags)
    lines = [
        f'<article class="{"grave" if tags else ""}">',
        f"<h3>{escape(case.part)} {escape(case.case_id)} {marks}</h3>",
        (
            f'<p class="note">expected: {escape(", ".join(label for label in labels if label))}; '
            f"done: {escape(verdict.done)}{escape(_sureness(result))}</p>"
        ),
        "<ul>" + "".join(f"<li>{escape(reason)}</li>" for reason in verdict.reasons) + "</ul>",
    ]
    for number, turn in enumerate(case.turns):
        lines.append(f'<blockquote class="patient">{escape(turn)}</blockquote>')
        if number < len(conversation.replies):
            reply = conversation.replies[number]
            shown = "\n\n".join(reply.texts) or "(silence)"
            offered = f"\n[{'] ['.join(reply.buttons)}]" if reply.buttons else ""
            lines.append(f"<blockquote>{escape(shown + offered)}</blockquote>")
    return "\n".join([*lines, "</article>"])


def _sureness(result: Result) -> str:
    if result.parsed is None:
        return ""
    sure = result.parsed.confidence
    return f"; intent: {result.parsed.intent} ({'by rule' if sure is None else f'{sure:.2f}'})"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "".join(f"<tr>{''.join(_cell(cell) for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    kinds = {table.MET[True]: "met", table.MET[False]: "not-met"}
    marked = f' class="{kinds[text]}"' if text in kinds and text else ""
    return f"<td{marked}>{escape(text)}</td>"


def _picture(png: bytes, alternative: str) -> str:
    data = base64.b64encode(png).decode("ascii")
    return f'<p><img alt="{escape(alternative)}" src="data:image/png;base64,{data}"></p>'
