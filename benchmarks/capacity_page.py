"""The tables of docs/capacity.md: what was measured, and what is worked out from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.capacity import Assumed, Measured, bounds, needs
from benchmarks.errors import BenchmarkError
from knowledge.places import ROOT

RESULTS = ROOT / "build" / "benchmark" / "load.json"
PAGE = ROOT / "docs" / "capacity.md"
OF_A_TURN = {
    "postgresql transactions": "PostgreSQL: transactions of a turn",
    "postgresql rows": "PostgreSQL: rows of a turn",
    "postgresql bytes": "PostgreSQL: bytes of a turn, with indexes",
    "postgresql log_bytes": "PostgreSQL: bytes of a turn in its write-ahead log",
    "redis commands": "Redis: commands of a turn, those inside of scripts too",
    "redis bytes of a conversation": "Redis: bytes of a conversation of five turns",
    "bytes received": "bytes to a patient, a turn, without TLS",
    "bytes sent": "bytes of a patient, a turn, without TLS",
}
MADE_BY, ENDS = "made by python -m benchmarks capacity --write", "<!-- end -->"


def told(results: Mapping[str, Any], assumed: Assumed | None = None) -> str:
    """All tables, as text for a terminal or a page."""
    return "\n\n".join(tables(results, assumed).values())


def measured_table(results: Mapping[str, Any]) -> str:
    """What was measured, and on what; of a quick run it says so."""
    one, two = results["one"], results["two"]
    rows = [
        ("measured", "one server, as shipped", "two servers with nginx, PostgreSQL, Redis"),
        ("on", *(_measured_on(part) for part in (one, two))),
    ]
    rows += [
        (f"conversations at once: {first['asked']:.0f}", _level(first), _level(second))
        for first, second in zip(one["at once"], two["at once"], strict=True)
    ]
    rows += [
        (f"most turns a second with {name}", f"{one[name]:.0f}", f"{two[name]:.0f}")
        for name in ("p99 below 1 s", "p99 below 5 s")
    ]
    rows += [
        ("twice too many", _too_many(one["too many"]), _too_many(two["too many"])),
        ("core time of a turn", _core(one["a turn"]), _core(two["a turn"])),
    ]
    rows += [(title, "", f"{two['a turn'][name]:,.1f}") for name, title in OF_A_TURN.items()]
    if "memory" in results:
        memory = results["memory"]
        last, growth = memory["points"][-1][1], memory["growth when filled"]
        rows.append(("memory: on", _measured_on(memory), ""))
        rows.append(("memory of a server, with all it keeps", f"{last:.0f} MB", ""))
        rows.append(("its growth from turn 5,000 to 20,000 then", f"{growth:.1%}", ""))
    if "long" in results:
        rows.append(("long conversations: on", _measured_on(results["long"]), ""))
    for store, found in results.get("long", {}).get("stores", {}).items():
        rows.append(
            (f"turns 401 to 500 beside turns 1 to 5, in {store}",
             f"{found['late']:.1f} and {found['fresh']:.1f} ms: {found['ratio']:.2f}", "")
        )  # fmt: skip
    return _as_markdown(rows)


def _measured_on(part: Mapping[str, Any]) -> str:
    machine = part["machine"]
    quick = "; a quick run, only to see that it works" if part["quick"] else ""
    return (
        f"{part['measured on'][:10]}, {machine['cores']} cores ({machine['processor']}), "
        f"load before {machine['load before']}{quick}"
    )


def _level(level: Mapping[str, Any]) -> str:
    return (
        f"{level['turns_a_second']:.0f} turns/s, median {level['median']:.0f} ms, "
        f"p99 {level['p99']:.0f} ms, {level['right']:.1%} answered"
    )


def _too_many(level: Mapping[str, Any]) -> str:
    return (
        f"of {level['asked']:.0f} a second {level['turns_a_second']:.0f} answered; "
        f"{level['sorry']:.0%} heard the apology, {level['refused']:.0%} nothing; "
        f"p99 {level['p99'] / 1000:.1f} s; as usual {level['answers again after']:.1f} s later"
    )


def _core(turn: Mapping[str, Any]) -> str:
    roles = {role: used for role, used in turn["core ms"].items() if role != "patients"}
    return ", ".join(f"{role} {used:.1f} ms" for role, used in roles.items())


def needs_table(measured: Measured, assumed: Assumed) -> str:
    head = f"{assumed.conversations_a_day:,} conversations a day"
    return _as_markdown([(head, "computed"), *needs(measured, assumed)])


def bounds_table(measured: Measured, assumed: Assumed) -> str:
    rows = [("used up", "conversations a day", "turns a second at the peak", "what then")]
    rows += [
        (one.what, f"{one.conversations_a_day:,.0f}", f"{one.peak:,.0f}", one.then)
        for one in bounds(measured, assumed)
    ]
    return _as_markdown(rows)


def _as_markdown(rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def run(*, write: bool = False) -> bool:
    """Prints the tables, or puts them into the page; there is no bar to miss."""
    results = read_results()
    if not write:
        print(told(results))
        return True
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_tables(page, tables(results)), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} has the figures of {RESULTS.relative_to(ROOT)}")
    return True


def tables(results: Mapping[str, Any], assumed: Assumed | None = None) -> dict[str, str]:
    """The tables of docs/capacity.md by the names that mark their places."""
    measured, assumed = Measured.of(results), assumed or Assumed()
    return {
        "measured": measured_table(results),
        "needs": needs_table(measured, assumed),
        "bounds": bounds_table(measured, assumed),
    }


def with_tables(page: str, found: Mapping[str, str]) -> str:
    """The page with each table between its marks.

    Raises:
        BenchmarkError: a mark is missing.
    """
    for name, table in found.items():
        begins = f"<!-- {name}: {MADE_BY} -->"
        head, mark, rest = page.partition(begins)
        _, end, tail = rest.partition(ENDS)
        if not mark or not end:
            raise BenchmarkError(f"{PAGE.name} has no '{begins}' with '{ENDS}' after it")
        page = f"{head}{mark}\n{table}\n{end}{tail}"
    return page


def read_results(path: Path = RESULTS) -> dict[str, Any]:
    """Raises BenchmarkError where nothing was measured."""
    if not path.exists():
        raise BenchmarkError(f"{path} is not there. Type: python -m benchmarks load")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
