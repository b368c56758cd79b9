"""Work in a database beside the event loop: in bounded time, tried again while it restarts."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from bot.metrics import DOWN
from bot.storage.errors import DatabaseAddressWrong, DatabaseDown

logger = logging.getLogger(__name__)
T = TypeVar("T")
VARIABLE = "CARECITE_DATABASE_URL"
CONNECTIONS = 8  # of one server; its turns take turns on one core anyway
PATIENCE = 2.0  # seconds: a restart of PostgreSQL takes less, and a turn has 5
PATIENCE_WHEN_DOWN = 0.3  # seconds, once it is known to be down: others need not wait as long
PAUSE = 0.1  # seconds between two tries
POSTGRESQL = {
    "connect_timeout": 2,
    # A peer that is gone without a word is noticed.
    "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2,
    "tcp_user_timeout": 4000,
    "application_name": "carecite",
    "options": "-c statement_timeout=3000 -c lock_timeout=2000 "
    "-c idle_in_transaction_session_timeout=10000",
}  # fmt: skip


@dataclass
class Attempt:
    """One try in a thread. What nobody waits for any more must not be written later."""

    number: int
    abandoned: bool = False


class Database:
    """An engine with its threads; `prepare` makes the tables when it is first reached."""

    def __init__(self, url: URL, prepare: Callable[[Connection], None]) -> None:
        self.engine = _engine(url)
        self._prepare = prepare
        self._is_prepared = False
        self._down: set[str] = set()  # "reading", "writing": of a full disk one can still read
        DOWN.labels("database").set(False)
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="database")

    async def run(
        self,
        work: Callable[[Connection, int], T],
        patience: float | None = None,
        *,
        writes: bool = False,
    ) -> T:
        """Runs `work(connection, number of the try)` in a transaction of its own.

        Raises:
            DatabaseDown: it failed, or took longer than `patience` (seconds).
        """
        kind = "writing" if writes else "reading"
        if patience is None:
            patience = PATIENCE_WHEN_DOWN if kind in self._down else PATIENCE
        until = time.monotonic() + patience
        number, fault = 0, "no answer"
        while (left := until - time.monotonic()) > 0:
            number += 1
            attempt = Attempt(number)
            try:
                running = asyncio.get_running_loop().run_in_executor(
                    self._threads, self._work, work, attempt
                )
                done = await asyncio.wait_for(running, left)
            except asyncio.TimeoutError:
                break
            except (SQLAlchemyError, OSError) as error:
                fault = type(error).__name__  # its text would quote the patient
                if not _may_pass(error):
                    break
                await asyncio.sleep(PAUSE)
            else:
                self._tell(kind)
                return done
            finally:
                attempt.abandoned = True
        self._tell(kind, fault)
        raise DatabaseDown(f"the database did not do its work within {patience:g} s ({fault})")

    def _work(self, work: Callable[[Connection, int], T], attempt: Attempt) -> T:
        with self.engine.connect() as connection, connection.begin() as transaction:
            if not self._is_prepared:
                self._prepare(connection)
            done = work(connection, attempt.number)
            if attempt.abandoned:
                transaction.rollback()
        self._is_prepared = True
        return done

    def _tell(self, kind: str, fault: str = "") -> None:
        was_down = bool(self._down)
        if fault:
            self._down.add(kind)
        else:
            self._down -= {kind, "reading"}
        if self._down and not was_down:
            logger.error("the database is down (%s); conversations go on without memory", fault)
        elif was_down and not self._down:
            logger.warning("the database is back")
        DOWN.labels("database").set(bool(self._down))


def _may_pass(error: Exception) -> bool:
    """Whether it is about the database's state, and not about what it was asked to do."""
    if not isinstance(error, DBAPIError):
        return True
    kind = type(error).__name__
    return error.connection_invalidated or kind in {"OperationalError", "InterfaceError"}


def make_file(url: URL) -> None:
    """The empty file of a new SQLite database, which nobody else may read.

    Raises:
        DatabaseAddressWrong: there can be no file at that place.
    """
    if url.get_backend_name() != "sqlite":
        return
    path = Path(url.database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise DatabaseAddressWrong(
            f"{path}: conversations cannot be kept there ({error.strerror}). "
            f"Name another file in {VARIABLE}"
        ) from error


def _engine(url: URL) -> Engine:
    # hide_parameters: an error would quote the patient. A connection that the database closed is
    # noticed by the next work on it, which is tried again: no ping before each is needed.
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url, pool_size=CONNECTIONS, max_overflow=0, pool_recycle=1800, hide_parameters=True,
            connect_args={**POSTGRESQL, **url.query},
        )  # fmt: skip
    make_file(url)
    engine = create_engine(
        url, poolclass=QueuePool, pool_size=CONNECTIONS, max_overflow=0, hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": 1},
    )  # fmt: skip
    event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: Any, record: Any) -> None:
    for setting in (
        "journal_mode = WAL",  # readers do not wait for a writer
        "synchronous = NORMAL",
        "secure_delete = ON",  # what is erased is overwritten
    ):
        connection.execute(f"PRAGMA {setting}").close()
