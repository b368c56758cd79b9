"""Imports run one way: actions and bot use knowledge, knowledge uses neither."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = {"knowledge", "actions", "bot"}
# Where the server process needs the actions: it runs them, and it knows the clinic's own facts.
BOT_MAY_USE_ACTIONS = {"bot/action_endpoint.py", "bot/channels/rest.py"}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Top-level names of all that a file imports, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(path.parts[-2] if node.level else str(node.module).partition(".")[0])
    return names


@pytest.mark.parametrize(
    ("package", "forbidden"),
    [
        ("knowledge", {"rasa", "rasa_sdk", "bot", "actions", "tests"}),
        ("actions", {"rasa", "bot", "tests"}),
        ("bot", {"tests"}),
    ],
)
def test_no_package_imports_what_stands_above_it(package: str, forbidden: set[str]) -> None:
    assert modules(package)
    found = {str(p.relative_to(ROOT)): imported(p) & forbidden for p in modules(package)}
    assert {path: names for path, names in found.items() if names} == {}


def test_the_bot_imports_actions_only_where_it_starts_them_or_speaks_for_the_clinic() -> None:
    found = {str(p.relative_to(ROOT)) for p in modules("bot") if "actions" in imported(p)}
    assert found <= BOT_MAY_USE_ACTIONS


def test_training_data_holds_no_program() -> None:
    assert modules("nlu_data") == []
