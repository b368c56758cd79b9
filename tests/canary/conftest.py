"""The server at the most talkative level and at the usual one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from watched_server import Watched

LEVELS = ("DEBUG", "WARNING")


@pytest.fixture(scope="package", params=LEVELS)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    started = Watched(tmp_path_factory.mktemp("canary"), request.param)
    started.start()
    yield started
    started.stop()
