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
Weights = tuple[Any, ...]
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


LSTM = Cell(cells.lstm_step, 4, 2)

CELLS = {
    "RNN_TANH": Cell(cells.rnn_tanh_step, 1, 1),
    "RNN_RELU": Cell(cells.rnn_relu_step, 1, 1),
    "LSTM": LSTM,
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


def step_by_step(cell: Cell, x: Tensor, states: States, weights: Weights) -> States:
    """Each state at all steps, of shape (T, N, H), by the operations of a single step."""
    w_ih, b_ih, *others = weights
    a, found = linear(x, w_ih, b_ih), []
    for t in range(a.shape[0]):
        states = cell.step(a[t], states, *others)
        found.append(states)
    return tuple(ad.stack(list(of_all)) for of_all in zip(*found, strict=True))


def lstm_at_once(x: Tensor, states: States, weights: Weights) -> States:
    """The same for an LSTM without projection, in one operation for all steps."""
    w_ih, b_ih, w_hh, b_hh, _ = weights
    a = linear(x, w_ih, b_ih if b_hh is None else b_ih + b_hh)
    y = ad.lstm_recurrence(a, w_hh, *states)
    return y[:, 5], y[:, 4]


def recurrence(
    cell: Cell,
    x: Tensor,
    states: States,
    weights: Weights,
    lengths: Lengths | None = None,
    *,
    reverse: bool = False,
    unroll: bool = False,
) -> tuple[Tensor, States]:
    """The outputs of all steps, and the states after the last.

    Args:
        cell: what is repeated.
        x: inputs of shape (T, N, I).
        states: the states before the first step, each of shape (N, H).
        weights: w_ih, b_ih, w_hh, b_hh, w_hr, the latter three as the step takes them.
        lengths: of the sequences, if they are not all T.
        reverse: from the last step of each to the first.
        unroll: in the operations of single steps, also where one operation can do all.
    """
    if reverse:
        x = ad.flip(x, axis=0) if lengths is None else lengths.take(x, lengths.turned)
    if cell is LSTM and not unroll and weights[-1] is None:
        found = lstm_at_once(x, states, weights)
    else:
        found = step_by_step(cell, x, states, weights)
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
