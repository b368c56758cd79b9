"""What serves a country's clinics, worked out from what was measured: build/benchmark/load.json.

Nothing is measured here. Each figure that is assumed stands in `Assumed`, with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from typing_extensions import Self

from benchmarks.errors import BenchmarkError

DAY, HOUR = 86_400, 3_600  # seconds


@dataclass(frozen=True)
class Assumed:
    """What no measurement of one machine tells."""

    clinics: int = 1_000
    conversations_a_day: int = 1_000_000
    turns: int = 5  # of a conversation
    busiest_hour: float = 0.12  # of a day's turns; evenly spread it would be 0.042
    burst: float = 1.5  # the busiest minutes of that hour, beside its mean
    busy: float = 0.6  # share of a core that is planned for; above it waiting times grow steeply
    spare: int = 2  # servers: one that fails while another one is restarted
    kept_days: int = 30  # clinic.yml
    open_hours: float = 2.0  # a chat stays in Redis after its last message (bot/website/token.py)
    # What deploy/ starts on its one machine.
    servers: int = 2
    redis_bytes: float = 2e9  # nearly twice what chats take when both servers are busy
    connections_of_server: int = 8  # bot/storage/database.py
    connections: int = 97  # of PostgreSQL's 100, three are for its owner
    disk: float = 500e9  # bytes for PostgreSQL; a usual size of a small cloud disk
    core_bytes: float = 1.3  # RAM planned for a server, beside what was measured

    @property
    def turns_a_day(self) -> float:
        return self.conversations_a_day * self.turns

    def peak(self, a_day: float) -> float:
        """A second, in the busiest minutes."""
        return a_day * self.busiest_hour / HOUR * self.burst

    def a_day(self, peak: float) -> float:
        """The reverse of `peak`."""
        return peak / self.burst * HOUR / self.busiest_hour

    def open_at_once(self, conversations_a_day: float) -> float:
        """Chats that Redis keeps in the busiest hours."""
        return conversations_a_day * self.busiest_hour * self.open_hours


@dataclass(frozen=True)
class Measured:
    """What a turn costs, with several servers; times in ms of a core, sizes in bytes."""

    bot: float
    nginx: float
    postgresql: float
    redis: float
    bot_alone: float  # as shipped, with nothing beside it
    bot_memory: float
    transactions: float
    rows: float
    row_bytes: float  # on disk with indexes, of a turn
    log_bytes: float  # of PostgreSQL's write-ahead log
    commands: float
    chat_bytes: float  # in Redis, of a conversation
    received: float
    sent: float

    @classmethod
    def of(cls, results: Mapping[str, Any]) -> Self:
        """Raises BenchmarkError where it was not measured yet."""
        try:
            turn, alone = results["two"]["a turn"], results["one"]["a turn"]
            core = turn["core ms"]
            points = results.get("memory", {}).get("points")
            memory = points[-1][1] if points else results["two"]["memory"]
            return cls(
                core["bot"], core["nginx"], core["postgresql"], core["redis"],
                alone["core ms"]["bot"], memory * 1e6,
                turn["postgresql transactions"], turn["postgresql rows"],
                turn["postgresql bytes"], turn["postgresql log_bytes"],
                turn["redis commands"], turn["redis bytes of a conversation"],
                turn["bytes received"], turn["bytes sent"],
            )  # fmt: skip
        except KeyError as missing:
            raise BenchmarkError(
                f"{missing} is not measured yet: python -m benchmarks load"
            ) from missing


@dataclass(frozen=True)
class Bound:
    """Where something is used up: in conversations a day, and in turns a second at the peak."""

    what: str
    conversations_a_day: float
    peak: float
    then: str


def servers(measured: Measured, assumed: Assumed) -> int:
    """Bot servers for the assumed conversations, those to spare included; each is one core."""
    peak = assumed.peak(assumed.turns_a_day)
    return ceil(peak * measured.bot / 1000 / assumed.busy) + assumed.spare


def needs(measured: Measured, assumed: Assumed) -> list[tuple[str, str]]:
    """What the assumed conversations need; names and values, to be printed."""
    m, a = measured, assumed
    peak, number = a.peak(a.turns_a_day), servers(m, a)
    open_at_once = a.open_at_once(a.conversations_a_day)
    kept = a.turns_a_day * a.kept_days
    return [
        ("turns a day", f"{a.turns_a_day:,.0f}"),
        ("turns a second, over the day", f"{a.turns_a_day / DAY:.0f}"),
        ("turns a second, busiest minutes", f"{peak:.0f}"),
        ("of one clinic, busiest minutes", f"{peak / a.clinics:.2f}"),
        ("bot servers, one core each", f"{number} ({number - a.spare} and {a.spare} to spare)"),
        ("memory of the bot servers", f"{number * m.bot_memory / 1e9:.0f} GB"),
        ("nginx: cores busy", f"{peak * m.nginx / 1000:.2f}"),
        ("PostgreSQL: cores busy", f"{peak * m.postgresql / 1000:.2f}"),
        ("PostgreSQL: transactions a second", f"{peak * m.transactions:,.0f}"),
        ("PostgreSQL: rows written a second", f"{peak * m.rows:,.0f}"),
        ("PostgreSQL: log written a second", f"{peak * m.log_bytes / 1e6:.1f} MB"),
        ("PostgreSQL: connections", f"{number * a.connections_of_server}"),
        ("PostgreSQL: rows kept", f"{kept * m.rows / 1e9:.2f} billion"),
        (f"PostgreSQL: size with {a.kept_days} days", f"{kept * m.row_bytes / 1e9:,.0f} GB"),
        ("PostgreSQL: rows to delete a second", f"{a.turns_a_day * m.rows / DAY:,.0f}"),
        ("Redis: commands a second", f"{peak * m.commands:,.0f}"),
        ("Redis: cores busy, of one", f"{peak * m.redis / 1000:.2f}"),
        ("Redis: chats open at once", f"{open_at_once:,.0f}"),
        ("Redis: memory", f"{open_at_once * m.chat_bytes / 1e9:.1f} GB"),
        ("to patients, busiest minutes", f"{peak * m.received * 8 / 1e6:.1f} Mbit/s"),
        ("from patients, busiest minutes", f"{peak * m.sent * 8 / 1e6:.1f} Mbit/s"),
        ("to patients a day", f"{a.turns_a_day * m.received / 1e9:.0f} GB"),
    ]


def bounds(measured: Measured, assumed: Assumed) -> list[Bound]:
    """What is used up first with what deploy/ starts, and after it; the lowest bound first."""
    m, a = measured, assumed

    def by_peak(what: str, peak: float, then: str) -> Bound:
        return Bound(what, a.a_day(peak) / a.turns, peak, then)

    def by_day(what: str, conversations: float, then: str) -> Bound:
        return Bound(what, conversations, a.peak(conversations * a.turns), then)

    most_servers = a.connections // a.connections_of_server
    found = [
        by_day(
            f"Redis' {a.redis_bytes / 1e9:.0f} GB (deploy/compose.yml)",
            a.redis_bytes / m.chat_bytes / a.busiest_hour / a.open_hours,
            "the oldest open chats lose their history and their buttons, and a chat that was "
            "deleted can be gone on with, empty; answers go on. Raise maxmemory",
        ),
        by_peak(
            f"the cores of {a.servers} bot servers",
            a.servers * a.busy * 1000 / m.bot,
            "waiting times grow; above all of the cores some get the apology. "
            "Add servers: they share nothing but the engines",
        ),
        by_day(
            f"a disk of {a.disk / 1e9:.0f} GB for PostgreSQL",
            a.disk / (m.row_bytes * a.turns * a.kept_days),
            "the database stops, answers go on without memory. A larger disk, fewer days kept",
        ),
        by_peak(
            f"PostgreSQL's {a.connections + 3} connections ({most_servers} servers)",
            most_servers * a.busy * 1000 / m.bot,
            "the next server gets no connection and answers without memory. Raise "
            "max_connections, or put PgBouncer between",
        ),
        by_peak(
            "the one core that Redis runs on",
            a.busy * 1000 / m.redis,
            "turns wait for their tickets. A second Redis: half of the clinics each",
        ),
        by_peak(
            "4 cores of PostgreSQL",
            4 * a.busy * 1000 / m.postgresql,
            "turns wait for their rows. A larger machine, or one database for each half",
        ),
        by_peak(
            "2 cores of nginx",
            2 * a.busy * 1000 / m.nginx,
            "connections wait. A second proxy behind the same name",
        ),
    ]
    return sorted(found, key=lambda bound: bound.conversations_a_day)
