"""A test skips, with the reason, where an engine that it shares with the benchmarks is missing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks.errors import EngineMissing


@contextmanager
def skipped_where_missing() -> Iterator[None]:
    """Where everything has to be tested, fails instead."""
    try:
        yield
    except EngineMissing as error:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))
