"""One step of a recurrent layer, for loops of one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.errors import ShapeError
from nn.functional.recurrent.cells import gru_cell, lstm_cell, rnn_relu_cell, rnn_tanh_cell
from nn.functional.recurrent.sequences import zeros
from nn.layers import making
from nn.module.base import Module
from nn.module.inputs import cast_input
from nn.module.parameter import Parameter
from nn.module.resetting import Resettable

__all__ = ["GRUCell", "LSTMCell", "RNNCell"]

Rng = np.random.Generator | int | None


class RNNCellBase(Resettable, Module):
    """Base of the cells, which say what function they are.

    Attributes:
        weight_ih: parameter of shape (gates · H, I).
        weight_hh: parameter of shape (gates · H, H).
        bias_ih: parameter of shape (gates · H,), or None; so is `bias_hh`.
    """

    weight_ih: Parameter
    weight_hh: Parameter
    bias_ih: Parameter | None
    bias_hh: Parameter | None

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool, gates: int, rng: Rng, dtype: Any
    ) -> None:
        super().__init__()
        kind, rng = type(self).__name__, ad.random.generator(rng)
        self.input_size: int = making.whole(kind, "input_size", input_size)
        self.hidden_size: int = making.whole(kind, "hidden_size", hidden_size)
        self.bias: bool = bool(bias)
        rows, hidden = gates * self.hidden_size, self.hidden_size

        def made(role: str, *shape: int) -> Parameter:
            return making.within(shape, hidden, rng=rng, dtype=dtype, role=role)

        self.weight_ih = made("weight", rows, self.input_size)
        self.weight_hh = made("weight", rows, hidden)
        self.bias_ih = made("bias", rows) if self.bias else None
        self.bias_hh = made("bias", rows) if self.bias else None

    def _next(self, function: Callable[..., Any], input: Any, states: list[Any]) -> Any:
        """The states after one step; None stands for zeros."""
        x = cast_input(input, self.weight_ih)
        if x.ndim not in (1, 2) or x.shape[-1] != self.input_size:
            raise ShapeError(
                f"{self} takes inputs of shape (N, {self.input_size}) or ({self.input_size},), and "
                f"got {x.shape}"
            )
        wanted = (*x.shape[:-1], self.hidden_size)
        found = [
            zeros(wanted, self.weight_ih) if h is None else cast_input(h, self.weight_ih)
            for h in states
        ]
        if wrong := [h.shape for h in found if h.shape != wanted]:
            raise ShapeError(
                f"{self} takes states of shape {wanted} beside inputs of shape {x.shape}, and got "
                f"{wrong[0]}"
            )
        hx = found[0] if len(found) == 1 else tuple(found)
        return function(x, hx, self.weight_ih, self.weight_hh, self.bias_ih, self.bias_hh)

    def extra_repr(self) -> str:
        """The sizes, and whether the biases are missing."""
        return f"{self.input_size}, {self.hidden_size}" + ("" if self.bias else ", bias=False")


class RNNCell(RNNCellBase):
    """One step of `RNN`: h′ = tanh(W_ih x + b_ih + W_hh h + b_hh).

    Args:
        input_size: I, the length of the input.
        hidden_size: H, the length of the state.
        bias: whether b_ih and b_hh are added.
        nonlinearity: "tanh" or "relu".
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Raises:
        ValueError: a size is no positive integer, or the nonlinearity another.

    Example:
        >>> RNNCell(2, 3)(np.zeros((4, 2))).shape
        (4, 3)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        *,
        rng: Rng = None,
        dtype: Any = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f'RNNCell: nonlinearity is "tanh" or "relu", not {nonlinearity!r}')
        super().__init__(input_size, hidden_size, bias, 1, rng, dtype)
        self.nonlinearity: str = nonlinearity

    def forward(self, input: Any, hx: Any = None) -> Tensor:
        """The next state, of shape (N, H) or (H,)."""
        function = rnn_tanh_cell if self.nonlinearity == "tanh" else rnn_relu_cell
        following: Tensor = self._next(function, input, [hx])
        return following

    def extra_repr(self) -> str:
        """The sizes, and what differs from the usual."""
        other = "" if self.nonlinearity == "tanh" else f", nonlinearity={self.nonlinearity!r}"
        return super().extra_repr() + other


class LSTMCell(RNNCellBase):
    """One step of `LSTM`, from ``(h, c)`` to ``(h′, c′)``; see `lstm_cell`.

    Args:
        input_size: I, the length of the input.
        hidden_size: H, the length of the states.
        bias: whether b_ih and b_hh are added.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Raises:
        ValueError: a size is no positive integer.

    Example:
        >>> h, c = LSTMCell(2, 3)(np.zeros((4, 2)))
        >>> h.shape, c.shape
        ((4, 3), (4, 3))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        *,
        rng: Rng = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 4, rng, dtype)

    def forward(self, input: Any, hx: Any = None) -> tuple[Tensor, Tensor]:
        """The next states, each of shape (N, H) or (H,)."""
        states = [None, None] if hx is None else list(hx)
        following: tuple[Tensor, Tensor] = self._next(lstm_cell, input, states)
        return following


class GRUCell(RNNCellBase):
    """One step of `GRU`; see `gru_cell`.

    Args:
        input_size: I, the length of the input.
        hidden_size: H, the length of the state.
        bias: whether b_ih and b_hh are added.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Raises:
        ValueError: a size is no positive integer.

    Example:
        >>> GRUCell(2, 3)(np.zeros(2)).shape
        (3,)
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        *,
        rng: Rng = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(input_size, hidden_size, bias, 3, rng, dtype)

    def forward(self, input: Any, hx: Any = None) -> Tensor:
        """The next state, of shape (N, H) or (H,)."""
        following: Tensor = self._next(gru_cell, input, [hx])
        return following
