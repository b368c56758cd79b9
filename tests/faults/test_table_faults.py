"""A table that is lost, spoiled or replaced while patients ask: no wrong, mixed or lost answer."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests
from other_edition import OTHER_EDITION, OTHER_FACT, REVIEWERS, put
from server_process import ServerProcess

QUESTION = "How often is Torisel given?"
OTHER_NAMES = ("UPDATE names SET name = 'Zzz', normalized = 'zzz' WHERE name = 'Torisel'",)
SECONDS_TO_TAKE_UP = 30


@pytest.fixture
def table(server: ServerProcess) -> Iterator[Path]:
    """The table of the server; afterwards it is as it was, and in use."""
    yield server.table
    if server.table.is_dir():
        server.table.rmdir()
    put(server.table, ())
    wait_until(
        lambda: REVIEWERS[0] in server.ask(QUESTION) and not server.metric("carecite_table_refused")
    )


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS_TO_TAKE_UP
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.2)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda t: t.unlink(), "there is no table here"),
        (lambda t: t.write_bytes(b""), "has schema version 0"),
        (lambda t: t.write_bytes(b"garbage" * 9999), "is no readable table"),
        (lambda t: t.write_bytes(t.read_bytes()[:100_000]), "is no readable table"),
        (lambda t: (t.unlink(), t.mkdir()), "is no readable table"),
        (lambda t: put(t, OTHER_NAMES), "names other treatments"),
    ],
    ids=["missing", "empty", "garbage", "half written", "a folder", "other names"],
)
def test_a_spoiled_table_changes_no_answer_and_is_told_to_the_operator(
    server: ServerProcess, table: Path, spoil: Callable[[Path], object], told: str
) -> None:
    patient, before = "patient", server.ask(QUESTION)
    begun = len(server.said())
    spoil(table)
    assert server.ask(QUESTION, patient) == before
    assert "Side effects: Torisel" in server.ask("what are its side effects?", patient)
    assert told in server.said()[begun:]
    assert "The table from before stays in use" in server.said()[begun:]
    assert server.metric("carecite_table_refused") == 1
    ready = requests.get(f"{server.origin}/health/ready", timeout=60)
    assert ready.status_code == 200
    assert ready.json()["notes"] == [
        "the table file was refused (see the log); the one from before is in use"
    ]


def test_a_locked_table_changes_nothing(server: ServerProcess, table: Path) -> None:
    with closing(sqlite3.connect(table)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert REVIEWERS[0] in server.ask(QUESTION)
        assert requests.get(f"{server.origin}/health/ready", timeout=60).status_code == 200


def test_a_table_changed_by_hand_is_not_answered_from(server: ServerProcess, table: Path) -> None:
    with closing(sqlite3.connect(table)) as db, db:
        db.execute("UPDATE passages SET text = 'Take all of it at once.'")
    assert "at once" not in server.ask(QUESTION)
    assert "was altered since it was built" in server.said()


def test_a_replaced_table_is_taken_up_in_the_middle_of_a_conversation(
    server: ServerProcess, table: Path
) -> None:
    patient = "who stays"
    assert REVIEWERS[0] in server.ask(QUESTION, patient)
    put(table, OTHER_EDITION)
    wait_until(lambda: REVIEWERS[1] in server.ask("how often is it given?", patient))
    words = server.ask("how often is it given?", patient)
    assert OTHER_FACT in words
    assert "Reviewed by Ann Example, MD on February 3, 2024" in words


def test_no_answer_is_wrong_mixed_or_missing_while_tables_are_replaced_under_load(
    server: ServerProcess, table: Path
) -> None:
    seen: Counter[tuple[bool, bool]] = Counter()
    odd: list[str] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            words = server.ask(QUESTION)
            fact, reviewer = OTHER_FACT in words, REVIEWERS[1] in words
            seen[fact, reviewer] += 1
            if fact != reviewer or (REVIEWERS[0] in words) == reviewer:
                odd.append(words)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for changes in (OTHER_EDITION, (), OTHER_NAMES, OTHER_EDITION, ()):
        put(table, changes)
        if changes is OTHER_NAMES:
            wait_until(lambda: server.metric("carecite_table_refused") == 1)
        else:
            wanted = bool(changes)
            before = seen[wanted, wanted]
            wait_until(lambda w=wanted, b=before: seen[w, w] > b)  # type: ignore[misc]
    done.set()
    for thread in threads:
        thread.join()
    assert odd == []
    assert set(seen) == {(True, True), (False, False)}
