"""Builds made-up documents of growing size, and times the build, lookups and linking."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from math import log10
from pathlib import Path
from random import Random
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from benchmarks.figures import Bar, as_table
from benchmarks.made_up_document import MadeUpDocument, write_document
from benchmarks.made_up_names import generic_names, misspelt
from knowledge.answers import Answers
from knowledge.linker import Linker
from knowledge.lookup import Table
from knowledge.table import build_table

SIZES = (100, 1_000, 10_000)  # treatments
LOOKUPS = MESSAGES = 2_000
TOPICS = ("side_effects", "administration", "how_it_works", "combination", "when_used")
MESSAGE_FORMS = (
    "what are the side effects of {}?",
    "my mother was put on {} last week, how often does she have to take it",
    "is {} the same as {}",
    "hi, I take {} for my kidneys and feel dizzy since monday, could that come from it?",
    "{}",
    "compare {} and {} please, which one is given at home",
    "does {} cuase naussea or headahces",
)
BARS = {
    "build (s)": Bar(60),
    "lookup median (ms)": Bar(1),
    "link p99 (ms)": Bar(5),
}
GROWTH = Bar(1)  # exponent; 1 is linear
HAVE_TO_GROW_SLOWLY = ("lookup median (ms)", "link median (ms)", "link p99 (ms)")


@dataclass(frozen=True)
class Figures:
    """Seconds or milliseconds by the name of the figure, for one size."""

    treatments: int
    values: dict[str, float]


def run() -> bool:
    """Prints the table; whether all bars are met."""
    with TemporaryDirectory() as folder:
        figures = [measure(Path(folder) / str(size), size) for size in SIZES]
    exponents = _growth(figures[-2], figures[-1])
    rows = [("treatments", *(f"{f.treatments:,}" for f in figures), "exponent", "to reach")]
    met = True
    for name, exponent in exponents.items():
        last, told = figures[-1].values[name], []
        if name in BARS:
            told.append(BARS[name].told(last))
            met &= BARS[name].is_met(last)
        if name in HAVE_TO_GROW_SLOWLY:
            told.append(f"exponent {GROWTH.told(exponent)}")
            met &= GROWTH.is_met(exponent)
        values = (f"{f.values[name]:.3g}" for f in figures)
        rows.append((name, *values, f"{exponent:.2f}", ", ".join(told)))
    print(as_table(rows))
    return met


def measure(folder: Path, treatments: int) -> Figures:
    """Writes and builds a document of so many treatments, and times what is asked of it."""
    document, table = write_document(folder, treatments), folder / "knowledge.db"
    print(f"{treatments:,} treatments: building ...", flush=True)
    build = _seconds(build_table, [document.source], table)
    ready = _seconds(Linker.from_table, table)
    lookups = list(_lookups(document, table))
    linker = Linker.from_table(table)
    links = [_seconds(linker.link, m) * 1000 for m in messages(document, MESSAGES)]
    return Figures(
        treatments,
        {
            "build (s)": build,
            "linker ready (s)": ready,
            "table (MB)": table.stat().st_size / 1e6,
            "lookup median (ms)": median(lookups),
            "link median (ms)": median(links),
            "link p99 (ms)": quantiles(links, n=100)[-1],
        },
    )


def _lookups(document: MadeUpDocument, path: Path) -> Iterator[float]:
    """Milliseconds of each lookup, from the call to the cited answer.

    No treatment is asked about twice before the table is opened anew, so that the lookup's own
    caches answer nothing but what a first lookup in a running server would find there: the
    document and its references.
    """
    drugs = [drug.generic for drug in document.drugs]
    Random(1).shuffle(drugs)
    topics, left = cycle(TOPICS), LOOKUPS
    while left > 0:
        asked = drugs[:left]
        with Table(path) as table:
            answers = Answers(table)
            answers.sources()
            for drug in asked:
                yield _seconds(answers.on_topic, drug, next(topics)) * 1000
        left -= len(asked)


def messages(document: MadeUpDocument, count: int) -> Iterator[str]:
    """Messages with exact names, misspelt ones, and words that nothing holds, in turns."""
    random = Random(2)
    known = [name for drug in document.drugs for name in (drug.generic, drug.brand)]
    unknown = generic_names(Random(3))
    kinds: Iterable[Callable[[], str]] = cycle(
        (
            lambda: random.choice(known),
            lambda: misspelt(random.choice(known), random),
            lambda: misspelt(random.choice(known), random, edits=2),
            lambda: next(unknown),
        )
    )
    forms = cycle(MESSAGE_FORMS)
    for form in islice(forms, count):
        yield form.format(*(kind() for kind in islice(kinds, form.count("{}"))))


def _seconds(call: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - started


def _growth(small: Figures, large: Figures) -> dict[str, float]:
    """How each figure grows with the number of treatments n: as n to the power of this."""
    times = log10(large.treatments / small.treatments)
    return {name: log10(large.values[name] / value) / times for name, value in small.values.items()}
