"""A word that patients write goes through every way in and many faults, and is nowhere after.

It may stand in the store of conversations, which is what is kept, until its sender is forgotten.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import requests
from watched_server import Watched
from ways_in import all_answers, over_rest, over_the_website, post

from knowledge.places import ROOT

NOT_SEARCHED = {".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", "node_modules"}


def check_answers(server: Watched, answers: Iterator[requests.Response]) -> int:
    """No answer repeats the word; the sender that REST was given is what it has to give back."""
    number = 0
    for answer in answers:
        number += 1
        content = answer.content
        if answer.ok and answer.url.startswith(server.rest):
            content = " ".join(message["text"] for message in answer.json()).encode()
        assert not server.holds_canary(content), (answer.request.url, answer.request.body)
        assert not server.holds_canary(str(answer.headers).encode())
    return number


@contextmanager
def fault(server: Watched, name: str) -> Iterator[None]:
    (server.folder / "on" / name).touch()
    yield
    (server.folder / "on" / name).unlink()


@contextmanager
def broken(file: Path, content: bytes) -> Iterator[None]:
    """Another content for a while, put in place in one step."""
    kept, draft = file.read_bytes(), file.with_suffix(".draft")
    draft.write_bytes(content)
    draft.replace(file)
    yield
    draft.write_bytes(kept)
    draft.replace(file)


@contextmanager
def held_up(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def test_no_answer_repeats_what_was_written(server: Watched) -> None:
    assert check_answers(server, all_answers(server, server.canary)) > 60


@pytest.mark.parametrize(
    "name", ["action_raises", "action_returns_nonsense", "action_hangs", "rasa_raises"]
)
def test_no_answer_repeats_it_when_a_turn_fails(server: Watched, name: str) -> None:
    word = server.canary
    with fault(server, name):
        question = f"how often does {word} get torisel"
        answer = post(server.rest, f'{{"sender": "{word}", "message": "{question}"}}')
        check_answers(server, iter([answer]))
        if name != "action_hangs":  # each takes its time
            check_answers(server, over_the_website(server, word))


def test_no_answer_repeats_it_when_files_are_broken(server: Watched) -> None:
    word = server.canary
    for file in (server.table, server.clinic):
        with broken(file, b"nothing that can be read: {["):
            check_answers(server, over_the_website(server, word))
            check_answers(server, over_rest(server, word))


def test_no_answer_repeats_it_when_the_store_is_held_up_or_holds_nonsense(server: Watched) -> None:
    word = server.canary
    body = f'{{"sender": "{word}", "message": "how often does {word} get torisel"}}'
    with held_up(server.store):
        check_answers(server, iter([post(server.rest, body)]))
    with closing(sqlite3.connect(server.store)) as connection, connection:
        connection.execute("UPDATE events SET data = replace(data, 'text', 'txet')")
    check_answers(server, iter([post(server.rest, body)]))


def test_afterwards_the_word_is_in_no_log_and_no_metric(server: Watched) -> None:
    said = server.said()
    assert not server.holds_canary(said.encode())
    assert "turn failed: ValueError at" in said, "the faults were logged"
    if server.level == "DEBUG":
        assert "rasa.core.processor: processor.message.parse" in said, "Rasa logged its turns"
        assert "sanic" in said
    metrics = requests.get(f"http://127.0.0.1:{server.metrics_port}/metrics", timeout=60)
    assert b"carecite_turns_total" in metrics.content
    assert not server.holds_canary(metrics.content)


def test_afterwards_the_word_is_in_no_file_but_the_store(server: Watched) -> None:
    stored = [file for file in server.folder.iterdir() if file.name.startswith(server.store.name)]
    assert any(server.holds_canary(file.read_bytes()) for file in stored), "it is stored"
    searched = [file for file in server.folder.rglob("*") if file.is_file() and file not in stored]
    searched += changed_files(ROOT, server.began)
    assert [str(file) for file in searched if server.holds_canary(file.read_bytes())] == []
    with closing(sqlite3.connect(server.store)) as connection:
        senders = " ".join(row[0] for row in connection.execute("SELECT sender_id FROM events"))
    assert not server.holds_canary(senders.encode()), "a sender is a keyed hash"


def test_once_its_sender_is_forgotten_the_word_is_in_no_file_at_all(server: Watched) -> None:
    with closing(sqlite3.connect(server.store, isolation_level=None)) as connection:
        connection.execute("DELETE FROM events")  # of all those before
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sender = f"{server.canary}@example.org"
    for text in (f"how often does {server.canary} get torisel", "do you save what i type"):
        server.ask(text, sender)
    assert server.ask("forget me", sender).startswith("Done. On ")
    for file in server.folder.rglob("*"):
        assert file.is_dir() or not server.holds_canary(file.read_bytes()), file


def test_a_server_that_is_killed_leaves_no_trace_either(server: Watched) -> None:
    body = f'{{"sender": "{server.canary}", "message": "how often does {server.canary} get it"}}'
    with fault(server, "action_hangs"):
        with pytest.raises(requests.RequestException):
            requests.post(server.rest, body, timeout=0.5)
        server.kill()
    assert not server.holds_canary(server.said().encode())
    for file in (server.folder / "tmp").rglob("*"):
        assert file.is_dir() or not server.holds_canary(file.read_bytes()), file


def changed_files(folder: Path, since: float) -> list[Path]:
    found = list[Path]()
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in NOT_SEARCHED and not entry.is_symlink():
            found += changed_files(entry, since)
        elif entry.is_file() and entry.stat().st_mtime >= since:
            found.append(entry)
    return found
