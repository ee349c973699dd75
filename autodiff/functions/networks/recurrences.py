"""Recurrences of networks over all steps, each in one operation."""

from __future__ import annotations

from typing import Any

from autodiff.errors import ShapeError
from autodiff.ops.networks import recurrences as _ops
from autodiff.tensors.operands import operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

__all__ = ["lstm_recurrence"]


def lstm_recurrence(a: Any, w: Any, h: Any, c: Any) -> Tensor:
    """c_t = f c + i g and h_t = o tanh(c_t) at all steps, below the gates i, f, g, o.

    With (i, f, g, o) = a_t + w h, of which i, f, o go through σ and g through tanh: long
    short-term memory, once its inputs have been multiplied with their weights. It is one node
    of the graph, with all that happened inside for its result.

    Source: Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9, 1997.

    Args:
        a: what the inputs give, of shape (T, N, 4 H): T steps, N sequences; for i, f, g, o one
            after the other, as in PyTorch.
        w: weights of the state h before, of shape (4 H, H).
        h: the state before the first step, of shape (N, H).
        c: likewise.

    Returns:
        Of shape (T, 6, N, H): at each step the gates i, f, g, o and the states c and h. Before
        T, w's, h's and c's axes there may be more of the same lengths.

    Raises:
        ShapeError: the shapes do not fit, or there is no step.

    Derivative: of the result's gradient g, a receives the linear recurrence of g from the last step
    to the first; w receives the sum over steps of what a receives, times the state h before; h
    receives what a receives at the first step, times w; c receives what the first c receives, times
    its gate f.

    Example:
        >>> import numpy as np
        >>> y = lstm_recurrence(np.zeros((2, 1, 4)), np.zeros((4, 1)), [[0.0]], [[1.0]])
        >>> y[:, 4].ravel().tolist()
        [0.5, 0.25]
    """
    a, w, h, c = operands_of((a, w, h, c))
    size = w.shape[-1] if w.ndim else 0
    fits = a.ndim >= 3 and a.shape[-1] == 4 * size and a.shape[-3] > 0
    state = (*a.shape[:-3], *a.shape[-2:-1], size)
    if not fits or w.shape != (*a.shape[:-3], 4 * size, size) or (h.shape, c.shape) != (state,) * 2:
        raise ShapeError(
            f"lstm_recurrence() was given inputs of shape {a.shape}, weights of shape {w.shape} "
            f"and states of shapes {h.shape} and {c.shape}; give (T, N, 4 H) with T at least 1, "
            "(4 H, H), and (N, H) twice"
        )
    return apply(_ops.lstm_recurrence, a, w, h, c)
