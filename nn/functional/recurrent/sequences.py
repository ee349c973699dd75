"""All steps of a sequence, one after the other; also of sequences of several lengths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.extending import constant
from nn.functional.linear_maps import linear
from nn.functional.recurrent import cells

__all__: list[str] = []

States = tuple[Tensor, ...]
Step = Callable[..., States]


class Cell(NamedTuple):
    """What is repeated.

    Attributes:
        step: from what the input gives to the gates, the states before and the weights to the
            next states.
        gates: how many rows of the weights there are for each number of the state.
        states: how many states there are; the first one is the output.
    """

    step: Step
    gates: int
    states: int


CELLS = {
    "RNN_TANH": Cell(cells.rnn_tanh_step, 1, 1),
    "RNN_RELU": Cell(cells.rnn_relu_step, 1, 1),
    "LSTM": Cell(cells.lstm_step, 4, 2),
    "GRU": Cell(cells.gru_step, 3, 1),
}
"""By PyTorch's names of modes."""


class Lengths(NamedTuple):
    """How long each of several padded sequences is.

    Attributes:
        inside: for each step and sequence whether the sequence goes so far, (T, N).
        last: the last step of each, (1, N).
        turned: for each step the one that takes its place when sequences are reversed, (T, N).
    """

    inside: Any
    last: Any
    turned: Any

    @classmethod
    def of(cls, lengths: Any, steps: int) -> Lengths:
        """From the lengths, whole numbers from 1 to ``steps``, of shape (N,)."""
        at = np.arange(steps)[:, None]
        inside = np.less(at, lengths)
        turned = np.where(inside, np.subtract(lengths, 1) - at, at)
        return cls(inside, np.reshape(np.subtract(lengths, 1), (1, -1)), turned)

    def take(self, x: Tensor, places: Any) -> Tensor:
        """What stands in ``x`` (T, N, F) at these steps."""
        taken: Tensor = ad.take_along_axis(x, places[:, :, None], axis=0)
        return taken

    def cut(self, x: Tensor) -> Tensor:
        """``x`` (T, N, F) with zeros after the end of each sequence."""
        kept: Tensor = ad.where(self.inside[:, :, None], x, 0.0)
        return kept


def every_state(cell: Cell, a: Tensor, states: States, *weights: Any) -> States:
    """The states of all steps.

    Args:
        cell: what is repeated.
        a: what the input gives to the gates, of shape (T, N, G).
        states: the states before the first step, each of shape (N, H).
        *weights: further arguments of the step.

    Returns:
        Each state at all steps, of shape (T, N, H).
    """
    found = []
    for t in range(a.shape[0]):
        states = cell.step(a[t], states, *weights)
        found.append(states)
    return tuple(ad.stack(list(of_all)) for of_all in zip(*found, strict=True))


def recurrence(
    cell: Cell,
    x: Tensor,
    states: States,
    weights: tuple[Any, ...],
    lengths: Lengths | None = None,
    *,
    reverse: bool = False,
) -> tuple[Tensor, States]:
    """The outputs of all steps, and the states after the last.

    Args:
        cell: what is repeated.
        x: inputs of shape (T, N, I).
        states: the states before the first step, each of shape (N, H).
        weights: w_ih, b_ih (or None), and then what the step takes.
        lengths: of the sequences, if they are not all T.
        reverse: from the last step of each to the first.
    """
    if reverse:
        x = ad.flip(x, axis=0) if lengths is None else lengths.take(x, lengths.turned)
    w_ih, b_ih, *others = weights
    found = every_state(cell, linear(x, w_ih, b_ih), states, *others)
    y = found[0]
    if lengths is None:
        last = tuple(of_all[-1] for of_all in found)
        return (ad.flip(y, axis=0) if reverse else y), last
    last = tuple(lengths.take(of_all, lengths.last)[0] for of_all in found)
    y = lengths.cut(y)
    return (lengths.take(y, lengths.turned) if reverse else y), last


def zeros(shape: tuple[int, ...], like: Tensor) -> Tensor:
    """A state to begin with."""
    return constant(np.zeros(shape, like.dtype))
