"""Keeps what patients write out of the logs, at every level and in whoever's package.

Rasa logs each message at DEBUG, and an exception with the values in its stack. So a record of
another package shows the line of code that logged it, without the values; our own records show what
we wrote; and an exception shows its type and its place alone, since its text may quote a patient.
"""

from __future__ import annotations

import json
import linecache
import logging
import sys
import threading
from types import TracebackType
from typing import Any

from bot.turn_record import place_of

OURS = frozenset({"actions", "bot", "knowledge"})


def guard_logs() -> None:
    """From now on, whatever is logged or ends a thread is shown without values."""
    logging.setLogRecordFactory(_record)
    # An access log names the address of who wrote; sanic formats it from values of its own.
    logging.getLogger("sanic.access").addFilter(_nothing)
    sys.excepthook = _show_end
    sys.unraisablehook = _show_ignored
    threading.excepthook = _show_end_of_thread


def _record(
    name: str, level: int, path: str, line: int, message: Any, arguments: Any, fault: Any,
    func: str | None = None, sinfo: str | None = None, **more: Any,
) -> logging.LogRecord:  # fmt: skip
    if name.partition(".")[0] not in OURS:
        message, arguments = f"{name}: {_event(message, name) or _code(path, line)}", ()
    record = logging.LogRecord(name, level, path, line, message, arguments, None, func)
    error = fault[1] if isinstance(fault, tuple) else None
    if error is not None:
        record.msg, record.args = f"{record.getMessage()} ({_named(error)})", ()
    return record


def _named(error: BaseException) -> str:
    return f"{type(error).__name__} at {place_of(error)}"


def _event(message: Any, module: str) -> str:
    """What structlog calls an event ("processor.message.parse"), if the module's code holds it.

    With it, of an exception that structlog has already written out, the type and the place.
    """
    if not isinstance(message, str) or not message.startswith("{"):
        return ""
    try:
        parsed = json.loads(message)
        event, faults = parsed["event"], parsed.get("exception") or []
        places = [
            f" ({fault['exc_type']} at {frame['filename']}:{frame['lineno']})"
            for fault in faults[:1]
            for frame in fault["frames"][-1:]
        ]
    except (ValueError, KeyError, TypeError):
        return ""
    file = getattr(sys.modules.get(module), "__file__", None) or ""
    is_literal = isinstance(event, str) and f'"{event}"' in "".join(linecache.getlines(file))
    return event + "".join(places) if is_literal else ""


def _code(path: str, line: int) -> str:
    return f"{path}:{line}: {linecache.getline(path, line).strip()}"


def _nothing(record: logging.LogRecord) -> bool:
    return False


def _show_end(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    print(f"error: {_named(error)}", file=sys.stderr, flush=True)


def _show_end_of_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        _show_end(ended.exc_type, ended.exc_value, ended.exc_traceback)


def _show_ignored(ignored: sys.UnraisableHookArgs) -> None:
    if ignored.exc_value is not None:
        _show_end(ignored.exc_type, ignored.exc_value, ignored.exc_traceback)
