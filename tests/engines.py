"""A test skips, with the reason, where an engine or a checker is missing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks.errors import EngineMissing


def missing(what: str) -> None:
    """Skips with the reason; where everything has to be tested, fails."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(what)
    pytest.skip(what)


@contextmanager
def skipped_where_missing() -> Iterator[None]:
    """For engines that are shared with the benchmarks."""
    try:
        yield
    except EngineMissing as error:
        missing(str(error))
