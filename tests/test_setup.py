"""The commands, and what they say when something is missing: one line that says what to type."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import ModelMissing, ModelOutdated, PortTaken
from bot.model_inputs import (
    MODEL,
    check_model,
    model_inputs,
    trained_with,
    write_trained_with,
)
from bot.nlu.embedding.errors import SentenceModelMissing
from bot.readiness import ADDRESS, check_port, check_ready, free_port
from knowledge.errors import TableMissing, TableUnreadable
from knowledge.places import ROOT, table_path
from knowledge.seal import write_seal
from setup.environment import find_uv

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],  # `make test` itself runs this one
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def bot(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the table, in use for the length of the test."""
    copy = tmp_path / "knowledge.db"
    shutil.copy(table_path(), copy)
    monkeypatch.setenv("CARECITE_TABLE", str(copy))
    return copy


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model that was trained with all that stands here."""
    path = tmp_path / "carecite.tar.gz"
    shutil.copy(MODEL, path)
    write_trained_with(model_inputs(), path)
    return path


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other_program:
        other_program.bind((ADDRESS, 0))
        other_program.listen()
        yield other_program.getsockname()[1]


def test_help_lists_every_command_with_a_line() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()
    listed = re.findall(r"^make (\w+) +\S.*$", make("help").stdout, re.MULTILINE)
    assert listed == commands


def test_make_alone_prints_the_help() -> None:
    assert make().stdout == make("help").stdout


def test_make_finds_nothing_to_do_a_second_time() -> None:
    """`make test` made everything just before; make would print the steps that it still sees."""
    steps = make("--dry-run", "run").stdout.splitlines()
    assert steps == [".venv/bin/python -m bot serve "], steps


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_names_every_package_with_its_hash_and_no_host(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    packages = re.findall(
        r"^[A-Za-z0-9._-]+==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE
    )
    assert len(packages) == len(re.findall(r"^[^#\s]", text, re.MULTILINE)) > 0
    assert "://" not in text
    assert "find-links" not in text


def test_no_lock_asks_for_torch() -> None:
    for lock in LOCKS:
        assert not re.search(r"^(torch|sentence-transformers)==", lock.read_text(), re.MULTILINE)


def test_what_is_installed_is_what_is_locked() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import rasa, spacy; print(rasa.__version__, spacy.__version__)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    rasa, spacy = done.stdout.split()
    text = (ROOT / "requirements" / "runtime.txt").read_text(encoding="utf-8")
    assert f"\nrasa=={rasa} " in text
    assert f"\nspacy=={spacy} " in text


def test_a_taken_port_is_named_with_what_to_type(taken_port: int) -> None:
    with pytest.raises(PortTaken, match=rf"^port {taken_port} .*\. .*make run PORT=\d+$"):
        check_port(taken_port)


def test_a_free_port_can_be_used() -> None:
    check_port(free_port())


def test_a_missing_table_is_named_with_what_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARECITE_TABLE", str(tmp_path / "none.db"))
    with pytest.raises(TableMissing, match=r"none\.db: .*Type: make table$"):
        check_ready()


def test_a_file_that_is_no_table_is_named_with_what_to_type(table: Path) -> None:
    table.write_text("not a database", encoding="utf-8")
    with pytest.raises(TableUnreadable, match=r"knowledge\.db: .*Type: make table$"):
        model_inputs()


def test_a_missing_model_is_named_with_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"none\.tar\.gz: .*Type: make train$"):
        check_model(tmp_path / "none.tar.gz")


def test_a_missing_sentence_model_is_named_with_what_to_type(tmp_path: Path) -> None:
    with pytest.raises(SentenceModelMissing, match="make setup"):
        model_inputs(sentence_model=tmp_path)


def test_a_model_is_taken_that_was_trained_with_what_stands_here(model: Path) -> None:
    assert check_model(model) == model


def test_the_trained_model_is_taken() -> None:
    assert trained_with() == model_inputs()


def test_a_model_older_than_the_tables_words_is_refused(model: Path, table: Path) -> None:
    with closing(sqlite3.connect(table)) as db, db:
        db.execute("DELETE FROM outside_names WHERE rowid = 1")
        write_seal(db)
    with pytest.raises(ModelOutdated, match=r"change of vocabulary of the table\. .*make train$"):
        check_model(model)


def test_a_passage_may_change_without_training(model: Path, table: Path) -> None:
    with closing(sqlite3.connect(table)) as db, db:
        db.execute("DELETE FROM sentences WHERE rowid = 1")
        write_seal(db)
    assert check_model(model) == model


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "nlu_data"])
def test_a_model_older_than_what_it_learned_from_is_refused(model: Path, name: str) -> None:
    write_trained_with(trained_with(model) | {name: "another"}, model)
    with pytest.raises(ModelOutdated, match=rf"change of {name}\. Type: make train$"):
        check_model(model)


def test_a_training_example_counts_as_an_input(tmp_path: Path) -> None:
    for name in ("config.yml", "domain.yml", "nlu_data", "bot", "knowledge"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    before = model_inputs(tmp_path)
    assert before == model_inputs()
    with (tmp_path / "nlu_data" / "intents" / "thank.yml").open("a", encoding="utf-8") as file:
        file.write("    - many thanks to you\n")
    changed = {name for name, digest in model_inputs(tmp_path).items() if before[name] != digest}
    assert changed == {"nlu_data"}


def test_a_model_that_nobody_vouches_for_is_refused(model: Path) -> None:
    model.with_name("trained_with.json").unlink()
    with pytest.raises(ModelOutdated, match=r"Type: make train$"):
        check_model(model)


def test_the_server_says_in_one_line_that_the_port_is_taken(taken_port: int) -> None:
    done = bot("serve", "--port", str(taken_port))
    assert done.returncode == 2
    assert re.fullmatch(rf"error: port {taken_port} .*make run PORT=\d+\n", done.stderr)


def test_the_server_says_in_one_line_that_the_table_is_missing(tmp_path: Path) -> None:
    done = bot("serve", CARECITE_TABLE=str(tmp_path / "none.db"))
    assert done.returncode == 2
    assert re.fullmatch(r"error: .*none\.db: .*Type: make table\n", done.stderr)


def test_training_says_in_one_line_that_the_table_is_missing(tmp_path: Path) -> None:
    done = bot("train", CARECITE_TABLE=str(tmp_path / "none.db"))
    assert done.returncode == 2
    assert re.fullmatch(r"error: .*none\.db: .*Type: make table\n", done.stderr)


def test_training_a_second_time_trains_nothing() -> None:
    done = bot("train")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Model: trained already with all that stands here\n"


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_what_is_no_port_is_quoted(port: str) -> None:
    done = bot("serve", f"--port={port}")
    assert done.returncode == 2
    assert f"'{port}' is no port: a number from 1 to 65535 is" in done.stderr


def test_without_python_3_10_set_up_says_in_one_line_what_to_type(tmp_path: Path) -> None:
    """The real set-up, on a machine with uv, but no Python 3.10 anywhere and none to download."""
    programs = tmp_path / "bin"
    programs.mkdir()
    shutil.copy(find_uv(), programs / "uv")
    project = tmp_path / "project"
    shutil.copytree(ROOT / "setup", project / "setup")
    done = subprocess.run(
        [sys.executable, str(project / "setup" / "environment.py"), "runtime"],
        env={
            "PATH": str(programs),
            "HOME": str(tmp_path),
            "UV_PYTHON_INSTALL_MIRROR": (tmp_path / "none").as_uri(),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert re.fullmatch(r"error: Python 3\.10 is needed; .*type: make setup\n", done.stderr)
    assert not (project / ".venv").exists()
