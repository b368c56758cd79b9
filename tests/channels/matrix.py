"""The matrix of docs/channels.md, channel by feature, from the outcome of the tests.

A test says what it shows with `@pytest.mark.feature("...")`, and on which channel by the parameter
of that name, or by `@pytest.mark.channel("sms")`. When all of them ran, the page has to show what
was seen; `CARECITE_WRITE_MATRIX=1` writes it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.places import ROOT

PAGE = ROOT / "docs" / "channels.md"
BEGIN, END = "<!-- matrix: written by the tests -->", "<!-- end of the matrix -->"
WRITE = "CARECITE_WRITE_MATRIX"
TITLES = {
    "telegram": "Telegram", "sms": "SMS", "whatsapp": "WhatsApp", "messenger": "Messenger",
    "slack": "Slack",
}  # fmt: skip
SIGNS = {"passed": "yes", "failed": "**no**", "skipped": "n/a"}
Cell = tuple[str, str]  # feature, channel


class Matrix:
    """What the tests of this run saw."""

    def __init__(self) -> None:
        self._wanted: dict[str, Cell] = {}  # test -> cell
        self._seen: dict[str, str] = {}  # test -> outcome
        self._left_out = False
        self._files: set[str] = set()

    def collected(self, items: list[pytest.Item]) -> None:
        for item in items:
            self._files.add(item.path.name)
            cell = _cell(item)
            if cell:
                self._wanted[item.nodeid] = cell

    def left_out(self) -> None:
        self._left_out = True

    def see(self, report: pytest.TestReport) -> None:
        if report.nodeid in self._wanted and (report.when == "call" or report.outcome != "passed"):
            before = self._seen.get(report.nodeid)
            self._seen[report.nodeid] = "failed" if before == "failed" else report.outcome

    @property
    def is_complete(self) -> bool:
        """Whether all tests of this folder were run."""
        files = {path.name for path in Path(__file__).parent.glob("test_*.py")}
        return files <= self._files and not self._left_out and set(self._wanted) == set(self._seen)

    def table(self) -> str:
        features = list(dict.fromkeys(feature for feature, _ in self._wanted.values()))
        rows = [
            f"| {feature} | {' | '.join(self._sign((feature, c)) for c in TITLES)} |"
            for feature in features
        ]
        head = f"| | {' | '.join(TITLES.values())} |\n|{' --- |' * (len(TITLES) + 1)}"
        return "\n".join([head, *rows])

    def _sign(self, cell: Cell) -> str:
        seen = {self._seen[test] for test, wanted in self._wanted.items() if wanted == cell}
        worst = next((o for o in ("failed", "passed", "skipped") if o in seen), "skipped")
        return SIGNS[worst]


matrix = Matrix()


def _cell(item: pytest.Item) -> Cell | None:
    feature, channel = item.get_closest_marker("feature"), item.get_closest_marker("channel")
    given: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    names = (
        [channel.args[0]]
        if channel
        else [v for v in given.values() if isinstance(v, str) and v in TITLES]
    )
    return (feature.args[0], names[0]) if feature and names else None


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "feature(text): a row of the matrix in docs/channels.md")
    config.addinivalue_line("markers", "channel(name): the channel of a test, for the matrix")


def pytest_collection_finish(session: pytest.Session) -> None:
    matrix.collected(session.items)
    if any("::" in argument for argument in session.config.args):
        matrix.left_out()


def pytest_deselected() -> None:
    matrix.left_out()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report = yield
    matrix.see(report)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not matrix.is_complete or session.testsfailed:
        return
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    made = f"{before}{BEGIN}\n\n{matrix.table()}\n\n{END}{rest.partition(END)[2]}"
    if os.environ.get(WRITE):
        PAGE.write_text(made, encoding="utf-8")
    elif made != page:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print(f"\n{PAGE} does not show what the tests saw. Write it with {WRITE}=1.")
