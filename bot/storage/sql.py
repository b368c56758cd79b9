"""Conversations in SQLite or PostgreSQL: Rasa's own table, written and read beside the loop."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from bot.storage.conversation_store import ConversationStore
from bot.storage.database import PATIENCE, Database
from bot.storage.errors import DatabaseDown
from bot.storage.lease import current_lease
from bot.storage.settings import database_url
from bot.storage.stored_events import StoredEvent

logger = logging.getLogger(__name__)
LONGEST_NAME = 200  # characters; the column holds 255
ERASED_AT_ONCE = 5_000  # rows: a long transaction would hold up the patients
ERASING_TAKES = 60.0  # seconds that the job which erases old rows waits for the database
MAKES_TABLES = 0x6361_7265  # number of the lock under which one server at a time makes them

METADATA = sa.MetaData()
# Rasa's columns, so that its tools read them; its id has 31 bits, which 40 days would use up.
EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("sender_id", sa.String(255), nullable=False),
    sa.Column("type_name", sa.String(255), nullable=False),
    sa.Column("timestamp", sa.Float, nullable=False),
    sa.Column("intent_name", sa.String(255)),
    sa.Column("action_name", sa.String(255)),
    sa.Column("data", sa.Text, nullable=False),
    # The latest events of a conversation are found without looking at its older ones.
    sa.Index("events_of_sender", "sender_id", "id"),
    sa.Index("events_by_age", "timestamp", postgresql_using="brin"),
)


class SqlStore(ConversationStore, SQLTrackerStore):
    """While the database is down patients get answers, without memory of what was said before.

    Afterwards such a conversation begins anew: half a history would lead to a wrong answer. Rasa's
    store blocks all patients while it works, reads whole conversations, and ends the process on a
    sender that cannot be encoded.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        **endpoint: Any,  # of Rasa's store; ours takes an address
    ) -> None:
        # Not Rasa's constructor, which blocks until the database is there.
        TrackerStore.__init__(self, domain, event_broker)
        self._database = Database(database_url(host), _make_tables)
        self.engine = self._database.engine

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        try:
            return await super().retrieve(sender_id)
        except DatabaseDown:
            self.gaps.add(sender_id)
            return None

    async def save(self, tracker: DialogueStateTracker) -> None:
        if not await current_lease.get().is_ours():  # another server has gone on meanwhile
            logger.warning("a turn came too late to be kept; its conversation begins anew")
            self.gaps.add(tracker.sender_id)
            return
        try:
            await super().save(tracker)
        except DatabaseDown:
            self.gaps.add(tracker.sender_id)

    async def events_of(self, sender_id: str, latest: int | None = None) -> list[StoredEvent]:
        found = (
            sa.select(EVENTS.c.data)
            .where(EVENTS.c.sender_id == column_name(sender_id))
            .order_by(EVENTS.c.id.desc())
            .limit(latest)
        )

        def read(connection: Connection, number: int) -> list[str]:
            return list(connection.execute(found).scalars())

        return [json.loads(data) for data in reversed(await self._database.run(read))]

    async def erase(self, sender_id: str) -> None:
        # The patient waits for the words that it is done, or that it is not.
        await self._erase(EVENTS.c.sender_id == column_name(sender_id), PATIENCE)
        self.gaps.discard(sender_id)

    async def erase_older_than(self, cutoff: float) -> int:
        return await self._erase(EVENTS.c.timestamp < cutoff, ERASING_TAKES)

    async def keys(self) -> Iterable[str]:
        def read(connection: Connection, number: int) -> list[str]:
            return list(connection.execute(sa.select(EVENTS.c.sender_id).distinct()).scalars())

        return await self._database.run(read)

    async def _append(self, sender_id: str, events: Sequence[StoredEvent]) -> None:
        rows = [_row(column_name(sender_id), event) for event in events]

        def write(connection: Connection, number: int) -> None:
            # A try that lost its connection may have been kept all the same.
            if number == 1 or not _is_latest(connection, rows[-1]):
                connection.execute(sa.insert(EVENTS), rows)

        await self._database.run(write, writes=True)

    async def _erase(self, which: Any, patience: float) -> int:
        some = sa.select(EVENTS.c.id).where(which).limit(ERASED_AT_ONCE)

        def erase(connection: Connection, number: int) -> int:
            return connection.execute(sa.delete(EVENTS).where(EVENTS.c.id.in_(some))).rowcount

        erased = 0
        while now := await self._database.run(erase, patience, writes=True):
            erased += now
        if self.engine.dialect.name == "sqlite":
            await self._database.run(_empty_log, writes=True)
        return erased


def column_name(sender_id: str) -> str:
    """The sender, or its hash where a column cannot hold it: too long, NUL, half a character."""
    if len(sender_id) <= LONGEST_NAME and sender_id.isprintable():
        return sender_id
    digest = hashlib.sha256(sender_id.encode("utf-8", "surrogatepass")).hexdigest()
    return f"sha256-{digest}"


def _row(name: str, event: StoredEvent) -> dict[str, Any]:
    return {
        "sender_id": name,
        "type_name": event["event"],
        "timestamp": event["timestamp"],
        "intent_name": event.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": event.get("name"),
        "data": json.dumps(event, separators=(",", ":")),
    }


def _is_latest(connection: Connection, row: dict[str, Any]) -> bool:
    latest = (
        sa.select(EVENTS.c.data)
        .where(EVENTS.c.sender_id == row["sender_id"])
        .order_by(EVENTS.c.id.desc())
        .limit(1)
    )
    return connection.execute(latest).scalar() == row["data"]


def _make_tables(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MAKES_TABLES)))
    METADATA.create_all(connection)
    for index in EVENTS.indexes:  # a table that Rasa made lacks them
        index.create(connection, checkfirst=True)


def _empty_log(connection: Connection, number: int) -> None:
    """SQLite keeps what was erased in its log until that is emptied."""
    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
