"""Runs the parts one after the other, and keeps what was measured in build/benchmark/load.json."""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from benchmarks.capacity_page import RESULTS, told
from benchmarks.engines.postgres import AS_DELIVERED, running_postgres
from benchmarks.errors import EngineMissing
from benchmarks.load.long_conversation import long_table, measure_long_conversation
from benchmarks.load.memory import measure_memory, memory_table
from benchmarks.load.service import QUICK, Length, measure_service, service_table
from benchmarks.load.set_ups import one_server, temporary_folder, two_servers
from bot.readiness import check_ready
from knowledge.places import ROOT

QUICK_PART = 0.05  # of the turns, where a run only has to show that all works


def run(parts: tuple[str, ...] = (), *, quick: bool = False) -> bool:
    """Measures the parts named, or all; prints tables; whether all bars are met."""
    check_ready()
    met = True
    for name in parts or tuple(PARTS):
        print(f"Load, {name}:", flush=True)
        began, measured_on = time.perf_counter(), datetime.now(timezone.utc)
        machine = _machine()
        try:
            figures, table, is_met = PARTS[name](quick)
        except EngineMissing as error:
            print(f"  not measured: {error}", flush=True)
            continue
        met &= is_met
        part = {
            "measured on": measured_on.isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - began),
            "quick": quick,
            "machine": machine,
            **figures,
        }
        _keep({**_kept(), name: part})
        print(table, flush=True)
    kept = _kept()
    if "one" in kept and "two" in kept:
        print(f"\nFrom all of {RESULTS.relative_to(ROOT)}:\n{told(kept)}")
    return met


def _one(quick: bool) -> tuple[dict[str, Any], str, bool]:
    with one_server() as set_up:
        figures = measure_service(set_up, QUICK if quick else Length())
    return figures, service_table("one server", figures), True


def _two(quick: bool) -> tuple[dict[str, Any], str, bool]:
    with two_servers() as set_up:
        figures = measure_service(set_up, QUICK if quick else Length())
    return figures, service_table("two servers", figures), True


def _memory(quick: bool) -> tuple[dict[str, Any], str, bool]:
    with one_server() as set_up:
        figures = measure_memory(set_up, QUICK_PART if quick else 1.0)
    return (figures, *memory_table(figures))


def _long(quick: bool) -> tuple[dict[str, Any], str, bool]:
    part, stores = 0.2 if quick else 1.0, {}
    with one_server() as set_up:
        stores["memory"] = measure_long_conversation(set_up, part)
    with temporary_folder() as folder:
        address = f"sqlite:///{folder}/conversations.db"
        with one_server(CARECITE_DATABASE_URL=address) as set_up:
            stores["SQLite"] = measure_long_conversation(set_up, part)
    try:
        with (
            running_postgres(AS_DELIVERED) as postgres,
            one_server(CARECITE_DATABASE_URL=postgres.url) as set_up,
        ):
            stores["PostgreSQL"] = measure_long_conversation(set_up, part)
    except EngineMissing as error:
        print(f"  not measured with PostgreSQL: {error}", flush=True)
    table, is_met = long_table(stores)
    return {"stores": stores}, table, is_met


PARTS: dict[str, Callable[[bool], tuple[dict[str, Any], str, bool]]] = {
    "one": _one,
    "two": _two,
    "memory": _memory,
    "long": _long,
}


def _machine() -> dict[str, Any]:
    """What the figures depend on; the load before shows whether the machine was quiet."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory (GB)": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "load before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _kept() -> dict[str, Any]:
    """The parts of earlier runs: those that are not measured now stay as they are."""
    found: dict[str, Any] = {}
    if RESULTS.exists():
        found = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


def _keep(figures: dict[str, Any]) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    beside = RESULTS.with_suffix(".new")
    beside.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    beside.replace(RESULTS)
