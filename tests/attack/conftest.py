"""One server that all tests of this folder attack; at the end it has to be as well as before."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests
from open_channels import CANARY, OpenServer, Route, open_server

from knowledge.places import ROOT

MOST_MORE_MEMORY = 200 * 1024 * 1024  # bytes, after all attacks
ALL_ROUTES = """
import json
from bot.quiet import keep_quiet
keep_quiet()
import rasa.core.run, rasa.server
from bot.credentials import credentials_path
from bot.server import prepare_app
prepare_app()
from rasa.core.run import configure_app, create_http_input_channels
channels = create_http_input_channels(None, str(credentials_path()))
app = configure_app(channels, enable_api=False)
app.router.finalize()
print(json.dumps([
    [method, f"/{route.path.lstrip('/')}"]
    for route in app.router.routes for method in route.methods if method != "OPTIONS"
]))
"""


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenServer]:
    with open_server(tmp_path_factory.mktemp("attack")) as started:
        started.ask("What are the side effects of Sutent?")
        before = started.memory
        yield started
        assert started.process.poll() is None, "it runs still"
        assert started.memory - before < MOST_MORE_MEMORY
        assert CANARY not in started.said()
        assert "Traceback" not in started.said()


@pytest.fixture(scope="package")
def routes(server: OpenServer) -> list[Route]:
    """Each route that the server has, as the server itself tells."""
    done = subprocess.run(
        [sys.executable, "-c", ALL_ROUTES],
        cwd=ROOT, capture_output=True, text=True, timeout=300, env=server._environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-500:]
    return [Route(*one) for one in json.loads(done.stdout)]


@pytest.fixture(autouse=True)
def answers_as_before(server: OpenServer) -> Iterator[None]:
    """After each attack a patient is answered."""
    yield
    assert "Torisel (temsirolimus)" in server.ask("How often is Torisel given?")
    assert requests.get(f"{server.origin}/health/live", timeout=60).status_code == 200
