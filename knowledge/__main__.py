"""python -m knowledge build|check|show: makes the table, checks it, and looks into it."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from knowledge.answers import Answers
from knowledge.check import report
from knowledge.errors import KnowledgeError
from knowledge.linker import Linker
from knowledge.lookup import Table
from knowledge.places import DOCUMENTS, table_path
from knowledge.render import citation_lines
from knowledge.table import Source, build_table
from knowledge.topics import TOPICS


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 done, 1 the check found something, 2 an error told in one line."""
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except KnowledgeError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="build|check|show")
    build = commands.add_parser("build", help="build the table from the documents")
    build.add_argument(
        "--document", action="append", type=Path, metavar="FOLDER",
        help="folder with article.txt and catalog.yml; may be repeated (default: all shipped)",
    )  # fmt: skip
    build.add_argument("--article", type=Path, help="take this text instead of FOLDER/article.txt")
    build.add_argument("--table", type=Path, default=table_path(), help="default: %(default)s")
    build.set_defaults(run=_build)
    check = commands.add_parser("check", help="print what the table covers")
    check.add_argument("--table", type=Path, default=table_path())
    check.set_defaults(run=_check)
    show = commands.add_parser("show", help="print the passages on a treatment and topic")
    show.add_argument("treatment", nargs="?", help="any of its names; without it, the list of all")
    show.add_argument("topic", nargs="?", choices=TOPICS, metavar="topic")
    show.add_argument("--table", type=Path, default=table_path())
    show.set_defaults(run=_show)
    return parser


def sources(folders: list[Path] | None, article: Path | None) -> list[Source]:
    """The documents to build from: the folders given, or all that stand in knowledge/documents."""
    chosen = folders or sorted(p.parent for p in DOCUMENTS.glob("*/catalog.yml"))
    return [Source(article or folder / "article.txt", folder / "catalog.yml") for folder in chosen]


def _build(options: argparse.Namespace) -> int:
    started = time.perf_counter()
    chosen = sources(options.document, options.article)
    build_table(chosen, options.table)
    with Table(options.table) as table:
        print(
            f"{options.table}: {len(table.treatment_ids())} treatments of "
            f"{len(table.document_ids())} document(s), built in "
            f"{time.perf_counter() - started:.1f} s"
        )
    return 0


def _check(options: argparse.Namespace) -> int:
    text, complete = report(options.table)
    print(text)
    return 0 if complete else 1


def _show(options: argparse.Namespace) -> int:
    with Table(options.table) as table:
        if options.treatment is None:
            print("\n".join(Answers(table).full_name(t) for t in table.treatment_ids()))
            return 0
        linked = Linker.from_table(options.table).link(options.treatment).ours
        treatment = table.treatment(linked[0] if linked else options.treatment).treatment_id
        for topic in [options.topic] if options.topic else TOPICS:
            _show_topic(table, treatment, topic)
    return 0


def _show_topic(table: Table, treatment: str, topic: str) -> None:
    answers = Answers(table)
    found = answers.find(treatment, topic)
    print(f"## {treatment} / {topic}")
    if not found:
        print("   (the document does not say)")
        return
    for whose in found:
        if whose.owner != treatment:
            print(f"   of {whose.owner}:")
        for passage in whose.passages:
            print(f"   bytes {passage.start}-{passage.end}: {passage.lead}")
            for item in passage.items:
                marks = ", ".join(item.side_effects) or item.treatment or ""
                print(f"      • {item.text}" + (f"   [{marks}]" if marks else ""))
    for line in citation_lines(answers.on_topic(treatment, topic).citation):
        print(f"   {line}")


if __name__ == "__main__":
    sys.exit(main())
