"""Recurrences over bands, which sum over all ways through a chain of states."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.shaping.shaping import broadcast_to
from autodiff.ops.reductions import recurrences as _ops
from autodiff.tensors.operands import operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor

__all__ = ["banded_recurrence", "log_banded_recurrence"]


def banded_recurrence(w: Any, b: Any) -> Tensor:
    """h_t[s] = Σ_k w_k,t[s]·h_{t-1}[s-k] + b_t[s], beginning with 0.

    Each state comes from itself (k = 0) and its neighbours before it; what would come from
    before the first is 0. It is the solution of a triangular system with K bands of blocks.

    Args:
        w: weights of shape (…, K, T, S): K bands, T steps, S states. Those of the first
            step meet nothing.
        b: summands of shape (…, T, S).

    Returns:
        The states h of all steps, of shape (…, T, S).

    Raises:
        ShapeError: the shapes do not fit.

    Derivative: of the result's gradient g, w receives what b receives, times the state before,
    moved by the band; b receives the recurrence of g from the last step to the first.

    Example:
        >>> banded_recurrence(np.ones((2, 3, 2)), np.eye(3, 2)).tolist()
        [[1.0, 0.0], [1.0, 2.0], [1.0, 3.0]]
    """
    w, b = operands_of((w, b))
    if w.ndim < 3 or b.ndim < 2 or w.shape[-2:] != b.shape[-2:]:
        raise ShapeError(
            f"banded_recurrence() was given weights of shape {w.shape} and summands of shape "
            f"{b.shape}; give (…, K, T, S) and (…, T, S)"
        )
    w, b = _together("banded_recurrence", w, b, 3)
    return apply(_ops.banded_recurrence, w, b)


def log_banded_recurrence(w: Any, x: Any) -> Tensor:
    """y_t[s] = log Σ_k exp(w_k[s] + y_{t-1}[s-k]) + x_t[s], beginning with x_0.

    The forward algorithm of a hidden Markov chain whose ways lead to the same state or to one
    of the next K − 1: the log-probability of all ways to each state. Its gradient by ``x`` is
    the probability that a way is there, as the forward-backward algorithm finds it.

    Source: Rabiner, "A Tutorial on Hidden Markov Models", 1989, equations 19, 20 and 27.

    Args:
        w: log-probabilities of the ways, of shape (…, K, S): to state s from state s − k; −∞
            where there is none.
        x: log-probabilities of what is seen, of shape (…, T, S): T steps, S states.

    Returns:
        The log-probabilities y of all steps, of shape (…, T, S); −∞ where no way leads, with
        a gradient of 0.

    Raises:
        ShapeError: the shapes do not fit.

    Derivative: of the result's gradient g, w receives what x receives, times the share of each way,
    summed over the steps; x receives the recurrence of g back, each way with its share.

    Example:
        >>> seen = np.log([[0.5, 0.5], [0.5, 0.5]])
        >>> np.exp(log_banded_recurrence(np.zeros((2, 2)), seen).numpy()).tolist()
        [[0.5, 0.5], [0.25, 0.5]]
    """
    w, x = operands_of((w, x))
    if w.ndim < 2 or x.ndim < 2 or w.shape[-1] != x.shape[-1]:
        raise ShapeError(
            f"log_banded_recurrence() was given ways of shape {w.shape} and x of shape "
            f"{x.shape}; give (…, K, S) and (…, T, S)"
        )
    w, x = _together("log_banded_recurrence", w, x, 2)
    return apply(_ops.log_banded_recurrence, w, x)


def _together(name: str, w: Any, b: Any, own: int) -> tuple[Any, Any]:
    """Both for the same chains: the axes before the last ``own`` of w and 2 of b broadcast."""
    chains = w.shape[:-own], b.shape[:-2]
    if chains[0] == chains[1]:
        return w, b
    try:
        shape = np.broadcast_shapes(*chains)
    except ValueError:
        raise ShapeError(
            f"{name}() was given shapes {w.shape} and {b.shape}, whose leading lengths "
            f"{chains[0]} and {chains[1]} do not broadcast"
        ) from None
    return broadcast_to(w, shape + w.shape[-own:]), broadcast_to(b, shape + b.shape[-2:])
