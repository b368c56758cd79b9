"""What is logged shows who logged it and where, and nothing that a patient wrote."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
import structlog
from rasa.utils.log_utils import configure_structlog

from bot.privacy.logs import guard_logs
from knowledge.places import ROOT

CANARY = "quokkaberry"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, at every level, as a handler of anybody's would write it."""
    factory, hooks = logging.getLogRecordFactory(), (sys.excepthook, sys.unraisablehook)
    hook_of_threads, root = threading.excepthook, logging.getLogger()
    handler, level = logging.StreamHandler(io.StringIO()), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    guard_logs()
    yield handler.stream
    root.removeHandler(handler)
    root.setLevel(level)
    logging.setLogRecordFactory(factory)
    sys.excepthook, sys.unraisablehook = hooks
    threading.excepthook = hook_of_threads


def fail() -> None:
    raise ValueError(f"{CANARY} is no name")


def test_another_package_shows_its_line_of_code_without_the_values(log: io.StringIO) -> None:
    text = CANARY
    logging.getLogger("rasa.core.processor").debug(f"Received '{text}'")  # noqa: G004
    logging.getLogger("sanic.root").error("cannot read %s", text)
    written = log.getvalue()
    assert CANARY not in written
    assert "Received '{text}'" in written
    assert "sanic.root" in written
    assert "test_logs.py" in written


def test_an_exception_shows_its_type_and_place_alone(log: io.StringIO) -> None:
    for name in ("bot.channels.gate", "asyncio"):
        try:
            fail()
        except ValueError:
            logging.getLogger(name).exception("a turn failed")
    written = log.getvalue()
    assert CANARY not in written
    assert written.count("ValueError at") == 2
    assert written.count("test_logs.py") >= 2


def test_our_own_words_are_shown_as_we_wrote_them(log: io.StringIO) -> None:
    logging.getLogger("bot.privacy.retention").info("%s events have expired", 3)
    assert log.getvalue() == "3 events have expired\n"


@pytest.mark.filterwarnings("ignore")
def test_rasas_structured_log_shows_the_name_of_the_event_alone(log: io.StringIO) -> None:
    configure_structlog(logging.DEBUG)
    logger = structlog.get_logger("rasa.core.processor")
    logger.debug("processor.message.parse", parse_data_text=CANARY)
    try:
        fail()
    except ValueError:
        channel = structlog.get_logger("rasa.core.channels.rest")
        channel.exception("rest.message.received.failure", text=CANARY)
    logger.debug(CANARY, text=CANARY)
    written = log.getvalue()
    structlog.reset_defaults()
    assert CANARY not in written
    first, second, third = written.splitlines()
    assert first == "rasa.core.processor: processor.message.parse"
    assert second.startswith("rasa.core.channels.rest: rest.message.received.failure (Value")
    assert third.startswith("rasa.core.processor: ")


@pytest.mark.parametrize(
    "ending",
    [
        "raise ValueError(words)",
        "threading.Thread(target=lambda: int(words)).start()",
        "class A:\n    def __del__(self): int(words)\nA()",
        "warnings.warn(words)",
    ],
)
def test_what_ends_a_program_or_a_thread_quotes_nobody(ending: str) -> None:
    """In a process of its own, whose standard error is looked at."""
    program = (
        "import sys, threading, warnings\n"
        "from bot.quiet import keep_quiet\nkeep_quiet()\n"
        "from bot.privacy.logs import guard_logs\nguard_logs()\n"
        f"words = sys.argv[1]\n{ending}\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, CANARY], cwd=ROOT, capture_output=True, text=True
    )
    assert CANARY not in ran.stdout + ran.stderr
    assert "warn" in ending or "ValueError at" in ran.stderr
