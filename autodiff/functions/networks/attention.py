"""Attention: means of values, weighted by how well keys fit queries."""

from __future__ import annotations

import math
from typing import Any, Literal, overload

import numpy as np

from autodiff import live, random
from autodiff.backends.recorder import RECORDER
from autodiff.errors import ShapeError
from autodiff.functions.elementwise.comparison import equal
from autodiff.functions.elementwise.elementwise import where
from autodiff.functions.networks.probabilities import softmax
from autodiff.functions.products.linear import matmul
from autodiff.functions.reductions.reductions import max as _max
from autodiff.functions.shaping.shaping import broadcast_to, expand_dims, swapaxes
from autodiff.tensors.operands import operands_of
from autodiff.tensors.tensor import Tensor

__all__ = ["scaled_dot_product_attention"]


@overload
def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
    *,
    rng: np.random.Generator | None = None,
    need_weights: Literal[False] = False,
) -> Tensor: ...


@overload
def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
    *,
    rng: np.random.Generator | None = None,
    need_weights: Literal[True],
) -> tuple[Tensor, Tensor]: ...


def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
    *,
    rng: np.random.Generator | None = None,
    need_weights: bool = False,
) -> Tensor | tuple[Tensor, Tensor]:
    """softmax(Q Kᵀ · scale + mask) V.

    Source: Vaswani et al., "Attention Is All You Need", 2017, equation 1.

    Args:
        query: Q of shape (…, L, E).
        key: K of shape (…, S, E).
        value: V of shape (…, S, F).
        attn_mask: broadcast to (…, L, S): booleans, true where a query may see a key, or
            numbers that are added to the scores.
        dropout_p: the share of weights set to 0 at random, the others enlarged.
        is_causal: query i sees keys 0 to i only; goes with no mask.
        scale: factor on the scores; 1/√E by default.
        enable_gqa: whether K and V may have fewer heads (third axis from the end), each
            serving a group of queries.
        rng: source of randomness for the dropout; the library's generator by default.
        need_weights: whether the weights are given, too.

    Returns:
        A tensor of shape (…, L, F), and with ``need_weights`` that of the weights, of shape
        (…, L, S). A query that sees no key gets zeros.

    Raises:
        ShapeError: the shapes do not fit.
        ValueError: a mask and ``is_causal`` are both given, or ``dropout_p`` is out of range.

    Example:
        >>> keys = [[1.0, 0.0], [1.0, 0.0]]
        >>> scaled_dot_product_attention([[5.0, 1.0]], keys, [[1.0], [3.0]]).tolist()
        [[2.0]]
    """
    query, key, value, mask = operands_of((query, key, value, attn_mask))
    if attn_mask is not None and mask.dtype.kind not in "bf":
        raise TypeError(
            f"scaled_dot_product_attention() was given attn_mask of {mask.dtype}; give booleans, "
            "or floating-point numbers to be added to the scores"
        )
    _check(query, key, value)
    if is_causal and attn_mask is not None:
        raise ValueError(
            "scaled_dot_product_attention() was given attn_mask and is_causal=True; give one "
            "of them"
        )
    if not 0.0 <= dropout_p <= 1.0:
        raise ValueError(
            "scaled_dot_product_attention(): dropout_p is the share of weights set to zero, from "
            f"0 to 1, and {dropout_p} was given"
        )
    if enable_gqa:
        key, value = _for_all_heads(query, key), _for_all_heads(query, value)
    factor = 1 / math.sqrt(max(query.shape[-1], 1)) if scale is None else scale
    # The smaller of the arrays is scaled, not the scores.
    scores = matmul(query * factor, swapaxes(key, -1, -2))
    if is_causal:
        seen = np.tri(scores.shape[-2], scores.shape[-1], dtype=np.bool_)
        scores = where(seen, scores, -math.inf)
    elif mask is not None:
        boolean = mask.dtype.kind == "b"
        scores = where(mask, scores, -math.inf) if boolean else scores + mask
    if attn_mask is None or _all_see(mask):
        weights = softmax(scores, axis=-1)
    else:
        blind = equal(_max(scores, axis=-1, keepdims=True), -math.inf)
        weights = where(blind, 0.0, softmax(where(blind, 0.0, scores), axis=-1))
    if dropout_p:
        draws = live.uniform(random.generator(rng), weights.shape)
        left = 1.0 / (1.0 - dropout_p) if dropout_p < 1 else 0.0
        weights = where(draws >= dropout_p, weights * left, 0.0)
    result = matmul(weights, value)
    return (result, weights) if need_weights else result


def _all_see(mask: Any) -> bool:
    """Whether every query is known to see a key; of what is recorded or mapped nothing is."""
    numbers = mask._data
    if numbers.__class__ is not np.ndarray or not numbers.size or RECORDER.get() is not None:
        return False
    seen = numbers if mask.dtype.kind == "b" else numbers > -math.inf
    return bool(seen.any(-1).all()) if seen.ndim else bool(seen)


def _for_all_heads(query: Any, x: Any) -> Any:
    """Heads repeated, so that every head of the queries has its own."""
    if query.ndim < 3 or x.ndim < 3 or query.shape[-3] % max(x.shape[-3], 1):
        raise ShapeError(
            f"scaled_dot_product_attention() was given queries of shape {query.shape} and keys or "
            f"values of shape {x.shape}; with enable_gqa=True the heads, on the third axis from "
            "the end, of the former must be a multiple of those of the latter"
        )
    heads, rest = x.shape[-3], x.shape[-2:]
    times = query.shape[-3] // max(heads, 1)
    wide = broadcast_to(expand_dims(x, x.ndim - 2), (*x.shape[:-2], times, *rest))
    return wide.reshape((*x.shape[:-3], heads * times, *rest))


def _check(query: Any, key: Any, value: Any) -> None:
    shapes = query.shape, key.shape, value.shape
    if (
        min(len(s) for s in shapes) < 2
        or query.shape[-1] != key.shape[-1]
        or key.shape[-2] != value.shape[-2]
    ):
        raise ShapeError(
            f"scaled_dot_product_attention() was given queries of shape {query.shape}, keys of "
            f"shape {key.shape} and values of shape {value.shape}; give (…, L, E), (…, S, E) and "
            "(…, S, F)"
        )
