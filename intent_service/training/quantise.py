"""Fixed int8 scales for what goes into an encoder's products, fitted on example sentences.

A scale taken over a whole pass, as ONNX Runtime's dynamic quantisation does, lets a text's neighbours change its
result, and one loud channel makes it coarse for all. Here each input has one fixed scale, and loud channels are made
quieter first, with their weights louder by as much (SmoothQuant, Xiao et al. 2022, arXiv:2211.10438).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from intent_service.model import Matrix, Vector
from intent_service.tokens import TextTokenizer

Place = Literal["attention", "context", "feed_forward", "activated"]
"""Where a layer multiplies: before the heads, after them, and on both sides of the activation."""

SMOOTHED: frozenset[Place] = frozenset({"attention", "context", "feed_forward"})
"""Not the widest input: that would cost a pass over it and gains least (cosine to full precision .995 to .997)."""

SMOOTHING = (0.5, 0.7, 0.85)
"""How much of a channel's loudness goes over to its weights; the best is taken, input by input."""

CLIPPING = (1.0, 0.85, 0.7, 0.55)
"""Shares of the largest value seen that a scale may reach to; what is beyond is cut off."""

MOST_ROWS = 500
LEVELS = 255
SYMMETRIC = 127


@dataclass(frozen=True, slots=True)
class Linear:
    """A product of the encoder: K × N weights and N biases."""

    weights: Matrix
    bias: Vector


@dataclass(frozen=True, slots=True)
class InputScale:
    """How K channels become uint8: divided by ``smoothing``, then by ``scale``, then moved by ``zero``."""

    scale: float
    zero: int
    smoothing: Vector


def linears(layer: Any, heads: int) -> dict[Place, Linear]:
    """The four products of a DistilBERT layer; the attention's own scale is in the weights of its queries."""
    own = layer.attention
    size = own.q_lin.weight.shape[0]
    queries, keys, values = (_linear(part) for part in (own.q_lin, own.k_lin, own.v_lin))
    factor = np.float32((size // heads) ** -0.5)
    queries = Linear(queries.weights * factor, queries.bias * factor)
    three = (queries, keys, values)
    return {
        "attention": Linear(
            np.concatenate([one.weights for one in three], axis=1), np.concatenate([one.bias for one in three])
        ),
        "context": _linear(own.out_lin),
        "feed_forward": _linear(layer.ffn.lin1),
        "activated": _linear(layer.ffn.lin2),
    }


def _linear(module: torch.nn.Linear) -> Linear:
    return Linear(module.weight.detach().float().numpy().T, module.bias.detach().float().numpy())


def int8_weights(weights: Matrix) -> tuple[NDArray[np.int8], Vector]:
    """Weights as int8 with one scale an output channel."""
    scales = np.maximum(np.abs(weights).max(axis=0) / SYMMETRIC, 1e-12).astype(np.float32)
    return np.clip(np.round(weights / scales), -SYMMETRIC, SYMMETRIC).astype(np.int8), scales


def fit_scales(encoder: Any, tokenizer: TextTokenizer, texts: Sequence[str]) -> list[dict[Place, InputScale]]:
    """The scales of each layer with the least squared error of its products on these sentences."""
    rows = _inputs(encoder, tokenizer, texts)
    layers = [linears(layer, encoder.config.n_heads) for layer in encoder.transformer.layer]
    return [
        {
            place: fit_scale(rows[number, place], linear.weights, smooth=place in SMOOTHED)
            for place, linear in layer.items()
        }
        for number, layer in enumerate(layers)
    ]


def _inputs(encoder: Any, tokenizer: TextTokenizer, texts: Sequence[str]) -> dict[tuple[int, Place], Matrix]:
    """What goes into each product, one row a token (padding left out)."""
    seen: dict[tuple[int, Place], list[Matrix]] = {}
    real: NDArray[np.bool_] = np.zeros(0, dtype=bool)

    def keep(number: int, place: Place) -> Any:
        def hook(_: torch.nn.Module, given: tuple[torch.Tensor, ...]) -> None:
            seen.setdefault((number, place), []).append(given[0].numpy()[real])

        return hook

    hooks = []
    for number, layer in enumerate(encoder.transformer.layer):
        modules: dict[Place, torch.nn.Module] = {
            "attention": layer.attention.q_lin,
            "context": layer.attention.out_lin,
            "feed_forward": layer.ffn.lin1,
            "activated": layer.ffn.lin2,
        }
        hooks += [module.register_forward_pre_hook(keep(number, place)) for place, module in modules.items()]
    encoder.eval()
    try:
        with torch.inference_mode():
            for batch in tokenizer.batches(tokenizer.encode(texts)):
                real = batch.attention_mask.astype(bool)
                encoder(
                    input_ids=torch.from_numpy(batch.input_ids), attention_mask=torch.from_numpy(batch.attention_mask)
                )
    finally:
        for hook in hooks:
            hook.remove()
    return {where: np.concatenate(parts) for where, parts in seen.items()}


def fit_scale(rows: Matrix, weights: Matrix, *, smooth: bool) -> InputScale:
    """The scale of one input, tried on at most ``MOST_ROWS`` of its rows (n × K) with its weights (K × N)."""
    least, most = rows.min(axis=0), rows.max(axis=0)
    loudest = np.maximum(-least, most) + 1e-6
    strongest = np.abs(weights).max(axis=1) + 1e-6
    tried = rows[:: -(-len(rows) // MOST_ROWS)]
    exact = tried @ weights
    found: list[tuple[float, InputScale]] = []
    for share in SMOOTHING if smooth else (0.0,):
        smoothing = loudest**share / strongest ** (1 - share) if share else np.ones_like(loudest)
        smoothing = (smoothing / np.exp(np.log(smoothing).mean())).astype(np.float32)
        lowest, highest = min(0.0, float((least / smoothing).min())), float((most / smoothing).max())
        sample = tried / smoothing
        integers, scales = int8_weights(weights * smoothing[:, None])
        served = integers * scales
        for clipping in CLIPPING:
            scale = max((highest - lowest) * clipping / LEVELS, 1e-12)
            zero = int(np.clip(round(-lowest * clipping / scale), 0, LEVELS))
            rounded = (np.clip(np.round(sample / scale) + zero, 0, LEVELS) - zero) * scale
            error = float(((rounded.astype(np.float32) @ served - exact) ** 2).sum())
            found.append((error, InputScale(scale, zero, smoothing)))
    return min(found, key=lambda one: one[0])[1]
