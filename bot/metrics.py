"""Figures for Prometheus, counted without a word of anybody's, on a port of their own.

They are served by a thread, so they can be read even while a turn holds up the server, and not on
the patients' port, so that no proxy can make them public by mistake.
"""

from __future__ import annotations

import os

from prometheus_client import Counter, Gauge, Histogram, start_http_server

from bot.errors import BotError
from bot.turn_record import TurnRecord
from knowledge.edition import current_editions

VARIABLE = "CARECITE_METRICS"  # ADDRESS:PORT, or a port on this machine alone

TURNS = Counter("carecite_turns", "Turns, by what the patient got", ["channel", "kind"])
SECONDS = Histogram(
    "carecite_turn_seconds", "From the message to the words for the patient", ["channel"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)  # fmt: skip
FAULTS = Counter("carecite_faults", "Faults inside turns, by class", ["channel", "fault"])
READY = Gauge("carecite_ready", "1 where the last question of the health check was answered")
DOWN = Gauge("carecite_down", "1 where the last call to it failed", ["engine"])
TABLE_REFUSED = Gauge("carecite_table_refused", "1 where the table file is not the one in use")


class MetricsAddressInvalid(BotError):
    """The address of the metrics cannot be read, or not be listened on."""


def count_turn(channel: str, record: TurnRecord, seconds: float) -> None:
    TURNS.labels(channel, record.kind).inc()
    SECONDS.labels(channel).observe(seconds)
    for fault in record.faults:
        FAULTS.labels(channel, fault).inc()


def serve_metrics() -> None:
    """Serves them where the environment says; nowhere where it says nothing.

    Raises:
        MetricsAddressInvalid: what the environment says is no address, or it is taken.
    """
    given = os.environ.get(VARIABLE, "")
    if not given:
        return
    address, _, port = given.rpartition(":")
    TABLE_REFUSED.set_function(lambda: float(bool(current_editions().refusal)))
    try:
        start_http_server(int(port), addr=address or "127.0.0.1")
    except (ValueError, OverflowError, OSError) as error:
        raise MetricsAddressInvalid(
            f"{VARIABLE} has value '{given}', which cannot be listened on ({error}). "
            "Set a free port such as 9105, or an address and port such as 127.0.0.1:9105"
        ) from error
