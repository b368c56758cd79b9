"""One server that all tests of this folder attack; at the end it has to be as well as before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from server_process import ServerProcess

CANARY = "qzxcanary"  # goes along with what is sent, and may stand in no log
MOST_MORE_MEMORY = 200 * 1024 * 1024  # bytes, after all attacks


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    started = ServerProcess(tmp_path_factory.mktemp("attack")).start()
    started.ask("What are the side effects of Sutent?")
    before = started.memory
    yield started
    assert started.process.poll() is None, "it runs still"
    assert started.memory - before < MOST_MORE_MEMORY
    assert CANARY not in started.said()
    assert "Traceback" not in started.said()
    started.stop()


@pytest.fixture(autouse=True)
def answers_as_before(server: ServerProcess) -> Iterator[None]:
    """After each attack a patient is answered."""
    yield
    assert "Torisel (temsirolimus)" in server.ask("How often is Torisel given?")
    assert requests.get(f"{server.origin}/health/live", timeout=60).status_code == 200
