"""The disk is full: patients are answered, nothing is left half written, and it recovers."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from full_disk import Disk, small_disk
from server_process import ServerProcess, free_port

from knowledge.places import ROOT, table_path

WITHIN = 5.0  # seconds, of the promise
QUESTION = "How often is Torisel given? xyzzy"
ANSWERED = "How often it is given: Torisel (temsirolimus)"
URGENT = "I can't breathe and my chest hurts"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    (tmp_path / "disk").mkdir()
    with small_disk(tmp_path / "disk") as made:
        yield made


@pytest.fixture
def server(disk: Disk) -> Iterator[ServerProcess]:
    """All of its files are on the disk: the store, feedback, the table, its log."""
    (disk.folder / "on").mkdir()
    started = ServerProcess(
        disk.folder, Path(__file__).with_name("faulty_server.py"),
        CARECITE_FAULTS=str(disk.folder / "on"), CARECITE_FAULTS_AT_FULL_LENGTH="yes",
        CARECITE_DATABASE_URL=f"sqlite:///{disk.folder}/conversations.db",
    ).start()  # fmt: skip
    yield started
    disk.make_room()
    started.stop()


def talk(server: ServerProcess) -> dict[str, str]:
    started = requests.post(f"{server.website}/conversations", timeout=60)
    assert started.status_code == 201
    return {"Authorization": f"Bearer {started.json()['token']}"}


def say(server: ServerProcess, headers: dict[str, str], text: str) -> dict[str, Any]:
    body = {"id": uuid.uuid4().hex, "text": text}
    sent = requests.post(f"{server.website}/messages", json=body, headers=headers, timeout=60)
    assert sent.status_code == 200, sent.text
    return {"id": body["id"], **sent.json()}


def rate(
    server: ServerProcess, headers: dict[str, str], message_id: str, rating: str = "up"
) -> requests.Response:
    body = {"message_id": message_id, "rating": rating}
    return requests.post(f"{server.website}/feedback", json=body, headers=headers, timeout=60)


def test_patients_are_answered_while_the_disk_is_full_and_remembered_again_afterwards(
    server: ServerProcess, disk: Disk
) -> None:
    patient, headers = uuid.uuid4().hex, talk(server)
    server.ask("What are the side effects of Torisel?", patient)
    rated = say(server, headers, QUESTION)
    assert rate(server, headers, rated["id"]).status_code == 200

    disk.fill(server.process.pid)
    for text, answer in ((QUESTION, ANSWERED), (URGENT, "Call 911 now")):
        begun = time.monotonic()
        assert server.ask(text, patient).startswith(answer)
        assert time.monotonic() - begun < WITHIN
    assert say(server, talk(server), QUESTION)["text"].startswith(ANSWERED)
    assert "could not delete it" in server.ask("forget me", patient)
    # A file has room up to the end of its last page of 4 kB.
    for number in range(100):
        rating = ("down", "up")[number % 2]
        refused = rate(server, headers, rated["id"], rating)
        if refused.status_code != 200:
            break
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "turn_failed")
    assert refused.json()["error"]["text"] == "I am sorry, I could not keep that."
    assert server.metric("carecite_down", engine="database") == 1
    # So many faults that no line of the log finds room any more.
    (server.folder / "on" / "action_raises").touch()
    for _ in range(60):
        assert "something went wrong on my side" in server.ask(QUESTION)
    (server.folder / "on" / "action_raises").unlink()
    # None where the log has no room for it either.
    assert server.said().count("the database is down") <= 1, "told once, not at each turn"
    assert requests.get(f"{server.origin}/health/ready", timeout=60).status_code == 200

    # An erasure may have made some in the store's own file: then it came back, and no line of the
    # log had room to tell.
    still_down = server.metric("carecite_down", engine="database") == 1
    disk.make_room()
    again = uuid.uuid4().hex
    server.ask("What are the side effects of Torisel?", again)
    assert server.ask("how often is it given?", again).startswith(ANSWERED)
    assert server.metric("carecite_down") == 0
    assert rate(server, headers, rated["id"], rating).status_code == 200
    lines = (server.folder / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    kept = [json.loads(line)["rating"] for line in lines]
    assert len(kept) == number + 2, "each that was taken, and no half line"
    assert kept[-1] == rating
    assert server.ask("forget me", patient).startswith("Done. On ")
    if still_down:
        assert "the database is back" in server.said()
    (server.folder / "on" / "action_raises").touch()
    before = server.said().count("action failed")
    assert "something went wrong on my side" in server.ask(QUESTION)
    assert server.said().count("action failed") == before + 1, "the log has room again"
    assert "xyzzy" not in server.said()
    with closing(sqlite3.connect(server.folder / "conversations.db")) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_table_that_finds_no_room_leaves_the_one_before_in_use(
    server: ServerProcess, disk: Disk
) -> None:
    before = server.table.read_bytes()
    build = [sys.executable, "-m", "knowledge", "build"]
    environment = {**os.environ, "CARECITE_TABLE": str(server.table)}

    def built() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            build, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200,
            preexec_fn=disk.limits if disk.is_full else None,
        )  # fmt: skip

    disk.fill()
    failed = built()
    assert failed.returncode == 2
    assert failed.stderr.startswith(f"error: {server.table}: the table could not be written")
    assert failed.stderr.count("\n") == 1
    assert server.table.read_bytes() == before
    assert [file.name for file in server.folder.glob(".knowledge*")] == [], "nothing half is left"
    assert server.ask(QUESTION).startswith(ANSWERED)
    disk.make_room()
    assert built().returncode == 0
    assert server.ask(QUESTION).startswith(ANSWERED)


# --- at start, and in training --------------------------------------------------------------------

STARTS = """
import sys, tempfile
from pathlib import Path
from bot.quiet import keep_quiet
keep_quiet()
import bot.privacy.secret
bot.privacy.secret.SECRET_FILE = Path({secret!r})
tempfile.tempdir = {temporary!r}
from bot.__main__ import main
sys.exit(main(["serve", "--port", "{port}"]))
"""


def start(
    disk: Disk, secret: Path, temporary: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    code = STARTS.format(secret=str(secret), temporary=str(temporary), port=free_port())
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300,
        env={"PATH": "/usr/bin:/bin", **variables}, preexec_fn=disk.limits,
    )  # fmt: skip


def test_without_room_for_the_secret_no_server_starts_and_nothing_half_is_left(
    disk: Disk, tmp_path: Path
) -> None:
    disk.fill()
    secret = disk.folder / "secret"
    done = start(disk, secret, tmp_path)
    assert done.returncode == 2
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(f"error: {secret}: the secret of this bot cannot be kept")
    assert "Free some disk space" in last
    assert list(disk.folder.glob("secret*")) == []


def test_without_room_to_unpack_the_model_no_server_starts_and_the_reason_is_told(
    disk: Disk, tmp_path: Path
) -> None:
    disk.fill()
    done = start(disk, tmp_path / "none", disk.folder, CARECITE_SECRET="x" * 32)
    assert done.returncode == 2
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("error: ")
    assert "Rasa cannot load this model" in last
    if disk.limits is None:
        assert f"MB, which {disk.folder} has no room for" in last


TRAINS = """
import sys, tempfile
from pathlib import Path
from bot.quiet import keep_quiet
keep_quiet()
import bot.training
bot.training.ROOT, bot.training.MODEL = Path({project!r}), Path({project!r}) / "models/m.tar.gz"
bot.training.ROOM = {room}
tempfile.tempdir = {temporary!r}
from bot.__main__ import main
sys.exit(main(["train"]))
"""
PROJECT = {
    "config.yml": "{recipe: default.v1, language: en, policies: [{name: RulePolicy}]}",
    "domain.yml": "{intents: [greet], responses: {utter_greet: [{text: Hello.}]}}",
    "nlu_data/rules.yml": "rules: [{rule: A, steps: [{intent: greet}, {action: utter_greet}]}]",
}


@pytest.mark.parametrize("room", [100 << 20, 0], ids=["looked at before", "while it trains"])
def test_a_training_without_room_ends_with_one_line_and_leaves_nothing(
    disk: Disk, tmp_path: Path, room: int
) -> None:
    """A small project of real Rasa; the bot's own takes minutes."""
    project = tmp_path / "project"
    for name, content in PROJECT.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(content, encoding="utf-8")
    disk.fill()
    code = TRAINS.format(project=str(project), temporary=str(disk.folder), room=room)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300,
        env={"PATH": "/usr/bin:/bin", "RASA_CACHE_DIRECTORY": str(tmp_path / "cache")},
        preexec_fn=disk.limits,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr[-2000:]
    assert "Free some disk space" in done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert list((project / "models").iterdir()) == []


def test_the_disk_of_these_tests_is_really_full(disk: Disk, tmp_path: Path) -> None:
    disk.fill()
    write = "open(__import__('sys').argv[1], 'wb').write(bytes(9999))"
    target = [sys.executable, "-c", write, str(disk.folder / "file")]
    done = subprocess.run(target, capture_output=True, text=True, preexec_fn=disk.limits)
    assert "OSError" in done.stderr
    assert shutil.copy(table_path(), tmp_path), "others have room"
