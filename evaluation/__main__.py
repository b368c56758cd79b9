"""python -m evaluation: asks the bot the held-out questions, prints the table, writes a report."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from evaluation.cases import Case, CaseInvalid, read_parts
from evaluation.client import Conversation, hold_all
from evaluation.confidence import ModelUnusable, Parsed, parse_all
from evaluation.judge import Verdict, failed_turn, judge
from evaluation.measures import Result
from evaluation.report import render_report
from evaluation.server import ServerUnavailable, check_reachable, running_bot
from evaluation.table import as_text
from evaluation.treatments import Treatments
from knowledge.errors import KnowledgeError
from knowledge.places import ROOT, table_path

CASES = ROOT / "tests" / "held_out"
OUTPUT = ROOT / "build" / "evaluation"


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 evaluated, whatever the figures; 2 an error told in one line."""
    options = _parser().parse_args(arguments)
    try:
        parts = read_parts(options.cases)
        treatments = Treatments.from_table(table_path())
        options.output.mkdir(parents=True, exist_ok=True)
        conversations = _hold([c for cases in parts.values() for c in cases], options)
    except (CaseInvalid, ServerUnavailable, KnowledgeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    results = _judged(conversations, treatments, with_model=not options.no_model)
    _publish({part: [r for r in results if r.part == part] for part in parts}, options)
    return 0


def _hold(cases: Sequence[Case], options: argparse.Namespace) -> list[Conversation]:
    log = options.output / "server.log"
    with nullcontext(options.url) if options.url else running_bot(ROOT, log) as url:
        check_reachable(url)
        return hold_all(cases, url, options.jobs)


def _judged(
    conversations: Sequence[Conversation], treatments: Treatments, *, with_model: bool
) -> list[Result]:
    verdicts = [_verdict(conversation, treatments) for conversation in conversations]
    models = sorted((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    parsed: Sequence[Parsed | None] = [None] * len(verdicts)
    if with_model and models:
        try:
            parsed = parse_all([c.case.turns[-1] for c in conversations], models[-1])
        except ModelUnusable as error:  # what was measured over REST is still worth its report
            print(f"no confidence measured: {error}", file=sys.stderr)
    return [Result(c, v, p) for c, v, p in zip(conversations, verdicts, parsed, strict=True)]


def _verdict(conversation: Conversation, treatments: Treatments) -> Verdict:
    if conversation.error:
        return failed_turn(conversation.error)
    return judge(conversation.case, conversation.replies[-1], treatments)


def _publish(parts: dict[str, list[Result]], options: argparse.Namespace) -> None:
    print(as_text(parts))
    counts = ", ".join(f"{len(results)} {part}" for part, results in parts.items())
    where = options.url or "a bot started for it"
    about = f"{counts} cases; measured {datetime.now():%Y-%m-%d %H:%M} on {where}."
    page = render_report(parts, title="Evaluation on held-out questions", about=about)
    path: Path = options.output / "report.html"
    path.write_text(page, encoding="utf-8")
    print(f"\nFailures and pictures: {path}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("--url", help="a running bot's REST webhook; left out, one is started")
    parser.add_argument("--cases", type=Path, default=CASES, help="folder with the case files")
    parser.add_argument("--output", type=Path, default=OUTPUT, help="folder of the report")
    parser.add_argument("--jobs", type=int, choices=range(1, 17), default=2, metavar="1-16",
                        help="conversations held at the same time")  # fmt: skip
    parser.add_argument("--no-model", action="store_true",
                        help="leave out the confidence, which needs the trained model")  # fmt: skip
    return parser


if __name__ == "__main__":
    sys.exit(main())
