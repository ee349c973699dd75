"""The Transformer: an encoder, and a decoder that attends to what it gives."""

from __future__ import annotations

from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.init import xavier_uniform
from nn.layers.attention.decoder import TransformerDecoder, TransformerDecoderLayer
from nn.layers.attention.encoder import TransformerEncoder, TransformerEncoderLayer
from nn.layers.attention.stacks import Activation
from nn.layers.normalization.features import LayerNorm
from nn.module.base import Module
from nn.module.dtypes import floating
from nn.module.inputs import as_node

__all__ = ["Transformer"]


class Transformer(Module):
    """Encoder and decoder, each a stack of layers with a norm at its end.

    Source: Vaswani et al., "Attention Is All You Need", 2017, figure 1 without embeddings and
    the last linear map. All matrices begin as "xavier_uniform".

    Args:
        d_model: E, the features of both sequences.
        nhead: how many heads share them.
        num_encoder_layers: layers of the encoder.
        num_decoder_layers: layers of the decoder.
        dim_feedforward: features between the two maps of each layer.
        dropout: the share set to 0 at random while training.
        activation: ``"relu"``, ``"gelu"`` or a function.
        custom_encoder: a module in place of the encoder.
        custom_decoder: a module in place of the decoder.
        layer_norm_eps: ε of all norms.
        batch_first: whether sequences are (N, L, E), not (L, N, E).
        norm_first: whether each part of a layer normalises what it is given, not what it gives.
        bias: whether maps and norms have biases.
        rng: a generator or a seed, for the parameters and the dropout; the library's generator
            if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Raises:
        ValueError: a size is not a positive integer, or E is no multiple of ``nhead``.

    Example:
        >>> model = Transformer(8, 2, 1, 1, 16, batch_first=True)
        >>> model(np.ones((5, 6, 8), np.float32), np.ones((5, 3, 8), np.float32)).shape
        (5, 3, 8)
    """

    def __init__(
        self,
        d_model: int = 512,
        nhead: int = 8,
        num_encoder_layers: int = 6,
        num_decoder_layers: int = 6,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = ad.relu,
        custom_encoder: Module | None = None,
        custom_decoder: Module | None = None,
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
        sizes = (d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps)
        made: Any = {"rng": source, "dtype": dtype}
        how = (batch_first, norm_first, bias)

        def norm() -> LayerNorm:
            return LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)

        self.encoder: Module = custom_encoder or TransformerEncoder(
            TransformerEncoderLayer(*sizes, *how, **made), num_encoder_layers, norm()
        )
        self.decoder: Module = custom_decoder or TransformerDecoder(
            TransformerDecoderLayer(*sizes, *how, **made), num_decoder_layers, norm()
        )
        for parameter in self.parameters():
            if parameter.ndim > 1:
                drawn = xavier_uniform(parameter.shape, rng=source, dtype=parameter.dtype)
                parameter.data = drawn
        self.d_model: int = d_model
        self.nhead: int = nhead
        self.batch_first: bool = batch_first

    def forward(
        self,
        src: Any,
        tgt: Any,
        src_mask: Any = None,
        tgt_mask: Any = None,
        memory_mask: Any = None,
        src_key_padding_mask: Any = None,
        tgt_key_padding_mask: Any = None,
        memory_key_padding_mask: Any = None,
        src_is_causal: bool | None = None,
        tgt_is_causal: bool | None = None,
        memory_is_causal: bool = False,
    ) -> Tensor:
        """What the decoder makes of ``tgt``, of the same shape.

        Args:
            src: what is encoded, of shape (S, N, E), (N, S, E) with ``batch_first``, or (S, E).
            tgt: what is decoded, of shape (L, N, E), (N, L, E) or (L, E).
            src_mask: of the encoder, as ``attn_mask`` of `MultiheadAttention`.
            tgt_mask: of the decoder; see `generate_square_subsequent_mask`.
            memory_mask: of the attention from decoder to encoder.
            src_key_padding_mask: places of ``src`` that nobody sees in the encoder.
            tgt_key_padding_mask: places of ``tgt`` that nobody sees.
            memory_key_padding_mask: places of ``src`` that the decoder does not see.
            src_is_causal: place i sees places 0 to i only; no mask need be given.
            tgt_is_causal: likewise, of the decoder.
            memory_is_causal: likewise, from decoder to encoder.
        """
        src, tgt = as_node(src), as_node(tgt)
        axis = 0 if self.batch_first else 1
        if (
            src.ndim != tgt.ndim
            or src.shape[-1:] != tgt.shape[-1:]
            or (src.ndim == 3 and src.shape[axis] != tgt.shape[axis])
        ):
            raise ShapeError(
                f"Transformer(d_model={self.d_model}) was given src of shape {src.shape} and tgt "
                f"of shape {tgt.shape}; they must have {self.d_model} features and equal batches"
            )
        memory = self.encoder(
            src, mask=src_mask, src_key_padding_mask=src_key_padding_mask, is_causal=src_is_causal
        )
        y: Tensor = self.decoder(
            tgt,
            memory,
            tgt_mask=tgt_mask,
            memory_mask=memory_mask,
            tgt_key_padding_mask=tgt_key_padding_mask,
            memory_key_padding_mask=memory_key_padding_mask,
            tgt_is_causal=tgt_is_causal,
            memory_is_causal=memory_is_causal,
        )
        return y

    @staticmethod
    def generate_square_subsequent_mask(sz: int, *, dtype: Any = None) -> Tensor:
        """The mask with which place i sees places 0 to i: 0 there, −∞ elsewhere.

        Args:
            sz: the length of the sequence.
            dtype: floating dtype; `nn.get_default_dtype` if not given.

        Example:
            >>> Transformer.generate_square_subsequent_mask(2).tolist()
            [[0.0, -inf], [0.0, 0.0]]
        """
        hidden = np.triu(np.ones((sz, sz), np.bool_), 1)
        kind = floating(dtype)
        return ad.Tensor(np.where(hidden, -np.inf, 0.0).astype(kind))
