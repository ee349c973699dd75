"""Attention with several heads: projections, heads, masks."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.functional.linear_maps import linear
from nn.module.inputs import as_node, cast_input

__all__ = ["multi_head_attention_forward"]

_NAME = "multi_head_attention_forward"


def multi_head_attention_forward(
    query: Any,
    key: Any,
    value: Any,
    embed_dim_to_check: int,
    num_heads: int,
    in_proj_weight: Any,
    in_proj_bias: Any,
    bias_k: Any,
    bias_v: Any,
    add_zero_attn: bool,
    dropout_p: float,
    out_proj_weight: Any,
    out_proj_bias: Any,
    training: bool = True,
    key_padding_mask: Any = None,
    need_weights: bool = True,
    attn_mask: Any = None,
    use_separate_proj_weight: bool = False,
    q_proj_weight: Any = None,
    k_proj_weight: Any = None,
    v_proj_weight: Any = None,
    static_k: None = None,
    static_v: None = None,
    average_attn_weights: bool = True,
    is_causal: bool = False,
    *,
    rng: np.random.Generator | None = None,
) -> tuple[Tensor, Tensor | None]:
    """Attention in several heads, as `nn.MultiheadAttention` computes it.

    Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.2.2.

    Args:
        query: of shape (L, N, E), or (L, E) without a batch.
        key: of shape (S, N, Ek), or (S, Ek).
        value: of shape (S, N, Ev), or (S, Ev).
        embed_dim_to_check: E, the length of the last axis of the queries.
        num_heads: H, how many heads share the E features.
        in_proj_weight: the projections of queries, keys and values, (3E, E); not with
            ``use_separate_proj_weight``.
        in_proj_bias: of shape (3E,), or None.
        bias_k: a key of shape (1, 1, E) beside the others, seen by every query; or None.
        bias_v: its value.
        add_zero_attn: whether a key and a value of zeros stand beside the others.
        dropout_p: the share of weights set to 0 at random in training.
        out_proj_weight: the projection of what the heads give, (E, E).
        out_proj_bias: of shape (E,), or None.
        training: whether weights are dropped.
        key_padding_mask: of shape (N, S) or (S,): true for a key that nobody sees, or numbers
            that are added to its scores.
        need_weights: whether the weights are given, too.
        attn_mask: of shape (L, S) or (N·H, L, S): true where a query does **not** see a key
            (`autodiff.scaled_dot_product_attention` has it the other way round), or numbers
            that are added to the scores.
        use_separate_proj_weight: whether the three projections are apart.
        q_proj_weight: that of the queries, (E, E).
        k_proj_weight: that of the keys, (E, Ek).
        v_proj_weight: that of the values, (E, Ev).
        static_k: refused.
        static_v: refused.
        average_attn_weights: whether the weights are the means over the heads.
        is_causal: query i sees keys 0 to i only. This holds beside ``attn_mask``, which need
            not be given.
        rng: source of randomness for the dropout; the library's generator by default.

    Returns:
        The result, of the shape of the queries; and the weights, of shape (N, L, S) or
        (N, H, L, S), or None. A query that sees no key has the weights 0, and so gets the
        bias of the last projection (in PyTorch: NaN).

    Raises:
        ShapeError: the shapes do not fit.
        TypeError: a mask is neither of booleans nor of floating-point numbers.
        ValueError: ``static_k`` or ``static_v`` is given.

    Example:
        >>> x, one = np.ones((2, 1, 4)), np.eye(4)
        >>> y, weights = multi_head_attention_forward(
        ...     x, x, x, 4, 2, np.vstack([one] * 3), None, None, None, False, 0.0, one, None
        ... )
        >>> y.shape, weights.tolist()
        ((2, 1, 4), [[[0.5, 0.5], [0.5, 0.5]]])
    """
    if static_k is not None or static_v is not None:
        raise ValueError(
            f"{_NAME}() takes no static_k and static_v; give them to "
            "autodiff.scaled_dot_product_attention, which projects nothing"
        )
    parts = _projected(
        *(query, key, value, embed_dim_to_check, in_proj_bias),
        [q_proj_weight, k_proj_weight, v_proj_weight] if use_separate_proj_weight else None,
        in_proj_weight,
    )
    alone = parts[0].ndim == 2
    if alone:
        parts = [ad.expand_dims(part, 1) for part in parts]
    batch, length = parts[0].shape[1], parts[1].shape[0]
    masks = _masks(attn_mask, key_padding_mask, num_heads, (parts[0].shape[0], length, batch))
    extra = (bias_k is not None) + bool(add_zero_attn)
    if bias_k is not None:
        parts[1:] = [_beside(x, row) for x, row in zip(parts[1:], (bias_k, bias_v), strict=True)]
    if add_zero_attn:
        zeros = np.zeros((1, 1, embed_dim_to_check), parts[1].dtype)
        parts[1:] = [_beside(x, zeros) for x in parts[1:]]
    # (length, batch, features) → (batch, heads, length, features of a head)
    q, k, v = (
        ad.permute_dims(
            ad.reshape(x, (x.shape[0], batch, num_heads, embed_dim_to_check // num_heads)),
            (1, 2, 0, 3),
        )
        for x in parts
    )
    mask, causal = _joined(masks, is_causal, (q.shape[-2], length), extra, q)
    y, weights = ad.scaled_dot_product_attention(
        q, k, v, mask, dropout_p if training else 0.0, causal, rng=rng, need_weights=True
    )
    y = ad.reshape(ad.permute_dims(y, (2, 0, 1, 3)), (y.shape[-2], batch, embed_dim_to_check))
    y = linear(y, out_proj_weight, out_proj_bias)
    if not need_weights:
        return (y[:, 0] if alone else y), None
    weights = ad.mean(weights, axis=1) if average_attn_weights else weights
    return (y[:, 0], weights[0]) if alone else (y, weights)


def _projected(
    query: Any, key: Any, value: Any, width: int, bias: Any, apart: Any, packed: Any
) -> list[Tensor]:
    """Queries, keys and values behind their projections; equal ones are projected together."""
    same, shared = query is key is value, key is value
    q, k, v = (as_node(x) for x in (query, key, value))
    if not (
        q.ndim == k.ndim == v.ndim
        and q.ndim in (2, 3)
        and q.shape[-1] == width
        and k.shape[:-1] == v.shape[:-1]
        and (q.ndim == 2 or q.shape[1] == k.shape[1])
    ):
        raise ShapeError(
            f"{_NAME}() was given queries of shape {q.shape}, keys of shape {k.shape} and values "
            f"of shape {v.shape}; give (L, N, {width}), (S, N, Ek) and (S, N, Ev), or all three "
            "without N"
        )
    biases = [None] * 3 if bias is None else [bias[i * width : (i + 1) * width] for i in range(3)]
    if apart is not None:
        return [linear(*one) for one in zip((q, k, v), apart, biases, strict=True)]
    if same:
        return _thirds(linear(q, packed, bias), width)
    if shared:
        both = linear(k, packed[width:], None if bias is None else bias[width:])
        return [linear(q, packed[:width], biases[0]), *_thirds(both, width)]
    apart = [packed[i * width : (i + 1) * width] for i in range(3)]
    return [linear(*one) for one in zip((q, k, v), apart, biases, strict=True)]


def _thirds(x: Tensor, width: int) -> list[Tensor]:
    return [x[..., i : i + width] for i in range(0, x.shape[-1], width)]


def _beside(x: Tensor, row: Any) -> Tensor:
    """A key or value of shape (1, 1, E) after those of every sample."""
    longer: Tensor = ad.concatenate([x, ad.broadcast_to(row, (1, *x.shape[1:]))], axis=0)
    return longer


def _masks(attn_mask: Any, padding: Any, heads: int, sizes: tuple[int, int, int]) -> list[Tensor]:
    """The masks there are, of shapes that broadcast to (N, H, L, S)."""
    target, source, batch = sizes
    found: list[Tensor] = []
    if attn_mask is not None:
        mask = _checked("attn_mask", attn_mask)
        if mask.shape not in ((target, source), (batch * heads, target, source)):
            raise ShapeError(
                f"{_NAME}() was given attn_mask of shape {mask.shape}; give ({target}, {source}), "
                f"queries by keys, or ({batch * heads}, {target}, {source}), one for every head "
                "of every sample"
            )
        whole = mask.ndim == 3
        found.append(ad.reshape(mask, (batch, heads, target, source)) if whole else mask)
    if padding is not None:
        mask = _checked("key_padding_mask", padding)
        if mask.shape != (batch, source) and not (batch == 1 and mask.shape == (source,)):
            raise ShapeError(
                f"{_NAME}() was given key_padding_mask of shape {mask.shape}; give "
                f"({batch}, {source}), samples by keys"
            )
        found.append(ad.reshape(mask, (batch, 1, 1, source)))
    return found


def _checked(name: str, mask: Any) -> Tensor:
    given = as_node(mask)
    if given.dtype.kind not in "bf":
        raise TypeError(
            f"{_NAME}() was given {name} of {given.dtype}; give booleans, true for what is not "
            "seen, or floating-point numbers to be added to the scores"
        )
    return given


def _joined(
    masks: list[Tensor], causal: bool, sizes: tuple[int, int], extra: int, like: Tensor
) -> tuple[Tensor | None, bool]:
    """One mask as `scaled_dot_product_attention` takes it; or None, and whether it is causal."""
    if causal and not masks and not extra:
        return None, True
    if causal:
        masks = [*masks, as_node(~np.tri(*sizes, dtype=np.bool_))]
    if not masks:
        return None, False
    if all(mask.dtype.kind == "b" for mask in masks):
        hidden = masks[0]
        for mask in masks[1:]:
            hidden = ad.logical_or(hidden, mask)
        return _widened(ad.logical_not(hidden), extra, True), False
    total: Any = 0.0
    for mask in masks:
        boolean = mask.dtype.kind == "b"
        none = np.zeros((), like.dtype)
        total = total + (ad.where(mask, -math.inf, none) if boolean else cast_input(mask, like))
    return _widened(total, extra, 0.0), False


def _widened(mask: Tensor, extra: int, value: Any) -> Tensor:
    """The mask with columns for the keys that stand beside the others, which everybody sees."""
    if not extra:
        return mask
    column = np.full((*mask.shape[:-1], extra), value, mask.dtype)
    wide: Tensor = ad.concatenate([mask, column], axis=-1)
    return wide
