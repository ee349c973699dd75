"""The encoder of a Transformer: self-attention and two linear maps, stacked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor, live
from nn.layers.attention.multihead import MultiheadAttention
from nn.layers.attention.stacks import Activation, Block, copies
from nn.layers.linear_maps import Linear
from nn.layers.noise import Dropout
from nn.layers.normalization.features import LayerNorm
from nn.module.base import Module
from nn.module.containers import ModuleList
from nn.module.inputs import cast_input

__all__ = ["TransformerEncoder", "TransformerEncoderLayer"]


class TransformerEncoderLayer(Block):
    """Self-attention and a network of two maps, each added to its input and normalised.

    x ← norm₁(x + attention(x)), x ← norm₂(x + W₂ f(W₁ x)); with ``norm_first`` x ← x +
    attention(norm₁(x)), x ← x + W₂ f(W₁ norm₂(x)).

    Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.1; ``norm_first`` is of
    Xiong et al., "On Layer Normalization in the Transformer Architecture", 2020.

    Args:
        d_model: E, the features of the sequence.
        nhead: how many heads share them.
        dim_feedforward: features between the two maps.
        dropout: the share set to 0 at random while training, in four places.
        activation: f, ``"relu"``, ``"gelu"`` or a function.
        layer_norm_eps: ε of the two norms.
        batch_first: whether sequences are (N, L, E), not (L, N, E).
        norm_first: see above.
        bias: whether maps and norms have biases.
        rng: a generator or a seed, for the parameters and the dropout; the library's generator
            if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Raises:
        ValueError: a size is not a positive integer, or E is no multiple of ``nhead``.

    Example:
        >>> layer = TransformerEncoderLayer(8, 2, 16, batch_first=True)
        >>> layer(np.ones((5, 3, 8), np.float32)).shape
        (5, 3, 8)
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = ad.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        source = None if rng is None else ad.random.generator(rng)
        made: Any = {"rng": source, "dtype": dtype}
        self.self_attn: MultiheadAttention = MultiheadAttention(
            d_model, nhead, dropout, bias, batch_first=batch_first, **made
        )
        self.linear1: Linear = Linear(d_model, dim_feedforward, bias, **made)
        self.dropout: Dropout = Dropout(dropout, rng=source)
        self.linear2: Linear = Linear(dim_feedforward, d_model, bias, **made)
        self.norm_first: bool = norm_first
        self.norm1: LayerNorm = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.norm2: LayerNorm = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.dropout1: Dropout = Dropout(dropout, rng=source)
        self.dropout2: Dropout = Dropout(dropout, rng=source)
        self.activation: Callable[[Any], Any] = self._made("TransformerEncoderLayer", activation)

    def forward(
        self,
        src: Any,
        src_mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Tensor:
        """The sequence, of the same shape.

        Args:
            src: of shape (L, N, E), (N, L, E) with ``batch_first``, or (L, E).
            src_mask: as ``attn_mask`` of `MultiheadAttention`.
            src_key_padding_mask: as ``key_padding_mask`` there.
            is_causal: place i sees places 0 to i only; no mask need be given.
        """
        live.truth(vars(self), "norm_first")

        def attention(x: Any) -> Any:
            y, _ = self.self_attn(
                *(x, x, x, src_key_padding_mask, False, src_mask), is_causal=is_causal
            )
            return self.dropout1(y)

        x = self._within(cast_input(src, self.linear1.weight), self.norm1, attention)
        y: Tensor = self._within(x, self.norm2, lambda x: self.dropout2(self._feed(x)))
        return y


class TransformerEncoder(Module):
    """Encoder layers one after the other.

    Args:
        encoder_layer: one of them, which is copied: all begin with the same parameters, as in
            PyTorch. Draw them anew for a training from the start, as `Transformer` does.
        num_layers: how many.
        norm: a last layer, such as a `LayerNorm`; or None.
        enable_nested_tensor: without meaning: padded places are computed as all others. (PyTorch
            gives zeros there, if it is true and nothing needs a gradient.)
        mask_check: without meaning, likewise.

    Attributes:
        layers: the copies.

    Raises:
        ValueError: ``num_layers`` is not a positive integer.

    Example:
        >>> layer = TransformerEncoderLayer(8, 2, 16, batch_first=True)
        >>> TransformerEncoder(layer, 3)(np.ones((5, 4, 8), np.float32)).shape
        (5, 4, 8)
    """

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ) -> None:
        super().__init__()
        self.layers: ModuleList = ModuleList(
            copies("TransformerEncoder", encoder_layer, num_layers)
        )
        self.num_layers: int = num_layers
        self.norm: Module | None = norm

    def forward(
        self,
        src: Any,
        mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool | None = None,
    ) -> Tensor:
        """The sequence, of the same shape; arguments as those of the layers."""
        for layer in self.layers:
            src = layer(
                src,
                src_mask=mask,
                src_key_padding_mask=src_key_padding_mask,
                is_causal=bool(is_causal),
            )
        y: Tensor = src if self.norm is None else self.norm(src)
        return y
