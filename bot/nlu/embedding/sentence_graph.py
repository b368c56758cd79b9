"""all-MiniLM-L6-v2 as an ONNX graph, from its published weights.

Written out rather than converted: converting through TensorFlow gives other bytes at each run,
and then the model's sha256 could not tell whether two machines embed alike. This gives the same
bytes every time, in seconds, and the same vectors.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.quant_utils import add_pre_process_metadata

LAYERS = 6
HEADS = 12
WIDTH = 384
LAYER_NORM_EPSILON = 1e-12

OPSET = 20  # the first with Gelu
IR_VERSION = 9  # the one that came with opset 20
RUNTIME_DOMAIN = "com.microsoft"  # operators that only onnxruntime has

Array = npt.NDArray[Any]
Weights = Mapping[str, Array]


class _Graph:
    """Collects nodes and constants; a value is known by its name."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: Array) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def integers(self, *values: int) -> str:
        name = "integers_" + "_".join(str(value) for value in values)
        return self.constant(name, np.array(values, np.int64))

    def add(self, operation: str, *inputs: str, outputs: int = 1, **attributes: Any) -> list[str]:
        name = f"{operation}_{len(self.nodes)}"
        names = [f"{name}_{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(operation, inputs, names, name=name, **attributes))
        return names

    def one(self, operation: str, *inputs: str, **attributes: Any) -> str:
        return self.add(operation, *inputs, **attributes)[0]

    def linear(self, value: str, name: str, matrix: Array, bias: Array) -> str:
        product = self.one("MatMul", value, self.constant(f"{name}.weight", matrix))
        return self.one("Add", product, self.constant(f"{name}.bias", bias))

    def dense(self, value: str, weights: Weights, name: str) -> str:
        return self.linear(value, name, weights[f"{name}.weight"].T, weights[f"{name}.bias"])

    def layer_norm(self, value: str, weights: Weights, name: str) -> str:
        scale = self.constant(f"{name}.weight", weights[f"{name}.weight"])
        bias = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        return self.one(
            "LayerNormalization", value, scale, bias, axis=-1, epsilon=LAYER_NORM_EPSILON
        )


def _embed_tokens(graph: _Graph, weights: Weights) -> str:
    words = graph.constant("words", weights["embeddings.word_embeddings.weight"])
    word = graph.one("Gather", words, "input_ids")
    # A message is one segment, so its segment's vector is the same at every position.
    positions = graph.constant(
        "positions",
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0],
    )
    length = graph.one("Shape", "input_ids", start=1)
    zero = graph.integers(0)
    position = graph.one("Slice", positions, zero, length, zero)
    return graph.layer_norm(graph.one("Add", word, position), weights, "embeddings.LayerNorm")


def _query_key_value(weights: Weights, attention: str) -> tuple[Array, Array]:
    """Lays the three projections side by side."""
    parts = [f"{attention}.self.{part}" for part in ("query", "key", "value")]
    matrix = [weights[f"{part}.weight"].T for part in parts]
    return np.concatenate(matrix, axis=1), np.concatenate([weights[f"{p}.bias"] for p in parts])


def _attend(graph: _Graph, hidden: str, weights: Weights, attention: str) -> str:
    """onnxruntime's own operator: one instead of thirteen, and a tenth less time for a message."""
    matrix, bias = _query_key_value(weights, attention)
    matrix_name = graph.constant(f"{attention}.self.weight", matrix)
    bias_name = graph.constant(f"{attention}.self.bias", bias)
    context = graph.one(
        "Attention", hidden, matrix_name, bias_name, domain=RUNTIME_DOMAIN, num_heads=HEADS
    )
    return graph.dense(context, weights, f"{attention}.output.dense")


def _layer(graph: _Graph, hidden: str, weights: Weights, layer: str) -> str:
    attention = f"{layer}.attention"
    attended = graph.one("Add", _attend(graph, hidden, weights, attention), hidden)
    hidden = graph.layer_norm(attended, weights, f"{attention}.output.LayerNorm")
    # By the hyperbolic tangent: faster than the exact one, and after int8 no further from float32.
    inner = graph.one(
        "Gelu", graph.dense(hidden, weights, f"{layer}.intermediate.dense"), approximate="tanh"
    )
    outer = graph.one("Add", graph.dense(inner, weights, f"{layer}.output.dense"), hidden)
    return graph.layer_norm(outer, weights, f"{layer}.output.LayerNorm")


def sentence_graph(weights: Weights) -> onnx.ModelProto:
    """Builds the float32 model.

    Its input `input_ids` is int64 (1, tokens), at most 512; its output `layers` is float32
    (1, 6, 384): what each layer makes of the message, of length 1. The last row is the published
    model's embedding. It takes one message at a time, so nothing is padded and the mean needs no
    attention mask.
    """
    graph = _Graph()
    hidden = [_embed_tokens(graph, weights)]
    for index in range(LAYERS):
        hidden.append(_layer(graph, hidden[-1], weights, f"encoder.layer.{index}"))
    joined = graph.one("Concat", *hidden[1:], axis=-1)
    mean = graph.one("ReduceMean", joined, graph.integers(1), keepdims=0)
    by_layer = graph.one("Reshape", mean, graph.integers(1, LAYERS, WIDTH))
    graph.nodes.append(
        helper.make_node("LpNormalization", [by_layer], ["layers"], name="unit", axis=2, p=2)
    )
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("layers", TensorProto.FLOAT, [1, LAYERS, WIDTH])],
            list(graph.constants.values()),
        ),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(RUNTIME_DOMAIN, 1)],
        ir_version=IR_VERSION,
    )
    onnx.checker.check_model(model, full_check=True)
    return model


def write_int8(model: onnx.ModelProto, path: Path) -> None:
    """Quantizes the weights to int8, the activations as they come, and writes the model."""
    # Says that the graph is as plain as the optimizer would leave it; without it, a warning.
    add_pre_process_metadata(model)
    quantize_dynamic(
        model,
        path,
        weight_type=QuantType.QInt8,
        # A scale for each column: mean cosine to float32 .99, and .95 with one for all.
        per_channel=True,
        # 7 bits: 8 overflow on processors without VNNI, and would embed otherwise there.
        reduce_range=True,
        # The type behind an operator that onnx does not know.
        extra_options={"DefaultTensorType": TensorProto.FLOAT},
    )
