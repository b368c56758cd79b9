"""A graph run in our order, beside the same graph run by dask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot.graph_order import run_in_order


class Joins(GraphComponent):
    """Joins what it is given with its own letter."""

    def __init__(self, letter: str) -> None:
        self._letter = letter

    @classmethod
    def create(cls, config: dict[str, Any], *args: Any, **kwargs: Any) -> Joins:
        return cls(config["letter"])

    def join(self, **given: str) -> str:
        return self._letter + "".join(given[name] for name in sorted(given))


def node(letter: str, **needs: str) -> SchemaNode:
    return SchemaNode(
        needs=needs, uses=Joins, constructor_name="create", fn="join", config={"letter": letter},
        is_target=letter == "d",
    )  # fmt: skip


@pytest.fixture
def runner(tmp_path: Path) -> DaskGraphRunner:
    # "d" stands first, so the order of the file is not the order to run in.
    nodes = {"d": node("d", x="b", y="c"), "b": node("b", x="a"), "c": node("c", x="a", y="said"),
             "a": node("a", x="said")}  # fmt: skip
    schema = GraphSchema(nodes)
    return DaskGraphRunner(schema, LocalModelStorage(tmp_path), ExecutionContext(schema))


@pytest.mark.parametrize("targets", [None, ["d"], ["b"], ["c", "b"]])
def test_the_outputs_are_those_of_dask(
    runner: DaskGraphRunner, targets: list[str] | None
) -> None:
    given = {"said": "!"}
    for _ in range(2):  # the second time the order is known
        assert run_in_order(runner, given, targets) == runner.run(given, targets)


def test_an_input_with_the_name_of_a_node_is_refused(runner: DaskGraphRunner) -> None:
    with pytest.raises(GraphRunError, match="'b' has the name of a node"):
        run_in_order(runner, {"said": "!", "b": "?"})


def test_a_missing_input_is_an_error(runner: DaskGraphRunner) -> None:
    with pytest.raises(GraphRunError, match="Missing input"):
        run_in_order(runner, {})
