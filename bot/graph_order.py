"""Runs a Rasa graph node after node, in an order that is worked out once.

Rasa hands the graph to dask, which works out its order anew three times a turn, and spells out
all inputs for a debug line that nobody reads. Here one message runs on one thread anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

ORDERS = "_orders_by_targets"  # kept on the runner, so that it goes when the model goes


def run_in_order(
    runner: DaskGraphRunner,
    inputs: dict[str, Any] | None = None,
    targets: list[str] | None = None,
) -> dict[str, Any]:
    """The outputs of the target nodes, as `DaskGraphRunner.run` gives them.

    Raises:
        GraphRunError: an input has the name of a node.
    """
    schema: GraphSchema = runner._graph_schema  # noqa: SLF001  (stands in for its method)
    wanted = tuple(targets or schema.target_names)
    orders = runner.__dict__.setdefault(ORDERS, {})
    if wanted not in orders:
        orders[wanted] = tuple(dict.fromkeys(_needed_first(schema, wanted)))
    outputs: dict[str, Any] = {}
    for name, value in (inputs or {}).items():
        if name in schema.nodes:
            raise GraphRunError(f"Input '{name}' has the name of a node of the graph.")
        outputs[name] = (name, value)
    for name in orders[wanted]:
        needs = schema.nodes[name].needs.values()
        node = runner._instantiated_nodes[name]  # noqa: SLF001
        outputs[name] = node(*(outputs.get(need, need) for need in needs))
    return {name: outputs[name][1] for name in wanted}


def _needed_first(schema: GraphSchema, names: tuple[str, ...]) -> Iterator[str]:
    """The nodes that `names` need, then they; a name that is no node is an input."""
    for name in names:
        if name in schema.nodes:
            yield from _needed_first(schema, tuple(schema.nodes[name].needs.values()))
            yield name
