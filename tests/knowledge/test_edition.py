"""A replaced table is taken up; one that is not fit is refused, and the last one answers on."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from knowledge import edition
from knowledge.answers import Answers
from knowledge.edition import Editions, answering_from, current_edition
from knowledge.errors import KnowledgeError, TableDoesNotFit, TableMissing, TableUnreadable
from knowledge.seal import write_seal


@pytest.fixture
def file(own_table: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(own_table, tmp_path / "knowledge.db"))


@pytest.fixture
def editions(file: Path) -> Editions:
    opened = Editions(file)
    opened.latest()
    return opened


def replaced(file: Path, change: str) -> None:
    """Puts a changed table in place in one step, as the builder does."""
    beside = file.with_name("beside.db")
    shutil.copy(file, beside)
    with closing(sqlite3.connect(beside)) as db, db:
        assert db.execute(change).rowcount
        write_seal(db)
    beside.replace(file)


OTHER_FACT = "UPDATE passages SET text = 'Once a year.' WHERE topic = 'schedule'"
OTHER_NAME = "UPDATE names SET name = 'Zzz', normalized = 'zzz' WHERE name = 'Sutent'"


def schedule(editions: Editions) -> str:
    return editions.latest().table.passages("temsirolimus", "schedule")[0].text


def test_a_replaced_table_is_taken_up_at_the_next_look(editions: Editions, file: Path) -> None:
    before = schedule(editions)
    replaced(file, OTHER_FACT)
    assert before != schedule(editions) == "Once a year."


def test_an_unchanged_file_is_not_read_again(editions: Editions) -> None:
    assert editions.latest() is editions.latest()


def test_linker_and_answers_of_an_edition_are_of_the_same_file(file: Path) -> None:
    replaced(file, OTHER_NAME)
    latest = Editions(file).latest()
    assert latest.linker.link("what is zzz").ours == ["sunitinib"]
    assert Answers(latest.table).full_name("sunitinib").startswith("Zzz")


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda file: file.unlink(), TableMissing),
        (lambda file: file.write_bytes(b""), TableUnreadable),
        (lambda file: file.write_bytes(b"garbage" * 1000), TableUnreadable),
        (lambda file: file.write_bytes(file.read_bytes()[:5000]), TableUnreadable),
        (lambda file: (file.unlink(), file.mkdir()), TableUnreadable),
        (lambda file: replaced(file, OTHER_NAME), TableDoesNotFit),
    ],
    ids=["missing", "empty", "garbage", "half written", "a folder", "other names"],
)
def test_a_file_that_is_not_fit_is_refused_with_words_and_the_last_one_answers_on(
    editions: Editions,
    file: Path,
    own_table: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    spoil: object,
    error: type[KnowledgeError],
) -> None:
    before = editions.latest()
    assert callable(spoil)
    spoil(file)
    with caplog.at_level(logging.ERROR):
        assert editions.latest() is before
    assert str(file) in editions.refusal
    assert "Type: make" in editions.refusal
    assert "The table from before stays in use" in caplog.text

    # ... and without a restart it is taken up again once it is fit.
    fresh = Editions(file)
    fresh.keep_to(before.vocabulary)
    with pytest.raises(error):
        fresh.latest()
    if file.is_dir():
        file.rmdir()
    shutil.copy(own_table, file.with_name("fit.db")).replace(file)
    for one in (editions, fresh):
        assert one.latest().vocabulary == before.vocabulary
        assert one.refusal == ""


def test_the_same_refusal_is_told_once(
    editions: Editions,
    file: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(edition, "LOOK_AGAIN_AFTER", -1)
    file.write_bytes(b"garbage")
    for _ in range(3):
        editions.latest()
    assert len(caplog.records) == 1


def test_a_table_that_the_model_was_not_trained_with_is_not_taken_at_start_either(
    file: Path,
) -> None:
    started = Editions(file)
    started.keep_to("what the model was trained with")
    with pytest.raises(TableDoesNotFit, match="Type: make train, then start again"):
        started.latest()


def test_a_turn_is_answered_from_one_table_throughout(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARECITE_TABLE", str(file))
    first = current_edition()
    with answering_from(first):
        replaced(file, OTHER_FACT)
        assert current_edition() is first
    assert current_edition() is not first


def test_many_threads_see_a_whole_edition_while_the_table_is_replaced_again_and_again(
    editions: Editions, file: Path, own_table: Path
) -> None:
    texts = {schedule(editions)}
    for number in range(3):
        texts.add(f"Once in {number} years.")
    wrong: list[str] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            found = schedule(editions)
            if found not in texts:
                wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(3):
        replaced(file, OTHER_FACT.replace("Once a year.", f"Once in {number} years."))
        editions.look()
    done.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert schedule(editions) == "Once in 2 years."
