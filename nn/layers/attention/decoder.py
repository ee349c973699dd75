"""The decoder of a Transformer: as the encoder, with attention to what was encoded."""

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

__all__ = ["TransformerDecoder", "TransformerDecoderLayer"]


class TransformerDecoderLayer(Block):
    """Self-attention, attention to the memory and a network of two maps, each added and normalised.

    x ← norm₁(x + attention(x, x)), x ← norm₂(x + attention(x, memory)), x ← norm₃(x + W₂ f(W₁ x));
    with ``norm_first`` each part is given the normalised x, and its result is only added.

    Source: Vaswani et al., "Attention Is All You Need", 2017, section 3.1.

    Args:
        d_model: E, the features of the sequence and of the memory.
        nhead: how many heads share them.
        dim_feedforward: features between the two maps.
        dropout: the share set to 0 at random while training, in six places.
        activation: f, ``"relu"``, ``"gelu"`` or a function.
        layer_norm_eps: ε of the three norms.
        batch_first: whether sequences are (N, L, E), not (L, N, E).
        norm_first: see above.
        bias: whether maps and norms have biases.
        rng: a generator or a seed, for the parameters and the dropout; the library's generator
            if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Raises:
        ValueError: a size is not a positive integer, or E is no multiple of ``nhead``.

    Example:
        >>> layer = TransformerDecoderLayer(8, 2, 16, batch_first=True)
        >>> layer(np.ones((5, 3, 8), np.float32), np.ones((5, 4, 8), np.float32)).shape
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
        attention: Any = {"batch_first": batch_first, **made}
        self.self_attn: MultiheadAttention = MultiheadAttention(
            d_model, nhead, dropout, bias, **attention
        )
        self.multihead_attn: MultiheadAttention = MultiheadAttention(
            d_model, nhead, dropout, bias, **attention
        )
        self.linear1: Linear = Linear(d_model, dim_feedforward, bias, **made)
        self.dropout: Dropout = Dropout(dropout, rng=source)
        self.linear2: Linear = Linear(dim_feedforward, d_model, bias, **made)
        self.norm_first: bool = norm_first
        self.norm1: LayerNorm = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.norm2: LayerNorm = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.norm3: LayerNorm = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.dropout1: Dropout = Dropout(dropout, rng=source)
        self.dropout2: Dropout = Dropout(dropout, rng=source)
        self.dropout3: Dropout = Dropout(dropout, rng=source)
        self.activation: Callable[[Any], Any] = self._made("TransformerDecoderLayer", activation)

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool = False,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """The sequence, of the same shape.

        Args:
            tgt: of shape (L, N, E), (N, L, E) with ``batch_first``, or (L, E).
            memory: what the encoder gave, of shape (S, N, E), (N, S, E) or (S, E).
            tgt_mask: of the self-attention, as ``attn_mask`` of `MultiheadAttention`.
            memory_mask: of the attention to the memory.
            tgt_key_padding_mask: places of ``tgt`` that nobody sees.
            memory_key_padding_mask: places of ``memory`` that nobody sees.
            tgt_is_causal: place i sees places 0 to i only; no mask need be given.
            memory_is_causal: likewise, of the memory.
        """
        live.truth(vars(self), "norm_first")
        memory = cast_input(memory, self.linear1.weight)

        def own(x: Any) -> Any:
            y, _ = self.self_attn(
                *(x, x, x, tgt_key_padding_mask, False, tgt_mask), is_causal=tgt_is_causal
            )
            return self.dropout1(y)

        def other(x: Any) -> Any:
            y, _ = self.multihead_attn(
                *(x, memory, memory, memory_key_padding_mask, False, memory_mask),
                is_causal=memory_is_causal,
            )
            return self.dropout2(y)

        x = self._within(cast_input(tgt, self.linear1.weight), self.norm1, own)
        x = self._within(x, self.norm2, other)
        y: Tensor = self._within(x, self.norm3, lambda x: self.dropout3(self._feed(x)))
        return y


class TransformerDecoder(Module):
    """Decoder layers one after the other.

    Args:
        decoder_layer: one of them, which is copied: all begin with the same parameters, as in
            PyTorch. Draw them anew for a training from the start, as `Transformer` does.
        num_layers: how many.
        norm: a last layer, such as a `LayerNorm`; or None.

    Attributes:
        layers: the copies.

    Raises:
        ValueError: ``num_layers`` is not a positive integer.

    Example:
        >>> layer = TransformerDecoderLayer(8, 2, 16, batch_first=True)
        >>> decoder = TransformerDecoder(layer, 2)
        >>> decoder(np.ones((5, 4, 8), np.float32), np.ones((5, 6, 8), np.float32)).shape
        (5, 4, 8)
    """

    def __init__(self, decoder_layer: Module, num_layers: int, norm: Module | None = None) -> None:
        super().__init__()
        self.layers: ModuleList = ModuleList(
            copies("TransformerDecoder", decoder_layer, num_layers)
        )
        self.num_layers: int = num_layers
        self.norm: Module | None = norm

    def forward(
        self,
        tgt: Any,
        memory: Any,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """The sequence, of the same shape; arguments as those of the layers."""
        for layer in self.layers:
            tgt = layer(
                tgt,
                memory,
                tgt_mask=tgt_mask,
                memory_mask=memory_mask,
                tgt_key_padding_mask=tgt_key_padding_mask,
                memory_key_padding_mask=memory_key_padding_mask,
                tgt_is_causal=bool(tgt_is_causal),
                memory_is_causal=memory_is_causal,
            )
        y: Tensor = tgt if self.norm is None else self.norm(tgt)
        return y
