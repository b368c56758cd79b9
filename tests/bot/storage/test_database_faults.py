"""The database goes away in mid-conversation: bounded waits, no wrong memory, and it comes back."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from kept_turns import DOMAIN, QUESTION, say, turn, words
from postgres_server import Postgres
from rasa.shared.core.events import ActionExecuted, SessionStarted

from bot.storage import database
from bot.storage.errors import DatabaseAddressWrong, DatabaseDown
from bot.storage.gaps import Gaps
from bot.storage.settings import database_url
from bot.storage.sql import SqlStore

NEW_SESSION = [ActionExecuted("action_session_start"), SessionStarted()]
TURN_WITHIN = 5.0  # seconds: what a patient may have to wait at most


@pytest.fixture
async def store(empty_postgres: Postgres) -> AsyncIterator[SqlStore]:
    made = SqlStore(DOMAIN, empty_postgres.url)
    made.gaps = Gaps()
    await say(made, "patient", turn())
    yield made
    made.engine.dispose()


async def test_a_restart_of_the_database_is_not_noticed(
    store: SqlStore, postgres: Postgres
) -> None:
    postgres.stop()
    starting = threading.Timer(0.3, postgres.start)
    starting.start()
    await say(store, "patient", turn("after the restart"))
    starting.join()
    assert words(await store.retrieve("patient")) == [QUESTION, "after the restart"]


async def test_a_turn_that_could_not_be_kept_makes_the_conversation_begin_anew(
    store: SqlStore, postgres: Postgres
) -> None:
    """Else "how often?" would be answered for the drug of the turn before the one that is lost."""
    tracker = await store.retrieve("patient")
    assert tracker is not None
    tracker.update_with_events(turn("lost", "nivolumab"), DOMAIN)
    postgres.stop()
    await store.save(tracker)
    postgres.start()
    assert await store.retrieve("patient") is None
    await say(store, "patient", [*NEW_SESSION, *turn("anew")])
    assert words(await store.retrieve("patient")) == ["anew"]


async def test_while_it_is_down_a_turn_is_answered_without_memory_in_bounded_time(
    store: SqlStore, postgres: Postgres
) -> None:
    postgres.stop()
    try:
        turn_in_between = say(store, "patient", [*NEW_SESSION, *turn("in between")])
        await asyncio.wait_for(turn_in_between, TURN_WITHIN)
    finally:
        postgres.start()
    await say(store, "patient", [*NEW_SESSION, *turn("anew")])
    assert words(await store.retrieve("patient")) == ["anew"]


async def test_a_database_that_hangs_holds_up_neither_the_turn_nor_the_loop(
    store: SqlStore, postgres: Postgres
) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.ensure_future(tick())
    postgres.hang()
    try:
        turns = (say(store, f"patient {n}", [*NEW_SESSION, *turn("lost")]) for n in range(30))
        await asyncio.wait_for(asyncio.gather(*turns), TURN_WITHIN)
    finally:
        postgres.go_on()
        ticking.cancel()
    assert ticks > 50, "the event loop stood still"


async def test_what_was_given_up_is_not_written_when_the_database_goes_on(
    store: SqlStore, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A late write would stand in the middle of the session that has begun since."""
    monkeypatch.setattr(database, "PATIENCE", 0.5)
    tracker = await store.retrieve("patient")
    assert tracker is not None
    tracker.update_with_events(turn("given up"), DOMAIN)
    postgres.hang()
    try:
        await store.save(tracker)
    finally:
        postgres.go_on()
    await say(store, "patient", [*NEW_SESSION, *turn("anew")])
    assert "given up" not in str(await store.events_of("patient"))


async def test_a_server_starts_without_its_database_and_takes_it_up_later(
    empty_postgres: Postgres,
) -> None:
    """Stock Rasa tries every 5 seconds, and blocks everything meanwhile."""
    empty_postgres.stop()
    started = SqlStore(DOMAIN, empty_postgres.url)
    started.gaps = Gaps()
    assert await started.retrieve("patient") is None
    empty_postgres.start()
    await say(started, "patient", turn())
    assert words(await started.retrieve("patient")) == [QUESTION]


async def test_two_servers_that_start_at_once_both_find_their_table(
    empty_postgres: Postgres,
) -> None:
    stores = [SqlStore(DOMAIN, empty_postgres.url) for _ in range(4)]
    await asyncio.gather(*(say(store, f"of {n}", turn()) for n, store in enumerate(stores)))
    assert len(list(await stores[0].keys())) == 4


async def test_a_table_that_rasa_made_is_taken_over(empty_postgres: Postgres) -> None:
    from rasa.core.tracker_store import SQLTrackerStore

    of_rasa = SQLTrackerStore(DOMAIN, host=empty_postgres.url)
    await say(of_rasa, "patient", turn())
    ours = SqlStore(DOMAIN, empty_postgres.url)
    assert words(await ours.retrieve("patient")) == [QUESTION]
    names = {index["name"] for index in sa.inspect(ours.engine).get_indexes("events")}
    assert {"events_of_sender", "events_by_age"} <= names


async def test_an_erase_that_did_not_happen_is_told_while_the_patient_waits(
    store: SqlStore, postgres: Postgres
) -> None:
    postgres.stop()
    try:
        with pytest.raises(DatabaseDown):
            await asyncio.wait_for(store.erase("patient"), TURN_WITHIN)
    finally:
        postgres.start()
    await store.erase("patient")
    assert not await store.exists("patient")


async def test_no_error_quotes_the_patient_or_the_password(
    store: SqlStore, postgres: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    tracker = await store.retrieve("patient")
    assert tracker is not None
    tracker.update_with_events(turn("canary"), DOMAIN)
    with store.engine.connect() as connection:
        connection.exec_driver_sql(
            "ALTER TABLE events ADD CONSTRAINT refused CHECK (id < 0) NOT VALID"
        )
    await store.save(tracker)
    assert "patient" in store.gaps
    assert "canary" not in caplog.text
    assert "down (IntegrityError)" in caplog.text


async def test_sqlite_that_is_locked_or_not_writable_is_told_as_down(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    store = SqlStore(DOMAIN, f"sqlite:///{path}")
    store.gaps = Gaps()
    await say(store, "patient", turn())
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    started = time.monotonic()
    await say(store, "patient", turn("while locked"))
    assert time.monotonic() - started < TURN_WITHIN
    other.rollback()
    assert "patient" in store.gaps


async def test_what_is_erased_from_sqlite_is_not_left_in_its_files(tmp_path: Path) -> None:
    path = tmp_path / "conversations.db"
    store = SqlStore(DOMAIN, f"sqlite:///{path}")
    await say(store, "patient", turn("canary-in-a-file"))
    await say(store, "other", turn())
    await store.erase("patient")
    left = {file.name: file.read_bytes() for file in tmp_path.iterdir()}  # noqa: ASYNC240
    assert [name for name, content in left.items() if b"canary-in-a-file" in content] == []
    assert path.stat().st_mode & 0o077 == 0, "others may read it"


@pytest.mark.parametrize(
    "address", ["", "nonsense", "mysql://a:secret@host/db", "sqlite://", "postgresql://a:secret@h"]
)
def test_an_address_that_cannot_be_used_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(DatabaseAddressWrong, match="CARECITE_DATABASE_URL") as error:
        database_url(address)
    assert "secret" not in str(error.value)
