"""A DistilBERT with its pooling as an ONNX graph of few, plain nodes: token ids and mask in, unit vectors out.

Written out instead of traced, for three reasons. Its products see real tokens only: padding stands in the attention
alone, where texts of different length have to be one rectangle. Its scales are fixed (``quantise.py``), so what a text
gets does not depend on its company. And it has less than half of the nodes, which is what one short text waits for.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper

from intent_service.model import Matrix, Vector
from intent_service.tokens import MAX_TOKENS
from intent_service.training.quantise import InputScale, Linear, Place, int8_weights, linears

OPSET = 18
IR_VERSION = 9
MICROSOFT = "com.microsoft"
MIDDLE = 128
"""What a weight of zero is as uint8."""
FORBIDDEN = 1e9
"""What is taken from the attention to padding: its share becomes exactly zero."""


def encoder_graph(encoder: Any, scales: Sequence[Mapping[Place, InputScale]]) -> ModelProto:
    """The graph of a ``DistilBertModel`` with the scales of each of its layers."""
    graph = _Graph()
    rectangle = _rectangle(graph)
    states = _embedded(graph, encoder.embeddings, rectangle)
    heads = encoder.config.n_heads
    for layer, own in zip(encoder.transformer.layer, scales, strict=True):
        states = _layer(graph, layer, own, states, rectangle, heads=heads)
    together = graph.add("Gather", states, rectangle["places"])
    total = graph.add("ReduceSum", graph.add("Mul", together, rectangle["mask"]), graph.integers(1), keepdims=0)
    return graph.model(graph.add("LpNormalization", total, axis=-1, p=2), dimensions=encoder.config.dim)


class _Graph:
    """Nodes and constants as they come; each node's result is known by its name."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def constant(self, value: NDArray[Any]) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def integers(self, *values: int) -> str:
        return self.constant(np.array(values, dtype=np.int64))

    def number(self, value: float) -> str:
        return self.constant(np.array(value, dtype=np.float32))

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        return self.split(operator, *inputs, outputs=1, domain=domain, **attributes)[0]

    def split(self, operator: str, *inputs: str, outputs: int, domain: str = "", **attributes: Any) -> list[str]:
        name = f"{operator}_{len(self._nodes)}"
        results = [f"{name}_{place}" for place in range(outputs)]
        self._nodes.append(helper.make_node(operator, list(inputs), results, name=name, domain=domain, **attributes))
        return results

    def model(self, result: str, *, dimensions: int) -> ModelProto:
        self._nodes.append(helper.make_node("Identity", [result], ["embedding"], name="embedding"))
        given = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
            for name in ("input_ids", "attention_mask")
        ]
        output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", dimensions])
        graph = helper.make_graph(self._nodes, "encoder", given, [output], self._constants)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="frontdesk")


def _rectangle(graph: _Graph) -> dict[str, str]:
    """How the real tokens of a batch, one after the other, stand in its rectangle of B × T.

    ``tokens`` are the N places of real tokens among all B · T; ``places`` are B × T places among the real ones
    (padding names some other token); ``mask`` is B × T × 1, ``forbidden`` is added to the attention.
    """
    flat = graph.add("Reshape", "attention_mask", graph.integers(-1))
    shape = graph.add("Shape", "input_ids")
    counted = graph.add("CumSum", flat, graph.constant(np.array(0, dtype=np.int64)))
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    keys = graph.add("Unsqueeze", mask, graph.integers(1, 2))
    missing = graph.add("Sub", keys, graph.number(1))
    return {
        "tokens": graph.add("Squeeze", graph.add("NonZero", flat), graph.integers(0)),
        "width": graph.add("Gather", shape, graph.constant(np.array(1, dtype=np.int64))),
        "places": graph.add("Reshape", graph.add("Sub", counted, graph.integers(1)), shape),
        "mask": graph.add("Unsqueeze", mask, graph.integers(2)),
        "forbidden": graph.add("Mul", missing, graph.number(FORBIDDEN)),
    }


def _embedded(graph: _Graph, embeddings: Any, rectangle: Mapping[str, str]) -> str:
    """The N × d states of the real tokens; word embeddings are int8 with a scale a word."""
    ids = graph.add("Gather", graph.add("Reshape", "input_ids", graph.integers(-1)), rectangle["tokens"])
    integers, scales = int8_weights(_array(embeddings.word_embeddings.weight).T)
    words = graph.add("Cast", graph.add("Gather", graph.constant(integers.T), ids), to=TensorProto.FLOAT)
    words = graph.add("Mul", words, graph.add("Gather", graph.constant(scales[:, None]), ids))
    position = graph.add("Mod", rectangle["tokens"], rectangle["width"])
    known = _array(embeddings.position_embeddings.weight)[:MAX_TOKENS]
    positions = graph.add("Gather", graph.constant(known), position)
    return _normalised(graph, embeddings.LayerNorm, words, positions)


def _layer(
    graph: _Graph,
    layer: Any,
    scales: Mapping[Place, InputScale],
    states: str,
    rectangle: Mapping[str, str],
    *,
    heads: int,
) -> str:
    own = linears(layer, heads)
    calm = scales["context"].smoothing
    own["attention"] = _calmed(own["attention"], calm)
    mixed = _attention(
        graph, _product(graph, states, own["attention"], scales["attention"]), rectangle, heads=heads, size=len(calm)
    )
    context = _product(graph, mixed, own["context"], scales["context"], smooth=False)
    states = _normalised(graph, layer.sa_layer_norm, context, states)
    wide = _product(graph, states, own["feed_forward"], scales["feed_forward"])
    active = graph.add("Gelu", wide, domain=MICROSOFT)
    narrow = _product(graph, active, own["activated"], scales["activated"], smooth=False)
    return _normalised(graph, layer.output_layer_norm, narrow, states)


def _calmed(linear: Linear, smoothing: Vector) -> Linear:
    """The values leave the heads already divided by what their product expects: the smoothing costs nothing."""
    divided = np.concatenate([np.ones(linear.weights.shape[1] - len(smoothing), dtype=np.float32), smoothing])
    return Linear(linear.weights / divided, linear.bias / divided)


def _attention(graph: _Graph, product: str, rectangle: Mapping[str, str], *, heads: int, size: int) -> str:
    """Queries, keys and values (N × 3d) to what the heads see (N × d)."""
    padded = graph.add("Gather", product, rectangle["places"])
    by_head = graph.add("Reshape", padded, graph.integers(0, 0, 3 * heads, size // heads))
    by_head = graph.add("Transpose", by_head, perm=[0, 2, 1, 3])
    queries, keys, values = graph.split("Split", by_head, graph.integers(heads, heads, heads), outputs=3, axis=1)
    alike = graph.add("FusedMatMul", queries, keys, domain=MICROSOFT, transB=1)
    shares = graph.add("Softmax", graph.add("Add", alike, rectangle["forbidden"]), axis=-1)
    seen = graph.add("Transpose", graph.add("MatMul", shares, values), perm=[0, 2, 1, 3])
    return graph.add("Gather", graph.add("Reshape", seen, graph.integers(-1, size)), rectangle["tokens"])


def _product(graph: _Graph, states: str, linear: Linear, own: InputScale, *, smooth: bool = True) -> str:
    """An int8 product; without ``smooth`` the states come smoothed, or need no smoothing.

    Weights are moved to uint8: against int8 ones, processors without VNNI add two products in 16 bits, cut off what
    does not fit, and give another vector than the rest.
    """
    if smooth:
        states = graph.add("Mul", states, graph.constant((1 / own.smoothing).astype(np.float32)))
    integers, scales = int8_weights(linear.weights * own.smoothing[:, None])
    scale, zero = graph.number(own.scale), graph.constant(np.array(own.zero, dtype=np.uint8))
    rounded = graph.add("QuantizeLinear", states, scale, zero)
    moved = graph.constant((integers.astype(np.int16) + MIDDLE).astype(np.uint8))
    middle = graph.constant(np.array(MIDDLE, dtype=np.uint8))
    constants = moved, scale, graph.constant(scales), zero, middle, graph.constant(linear.bias)
    return graph.add("MatMulIntegerToFloat", rounded, *constants, domain=MICROSOFT)


def _normalised(graph: _Graph, norm: Any, states: str, others: str) -> str:
    # not fused: ONNX Runtime's SkipLayerNormalization takes three times as long as both
    both, gain, bias = graph.add("Add", states, others), _array(norm.weight), _array(norm.bias)
    return graph.add(
        "LayerNormalization", both, graph.constant(gain), graph.constant(bias), axis=-1, epsilon=float(norm.eps)
    )


def _array(parameter: Any) -> Matrix:
    values: Matrix = parameter.detach().float().numpy()
    return values
