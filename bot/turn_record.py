"""What became of a turn, for metrics and health: kinds and names of faults, no word of anybody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

# Of a turn with several replies the first of these counts.
KINDS = (
    "failed", "too_long", "crisis", "emergency", "urgent", "not_covered", "clarify", "advice",
    "answer", "text",
)  # fmt: skip


@dataclass
class TurnRecord:
    """Filled as the turn goes on."""

    kinds: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return next((kind for kind in KINDS if kind in self.kinds), "text")


_of_this_turn: ContextVar[TurnRecord | None] = ContextVar("turn_record", default=None)


@contextmanager
def recording() -> Iterator[TurnRecord]:
    """What is noted inside, in tasks that start inside too, goes into this record."""
    record = TurnRecord()
    token = _of_this_turn.set(record)
    try:
        yield record
    finally:
        _of_this_turn.reset(token)


def note_replies(responses: list[dict[str, Any]]) -> None:
    """Notes what kinds of replies an action gave."""
    record = _of_this_turn.get()
    if record is None:
        return
    for reply in responses:
        record.kinds.add(reply.get("kind") or ("answer" if reply.get("answer") else "text"))
        if reply.get("urgent"):
            record.kinds.add("urgent")


def note_fault(error: BaseException) -> None:
    """Notes the fault by its class: the text of an error may hold a patient's words."""
    record = _of_this_turn.get()
    if record is not None:
        record.faults.append(type(error).__name__)


def place_of(error: BaseException) -> str:
    """File and line of the fault, without the values that a traceback would show."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
