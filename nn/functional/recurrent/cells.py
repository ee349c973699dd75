"""What one step makes of a state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autodiff as ad
from autodiff import Tensor
from nn.functional.linear_maps import linear
from nn.module.inputs import as_node

__all__ = ["gru_cell", "lstm_cell", "rnn_relu_cell", "rnn_tanh_cell"]

States = tuple[Tensor, ...]


def rnn_tanh_step(a: Tensor, states: States, w_hh: Any, b_hh: Any, w_hr: Any = None) -> States:
    return (ad.tanh(a + linear(states[0], w_hh, b_hh)),)


def rnn_relu_step(a: Tensor, states: States, w_hh: Any, b_hh: Any, w_hr: Any = None) -> States:
    return (ad.relu(a + linear(states[0], w_hh, b_hh)),)


def lstm_step(a: Tensor, states: States, w_hh: Any, b_hh: Any, w_hr: Any = None) -> States:
    h, c = states
    i, f, g, o = ad.split(a + linear(h, w_hh, b_hh), 4, axis=-1)
    c = ad.sigmoid(f) * c + ad.sigmoid(i) * ad.tanh(g)
    h = ad.sigmoid(o) * ad.tanh(c)
    return (h if w_hr is None else linear(h, w_hr)), c


def gru_step(a: Tensor, states: States, w_hh: Any, b_hh: Any, w_hr: Any = None) -> States:
    (h,) = states
    a_r, a_z, a_n = ad.split(a, 3, axis=-1)
    h_r, h_z, h_n = ad.split(linear(h, w_hh, b_hh), 3, axis=-1)
    n = ad.tanh(a_n + ad.sigmoid(a_r + h_r) * h_n)
    # (1 − z) n + z h, with one product less.
    return (n + ad.sigmoid(a_z + h_z) * (h - n),)


def rnn_tanh_cell(
    input: Any, hx: Any, w_ih: Any, w_hh: Any, b_ih: Any = None, b_hh: Any = None
) -> Tensor:
    """h′ = tanh(W_ih x + b_ih + W_hh h + b_hh).

    Source: Elman, "Finding Structure in Time", Cognitive Science 14, 1990.

    Args:
        input: x, of shape (..., I).
        hx: the state h, of shape (..., H).
        w_ih: of shape (H, I).
        w_hh: of shape (H, H).
        b_ih: of shape (H,), or None.
        b_hh: likewise.

    Returns:
        The next state, of shape (..., H).

    Example:
        >>> rnn_tanh_cell([0.5], [0.0], [[1.0]], [[1.0]]).round(3).tolist()
        [0.462]
    """
    return rnn_tanh_step(linear(input, w_ih, b_ih), (as_node(hx),), w_hh, b_hh)[0]


def rnn_relu_cell(
    input: Any, hx: Any, w_ih: Any, w_hh: Any, b_ih: Any = None, b_hh: Any = None
) -> Tensor:
    """h′ = max(W_ih x + b_ih + W_hh h + b_hh, 0); see `rnn_tanh_cell` for the arguments.

    Example:
        >>> rnn_relu_cell([0.5], [0.25], [[1.0]], [[1.0]]).tolist()
        [0.75]
    """
    return rnn_relu_step(linear(input, w_ih, b_ih), (as_node(hx),), w_hh, b_hh)[0]


def lstm_cell(
    input: Any, hx: Sequence[Any], w_ih: Any, w_hh: Any, b_ih: Any = None, b_hh: Any = None
) -> tuple[Tensor, Tensor]:
    """c′ = σ(f) c + σ(i) tanh(g) and h′ = σ(o) tanh(c′), with W_ih x + W_hh h + b = (i, f, g, o).

    Source: Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9, 1997; the
    forget gate f: Gers et al., "Learning to Forget", Neural Computation 12, 2000.

    Args:
        input: x, of shape (..., I).
        hx: the states h and c, each of shape (..., H).
        w_ih: of shape (4 H, I), the rows of i, f, g, o one after the other.
        w_hh: of shape (4 H, H).
        b_ih: of shape (4 H,), or None.
        b_hh: likewise.

    Returns:
        The next states h′ and c′.

    Example:
        >>> h, c = lstm_cell([1.0], ([0.0], [1.0]), [[0.0]] * 4, [[0.0]] * 4)
        >>> c.tolist(), h.round(3).tolist()
        ([0.5], [0.231])
    """
    h, c = lstm_step(linear(input, w_ih, b_ih), tuple(map(as_node, hx)), w_hh, b_hh)
    return h, c


def gru_cell(
    input: Any, hx: Any, w_ih: Any, w_hh: Any, b_ih: Any = None, b_hh: Any = None
) -> Tensor:
    """h′ = (1 − z) n + z h, with n = tanh(W_in x + b_in + r (W_hn h + b_hn)).

    The gates are r = σ(W_ir x + b_ir + W_hr h + b_hr) and likewise z.

    Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder", 2014; with
    r after the product, as in PyTorch.

    Args:
        input: x, of shape (..., I).
        hx: the state h, of shape (..., H).
        w_ih: of shape (3 H, I), the rows of r, z, n one after the other.
        w_hh: of shape (3 H, H).
        b_ih: of shape (3 H,), or None.
        b_hh: likewise.

    Returns:
        The next state, of shape (..., H).

    Example:
        >>> gru_cell([1.0], [0.5], [[0.0]] * 3, [[0.0]] * 3).tolist()
        [0.25]
    """
    return gru_step(linear(input, w_ih, b_ih), (as_node(hx),), w_hh, b_hh)[0]
