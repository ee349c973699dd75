"""Recurrent layers over whole sequences."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.layers.recurrent.base import RNNBase

__all__ = ["GRU", "LSTM", "RNN"]

Rng = np.random.Generator | int | None

_MODES = {"tanh": "RNN_TANH", "relu": "RNN_RELU"}


class RNN(RNNBase):
    """Elman's recurrent layers: h_t = tanh(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh).

    Called with sequences (T, N, I) it gives the outputs h_t of the last layer at all steps,
    (T, N, D · H), and the states of all layers after the last step, (L · D, N, H); D is 2 if it is
    bidirectional, else 1. A single sequence (T, I) has no axis N in either.

    Sequences of several lengths are given padded with ``lengths=``, N whole numbers, or as a
    `nn.utils.rnn.PackedSequence`. The last states are then those at the end of each, outputs
    after it are 0, and the reverse direction begins at it.

    Source: Elman, "Finding Structure in Time", Cognitive Science 14, 1990.

    Args:
        input_size: I, the length of each input.
        hidden_size: H, the length of a state.
        num_layers: L; each takes the outputs of the one below.
        nonlinearity: "tanh" or "relu".
        bias: whether b_ih and b_hh are added.
        batch_first: take and give (N, T, ·); states stay as they are.
        dropout: share of the outputs set to zero between layers while training.
        bidirectional: also go from the last step to the first.
        rng: a generator or a seed, for the parameters and for dropout; the library's if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Raises:
        ValueError: a size is no positive integer, or the nonlinearity another.

    Example:
        >>> y, h = RNN(2, 3)(np.zeros((5, 4, 2)))
        >>> y.shape, h.shape
        ((5, 4, 3), (1, 4, 3))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        rng: Rng = None,
        dtype: Any = None,
    ) -> None:
        if nonlinearity not in _MODES:
            raise ValueError(f'RNN: nonlinearity is "tanh" or "relu", not {nonlinearity!r}')
        self.nonlinearity: str = nonlinearity
        super().__init__(
            _MODES[nonlinearity],
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            0,
            True,
            rng,
            dtype,
        )

    def extra_repr(self) -> str:
        """The sizes, and what differs from the usual."""
        other = "" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity!r}"
        return super().extra_repr() + other


class LSTM(RNNBase):
    """Layers of long short-term memory; one step is `lstm_cell`, the rest as in `RNN`.

    The states are two, h and c: it is called with ``(h_0, c_0)`` and gives ``(h_n, c_n)`` beside
    the outputs.

    Source: Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9, 1997;
    projections: Sak et al., "Long Short-Term Memory Recurrent Neural Network Architectures", 2014.

    Args:
        input_size: I, the length of each input.
        hidden_size: H, the length of c, and of h if there is no projection.
        num_layers: L; each takes the outputs of the one below.
        bias: whether b_ih and b_hh are added.
        batch_first: take and give (N, T, ·); states stay as they are.
        dropout: share of the outputs set to zero between layers while training.
        bidirectional: also go from the last step to the first.
        proj_size: P; if it is not 0, h = W_hr (σ(o) tanh(c)) has the length P.
        unroll: compute step by step, so that graphs and drawings show what happens in each; else
            all steps are one operation, `autodiff.lstm_recurrence`. With a projection it is step
            by step in any case.
        rng: a generator or a seed, for the parameters and for dropout; the library's if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Raises:
        ValueError: a size is no positive integer, or P not smaller than H.

    Example:
        >>> y, (h, c) = LSTM(2, 3, proj_size=1)(np.zeros((5, 4, 2)))
        >>> y.shape, h.shape, c.shape
        ((5, 4, 1), (1, 4, 1), (1, 4, 3))
    """

    _states = "(h_0, c_0)"

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        *,
        unroll: bool = False,
        rng: Rng = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            "LSTM",
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            proj_size,
            unroll,
            rng,
            dtype,
        )


class GRU(RNNBase):
    """Layers of gated recurrent units; one step is `gru_cell`, the rest as in `RNN`.

    Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", 2014.

    Args:
        input_size: I, the length of each input.
        hidden_size: H, the length of a state.
        num_layers: L; each takes the outputs of the one below.
        bias: whether b_ih and b_hh are added.
        batch_first: take and give (N, T, ·); states stay as they are.
        dropout: share of the outputs set to zero between layers while training.
        bidirectional: also go from the last step to the first.
        rng: a generator or a seed, for the parameters and for dropout; the library's if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Raises:
        ValueError: a size is no positive integer.

    Example:
        >>> y, h = GRU(2, 3, bidirectional=True)(np.zeros((5, 4, 2)))
        >>> y.shape, h.shape
        ((5, 4, 6), (2, 4, 3))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        *,
        rng: Rng = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            "GRU",
            input_size,
            hidden_size,
            num_layers,
            bias,
            batch_first,
            dropout,
            bidirectional,
            0,
            True,
            rng,
            dtype,
        )
