"""Attention with several heads."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor, live
from autodiff.errors import ShapeError
from nn.functional.attention import multi_head_attention_forward
from nn.functional.noise import check_share
from nn.init import zeros
from nn.layers import making
from nn.layers.linear_maps import Linear
from nn.module.base import Module
from nn.module.inputs import cast_input
from nn.module.parameter import Parameter

__all__ = ["MultiheadAttention"]


class MultiheadAttention(Module):
    """Attention in several heads; see `multi_head_attention_forward`.

    concat(head₁ … head_H) Wᵀ + b, with head_i = softmax(Q_i K_iᵀ / √(E/H) + mask) V_i of
    projections Q_i, K_i, V_i of queries, keys and values.

    Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.2.2.

    Args:
        embed_dim: E, the features of queries and results.
        num_heads: H; must divide E.
        dropout: the share of weights set to 0 at random while training.
        bias: whether the projections have biases.
        add_bias_kv: whether a key and a value that are learned stand beside the others.
        add_zero_attn: whether a key and a value of zeros stand beside the others.
        kdim: features of the keys; E if not given.
        vdim: features of the values; E if not given.
        batch_first: whether sequences are (N, L, E), not (L, N, E).
        rng: a generator or a seed, for the parameters and the dropout; the library's generator
            if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Attributes:
        in_proj_weight: parameter of shape (3E, E), the three projections; None if ``kdim`` or
            ``vdim`` is not E. It begins as "xavier_uniform".
        q_proj_weight, k_proj_weight, v_proj_weight: then parameters of shapes (E, E),
            (E, kdim) and (E, vdim); else None.
        in_proj_bias: parameter of shape (3E,), begins at 0; or None.
        bias_k, bias_v: parameters of shape (1, 1, E), or None.
        out_proj: `Linear`, the last projection.

    Raises:
        ValueError: a size is not a positive integer, or E is no multiple of H.

    Example:
        >>> layer = MultiheadAttention(8, 2, batch_first=True)
        >>> x = np.ones((5, 3, 8), np.float32)
        >>> y, weights = layer(x, x, x)
        >>> y.shape, weights.shape
        ((5, 3, 8), (5, 3, 3))
    """

    in_proj_weight: Parameter | None
    q_proj_weight: Parameter | None
    k_proj_weight: Parameter | None
    v_proj_weight: Parameter | None
    in_proj_bias: Parameter | None
    bias_k: Parameter | None
    bias_v: Parameter | None

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        name = "MultiheadAttention"
        self.embed_dim: int = making.whole(name, "embed_dim", embed_dim)
        self.num_heads: int = making.whole(name, "num_heads", num_heads)
        if self.embed_dim % self.num_heads:
            raise ValueError(
                f"{name}: embed_dim={embed_dim} features do not divide into num_heads={num_heads} "
                "equal parts; give a multiple"
            )
        self.kdim: int = self.embed_dim if kdim is None else making.whole(name, "kdim", kdim)
        self.vdim: int = self.embed_dim if vdim is None else making.whole(name, "vdim", vdim)
        self.dropout: float = check_share(dropout)
        self.add_zero_attn: bool = add_zero_attn
        self.batch_first: bool = batch_first
        self.rng: np.random.Generator | None = None if rng is None else ad.random.generator(rng)
        made: Any = {"rng": self.rng, "dtype": dtype}
        e, packed = self.embed_dim, self.kdim == self.vdim == self.embed_dim
        scheme = "xavier_uniform"
        self.in_proj_weight = making.weight((3 * e, e), scheme, **made) if packed else None
        self.q_proj_weight = None if packed else making.weight((e, e), scheme, **made)
        self.k_proj_weight = None if packed else making.weight((e, self.kdim), scheme, **made)
        self.v_proj_weight = None if packed else making.weight((e, self.vdim), scheme, **made)
        self.in_proj_bias = Parameter(zeros(3 * e, dtype=dtype), role="bias") if bias else None
        self.bias_k = self._row(made) if add_bias_kv else None
        self.bias_v = self._row(made) if add_bias_kv else None
        self.out_proj: Linear = Linear(e, e, bias, **made)
        if self.out_proj.bias is not None:
            self.out_proj.bias.data = zeros(e, dtype=dtype)

    def _row(self, made: Any) -> Parameter:
        return making.weight((1, 1, self.embed_dim), "xavier_normal", role="bias", **made)

    def forward(
        self,
        query: Any,
        key: Any,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """What every query gets, and the weights or None.

        Args:
            query: of shape (L, N, E), (N, L, E) with ``batch_first``, or (L, E).
            key: of shape (S, N, kdim), (N, S, kdim) or (S, kdim).
            value: of shape (S, N, vdim), (N, S, vdim) or (S, vdim).
            key_padding_mask: of shape (N, S) or (S,): true for a key that nobody sees, or
                numbers that are added to its scores.
            need_weights: whether the weights are given, (N, L, S).
            attn_mask: of shape (L, S) or (N·H, L, S): true where a query does not see a key,
                or numbers that are added to the scores.
            average_attn_weights: false for the weights of every head, (N, H, L, S).
            is_causal: query i sees keys 0 to i only; no mask need be given.

        A query that sees no key has the weights 0 and gets the bias of ``out_proj``.
        """
        same, shared = query is key is value, key is value
        like: Any = self.in_proj_weight if self.q_proj_weight is None else self.q_proj_weight
        query = cast_input(query, like)
        key = query if same else cast_input(key, like)
        value = key if shared else cast_input(value, like)
        self._check(query, key, value)
        turned = self.batch_first and query.ndim == 3
        if turned:
            query, old = ad.swapaxes(query, 0, 1), (query, key)
            key = query if key is old[0] else ad.swapaxes(key, 0, 1)
            value = key if value is old[1] else ad.swapaxes(value, 0, 1)
        y, weights = multi_head_attention_forward(
            *(query, key, value, self.embed_dim, live.setting(vars(self), "num_heads")),
            *(self.in_proj_weight, self.in_proj_bias, self.bias_k, self.bias_v),
            live.truth(vars(self), "add_zero_attn"),
            live.setting(vars(self), "dropout"),
            *(self.out_proj.weight, self.out_proj.bias, self.training),
            *(key_padding_mask, need_weights, attn_mask, self.in_proj_weight is None),
            *(self.q_proj_weight, self.k_proj_weight, self.v_proj_weight),
            average_attn_weights=average_attn_weights,
            is_causal=is_causal,
            rng=self.rng,
        )
        return (ad.swapaxes(y, 0, 1) if turned else y), weights

    def _check(self, query: Tensor, key: Tensor, value: Tensor) -> None:
        wanted = {"query": self.embed_dim, "key": self.kdim, "value": self.vdim}
        for (name, length), x in zip(wanted.items(), (query, key, value), strict=True):
            if x.ndim not in (2, 3) or x.shape[-1] != length or x.ndim != query.ndim:
                layout = f"(N, L, {length})" if self.batch_first else f"(L, N, {length})"
                raise ShapeError(
                    f"MultiheadAttention({self.extra_repr()}) takes a {name} of shape {layout} or "
                    f"(L, {length}), all three with a batch or none, and got {query.shape}, "
                    f"{key.shape} and {value.shape}"
                )

    def extra_repr(self) -> str:
        """Features, heads, and what differs from the usual."""
        parts = [str(self.embed_dim), str(self.num_heads)]
        parts += [f"dropout={self.dropout:g}"] if self.dropout else []
        parts += ["bias=False"] if self.in_proj_bias is None else []
        parts += ["add_bias_kv=True"] if self.bias_k is not None else []
        parts += ["add_zero_attn=True"] if self.add_zero_attn else []
        parts += [f"kdim={self.kdim}"] if self.kdim != self.embed_dim else []
        parts += [f"vdim={self.vdim}"] if self.vdim != self.embed_dim else []
        parts += ["batch_first=True"] if self.batch_first else []
        return ", ".join(parts)
