"""What is worked out from the measured figures, by numbers that can be checked in the head."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from benchmarks.capacity import Assumed, Measured, bounds, needs, servers
from benchmarks.capacity_page import PAGE, read_results, tables, told, with_tables
from benchmarks.errors import BenchmarkError
from knowledge.places import ROOT

LEVEL = {
    "asked": 10, "turns_a_second": 50.0, "median": 20.0, "p99": 90.0, "right": 1.0, "sorry": 0.0,
    "refused": 0.0, "answers again after": 0.1,
}  # fmt: skip
SERVICE: dict[str, Any] = {
    "measured on": "2026-11-30T16:00:00+00:00",
    "quick": False,
    "machine": {"cores": 2, "processor": "a processor", "load before": 0.1},
    "at once": [LEVEL],
    "too many": LEVEL,
    "p99 below 1 s": 60.0,
    "p99 below 5 s": 70.0,
}
RESULTS: dict[str, Any] = {
    "one": {**SERVICE, "a turn": {"core ms": {"bot": 8.0}}},
    "two": {
        **SERVICE,
        "memory": 900.0,
        "a turn": {
            "core ms": {"bot": 10.0, "nginx": 0.5, "postgresql": 1.0, "redis": 0.4},
            "postgresql transactions": 2.0,
            "postgresql rows": 10.0,
            "postgresql bytes": 4_000.0,
            "postgresql log_bytes": 5_000.0,
            "redis commands": 20.0,
            "redis bytes of a conversation": 10_000.0,
            "bytes received": 3_000.0,
            "bytes sent": 500.0,
        },
    },
    "memory": {
        **SERVICE, "points": [[1_000, 950.0], [2_000, 1_000.0]], "growth when filled": 0.001,
    },
    "long": {**SERVICE, "stores": {"memory": {"late": 8.0, "fresh": 8.0, "ratio": 1.0}}},
}
MEASURED = Measured.of(RESULTS)
# 86,400 turns a day and no peak: one a second.
EVEN = Assumed(
    conversations_a_day=86_400, turns=1, busiest_hour=1 / 24, burst=1, busy=0.5, spare=1
)


def test_the_peak_is_the_busiest_minutes_of_the_busiest_hour() -> None:
    assert EVEN.peak(EVEN.turns_a_day) == pytest.approx(1)
    assert Assumed(busiest_hour=0.12, burst=1.5).peak(3_600) == pytest.approx(0.18)


def test_a_day_is_the_reverse_of_the_peak() -> None:
    assert Assumed().a_day(Assumed().peak(12_345)) == pytest.approx(12_345)


def test_servers_are_as_many_as_the_peak_keeps_busy_and_those_to_spare() -> None:
    # 5 million turns: 250 a second in the busiest minutes, 2.5 cores; 4.2 at 60%, and 2 to spare.
    assert Assumed().peak(Assumed().turns_a_day) == pytest.approx(250)
    assert servers(MEASURED, Assumed()) == 7


def test_memory_is_that_of_a_server_that_keeps_as_much_as_it_can() -> None:
    assert MEASURED.bot_memory == 1_000e6


def test_needs_follow_from_the_turns() -> None:
    found = dict(needs(MEASURED, EVEN))
    assert found["PostgreSQL: rows written a second"] == "10"
    assert found["PostgreSQL: size with 30 days"] == "10 GB"  # 86,400 * 30 * 4,000 bytes
    assert found["Redis: chats open at once"] == "7,200"
    assert found["to patients a day"] == "0 GB"


def test_what_is_used_up_first_stands_first() -> None:
    found = bounds(MEASURED, Assumed())
    assert [one.peak for one in found] == sorted(one.peak for one in found)
    # 2 GB hold 200,000 chats: of two hours with 12% of the day each.
    redis = next(one for one in found if "Redis' 2 GB" in one.what)
    assert redis.conversations_a_day == pytest.approx(200_000 / 0.24)


def test_the_small_service_is_the_one_that_deploy_starts() -> None:
    services = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text())["services"]
    command = services["redis"]["command"]
    assert command[command.index("--maxmemory") + 1] == f"{Assumed().redis_bytes / 1e9:.0f}gb"
    assert sum(name.startswith("bot") for name in services) == Assumed().servers


def test_cheaper_turns_raise_the_bound_of_the_cores() -> None:
    cheap = {**RESULTS, "two": {**RESULTS["two"], "a turn": {**RESULTS["two"]["a turn"]}}}
    cheap["two"]["a turn"]["core ms"] = {**RESULTS["two"]["a turn"]["core ms"], "bot": 5.0}
    before, after = (
        next(one.peak for one in bounds(m, Assumed()) if "bot servers" in one.what)
        for m in (MEASURED, Measured.of(cheap))
    )
    assert after == pytest.approx(2 * before)


def test_what_was_measured_and_what_follows_is_told() -> None:
    text = told(RESULTS)
    assert "| bot servers, one core each | 7 (5 and 2 to spare) |" in text
    assert "50 turns/s, median 20 ms, p99 90 ms, 100.0% answered" in text
    assert "a quick run" not in text
    assert text.count("\n|---") == 3


def test_figures_of_a_quick_run_say_so() -> None:
    text = told({**RESULTS, "one": {**RESULTS["one"], "quick": True}})
    assert "a quick run, only to see that it works" in text


def test_each_table_is_put_between_its_marks() -> None:
    found = tables(RESULTS)
    mark = "<!-- {}: made by python -m benchmarks capacity --write -->"
    page = "\n".join(f"{mark.format(name)}\nwhat stood here\n<!-- end -->" for name in found)
    written = with_tables(f"before\n{page}\nafter", found)
    assert "what stood here" not in written
    assert written.startswith("before")
    assert written.endswith("after")
    assert with_tables(written, found) == written


def test_the_page_has_a_place_for_each_table() -> None:
    found = tables(RESULTS)
    assert all(table in with_tables(PAGE.read_text(), found) for table in found.values())


def test_a_page_without_a_mark_is_refused() -> None:
    with pytest.raises(BenchmarkError, match="has no '<!-- measured:"):
        with_tables("nothing", tables(RESULTS))


def test_what_is_not_measured_is_named() -> None:
    with pytest.raises(BenchmarkError, match="'two' is not measured yet"):
        Measured.of({"one": RESULTS["one"]})


def test_where_nothing_was_measured_it_says_what_to_type(tmp_path: Any) -> None:
    with pytest.raises(BenchmarkError, match="python -m benchmarks load"):
        read_results(tmp_path / "load.json")
