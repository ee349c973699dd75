"""What recurrent layers share: settings, parameters by PyTorch's names, states, lengths."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

import numpy as np

import autodiff as ad
from autodiff import Tensor, live
from autodiff.errors import ShapeError
from autodiff.extending import raw
from nn.functional.noise import check_share, dropout
from nn.functional.recurrent.sequences import CELLS, Cell, Lengths, recurrence, zeros
from nn.layers import making
from nn.module.base import Module
from nn.module.inputs import cast_input
from nn.module.parameter import Parameter
from nn.module.resetting import Resettable
from nn.utils.rnn import PackedSequence

__all__ = ["RNNBase"]

States = tuple[Tensor, ...]


class RNNBase(Resettable, Module):
    """Base of `RNN`, `LSTM` and `GRU`, which say what is repeated.

    Attributes:
        mode: "RNN_TANH", "RNN_RELU", "LSTM" or "GRU".
        unroll: whether all steps are made of the operations of single ones.
        weight_ih_l0: parameter of shape (gates · H, I), of the first layer; (gates · H, D · P)
            in `weight_ih_l1` and so on.
        weight_hh_l0: parameter of shape (gates · H, P).
        bias_ih_l0: parameter of shape (gates · H,), unless ``bias`` is false; so is `bias_hh_l0`.
        weight_hr_l0: parameter of shape (P, H), if there is a projection.
        weight_ih_l0_reverse: likewise for the other direction, and so on.
    """

    weight_ih_l0: Parameter
    weight_hh_l0: Parameter
    _states: ClassVar[str] = "h_0"

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int,
        bias: bool,
        batch_first: bool,
        dropout: float,
        bidirectional: bool,
        proj_size: int,
        unroll: bool,
        rng: np.random.Generator | int | None,
        dtype: Any,
    ) -> None:
        super().__init__()
        kind = type(self).__name__
        self.mode: str = mode
        self.input_size: int = making.whole(kind, "input_size", input_size)
        self.hidden_size: int = making.whole(kind, "hidden_size", hidden_size)
        self.num_layers: int = making.whole(kind, "num_layers", num_layers)
        self.bias: bool = bool(bias)
        self.batch_first: bool = bool(batch_first)
        self.dropout: float = check_share(dropout)
        self.bidirectional: bool = bool(bidirectional)
        self.proj_size: int = making.whole(kind, "proj_size", proj_size, 0)
        if self.proj_size >= self.hidden_size:
            raise ValueError(
                f"{kind}: proj_size must be smaller than hidden_size {hidden_size}, not {proj_size}"
            )
        self.unroll: bool = bool(unroll)
        if self.dropout and self.num_layers == 1:
            warnings.warn(
                f"{kind}: dropout={dropout} acts between layers, and num_layers is 1; give more "
                "layers, or put nn.Dropout after it",
                stacklevel=3,
            )
        self.rng: np.random.Generator | None = None if rng is None else ad.random.generator(rng)
        self._make(self.rng, dtype)

    def _make(self, rng: np.random.Generator | None, dtype: Any) -> None:
        rows, hidden = self._cell.gates * self.hidden_size, self.hidden_size

        def made(role: str, *shape: int) -> Parameter:
            return making.within(shape, hidden, rng=rng, dtype=dtype, role=role)

        for place in self._places():
            first = place.partition("_")[0] == "l0"
            inputs = self.input_size if first else self._ways * self._outputs
            setattr(self, f"weight_ih_{place}", made("weight", rows, inputs))
            setattr(self, f"weight_hh_{place}", made("weight", rows, self._outputs))
            if self.bias:
                setattr(self, f"bias_ih_{place}", made("bias", rows))
                setattr(self, f"bias_hh_{place}", made("bias", rows))
            if self.proj_size:
                setattr(self, f"weight_hr_{place}", made("weight", self.proj_size, hidden))

    @property
    def _cell(self) -> Cell:
        return CELLS[self.mode]

    @property
    def _ways(self) -> int:
        return 2 if self.bidirectional else 1

    @property
    def _outputs(self) -> int:
        """How long an output of one direction is."""
        return self.proj_size or self.hidden_size

    def _places(self) -> list[str]:
        ends = ("", "_reverse")[: self._ways]
        return [f"l{layer}{end}" for layer in range(self.num_layers) for end in ends]

    def _names(self, place: str) -> list[str]:
        names = [f"weight_ih_{place}", f"weight_hh_{place}"]
        names += [f"bias_ih_{place}", f"bias_hh_{place}"] if self.bias else []
        return [*names, f"weight_hr_{place}"] if self.proj_size else names

    @property
    def all_weights(self) -> list[list[Parameter]]:
        """The parameters of each layer and direction."""
        return [[getattr(self, name) for name in self._names(p)] for p in self._places()]

    def flatten_parameters(self) -> None:
        """Nothing: parameters lie as they are. It is here for code that calls it."""

    def forward(self, input: Any, hx: Any = None, *, lengths: Any = None) -> Any:
        """The outputs of all steps, and the states after the last step of each sequence."""
        if isinstance(input, PackedSequence):
            return self._packed(input, hx, lengths)
        x = cast_input(input, self.weight_ih_l0)
        shape = x.shape
        if len(shape) not in (2, 3) or shape[-1] != self.input_size:
            raise ShapeError(
                f"{self._named()} takes sequences of shape {self._layout()} with input_size "
                f"{self.input_size}, or (T, {self.input_size}) of a single one, and got {shape}"
            )
        single = len(shape) == 2
        if single:
            x = x[:, None]
        elif self.batch_first:
            x = ad.swapaxes(x, 0, 1)
        steps, batch = x.shape[:2]
        if not steps:
            raise ShapeError(f"{self._named()} takes sequences of at least one step, got {shape}")
        ends = None if lengths is None else Lengths.of(self._checked(lengths, steps, batch), steps)
        if ends is not None:
            # What stands after an end has no influence, not even if it is NaN.
            x = ends.cut(x)
        y, last = self._run(x, self._begin(hx, batch, single), ends)
        if single:
            y, last = y[:, 0], tuple(h[:, 0] for h in last)
        elif self.batch_first:
            y = ad.swapaxes(y, 0, 1)
        return y, self._end(last)

    def _packed(self, packed: PackedSequence, hx: Any, lengths: Any) -> Any:
        if lengths is not None:
            raise ValueError(
                f"{self._named()} was given a PackedSequence, which has its lengths, and lengths"
            )
        data = cast_input(packed.data, self.weight_ih_l0)
        if data.ndim != 2 or data.shape[1] != self.input_size:
            raise ShapeError(
                f"{self._named()} takes packed data of shape (Σ lengths, {self.input_size}), and "
                f"got {data.shape}"
            )
        x = packed.with_data(data).padded()
        steps, batch = x.shape[:2]
        states = self._begin(hx, batch, single=False)
        order, back = packed.sorted_indices, packed.unsorted_indices
        if hx is not None and order is not None:
            states = tuple(h[:, order] for h in states)
        y, last = self._run(x, states, Lengths.of(packed.lengths(), steps))
        if back is not None:
            last = tuple(h[:, back] for h in last)
        return packed.with_data(y[packed.places()]), self._end(last)

    def _run(self, x: Tensor, states: States, ends: Lengths | None) -> tuple[Tensor, States]:
        places, found = self._places(), []
        for layer in range(self.num_layers):
            if layer:
                share = live.setting(vars(self), "dropout")
                x = dropout(x, share, self.training, rng=self.rng)
            outputs = []
            for way in range(self._ways):
                at = layer * self._ways + way
                begin, weights = tuple(h[at] for h in states), self._weights(places[at])
                y, last = recurrence(
                    self._cell, x, begin, weights, ends, reverse=bool(way), unroll=self.unroll
                )
                outputs.append(y)
                found.append(last)
            x = outputs[0] if len(outputs) == 1 else ad.concatenate(outputs, axis=-1)
        return x, tuple(ad.stack(list(parts)) for parts in zip(*found, strict=True))

    def _weights(self, place: str) -> tuple[Any, ...]:
        w_ih, w_hh = getattr(self, f"weight_ih_{place}"), getattr(self, f"weight_hh_{place}")
        b_ih = getattr(self, f"bias_ih_{place}") if self.bias else None
        b_hh = getattr(self, f"bias_hh_{place}") if self.bias else None
        w_hr = getattr(self, f"weight_hr_{place}") if self.proj_size else None
        return w_ih, b_ih, w_hh, b_hh, w_hr

    def _begin(self, hx: Any, batch: int, single: bool) -> States:
        """The states before the first step, each of shape (L · D, N, ·)."""
        lengths = (self._outputs, self.hidden_size)[: self._cell.states]
        at = self.num_layers * self._ways
        shapes = [(at, batch, length) for length in lengths]
        if hx is None:
            return tuple(zeros(shape, self.weight_ih_l0) for shape in shapes)
        given = (hx,) if self._cell.states == 1 else tuple(hx)
        states = [cast_input(h, self.weight_ih_l0) for h in given]
        wanted: list[tuple[int, ...]] = []
        wanted += [(at, length) for at, _, length in shapes] if single else shapes
        if [h.shape for h in states] != wanted:
            raise ShapeError(
                f"{self._named()} takes {self._states} of shape {_listed(wanted)}, and got "
                f"{_listed([h.shape for h in states])}"
            )
        return tuple(h[:, None] for h in states) if single else tuple(states)

    def _end(self, last: States) -> Any:
        return last[0] if self._cell.states == 1 else last

    def _checked(self, lengths: Any, steps: int, batch: int) -> Any:
        """Lengths as an array; what a compiled step is recorded with has no numbers to check."""
        found = raw(lengths) if isinstance(lengths, Tensor) else lengths
        found = np.asarray(found) if isinstance(found, list | tuple) else found
        if np.shape(found) != (batch,) or found.dtype.kind not in "iu":
            raise ShapeError(
                f"{self._named()} takes lengths as whole numbers of shape ({batch},), one for "
                f"each sequence, and got {lengths!r}"
            )
        if found.__class__ is np.ndarray and batch and not 1 <= found.min() <= found.max() <= steps:
            raise ValueError(
                f"{self._named()} takes lengths from 1 to the {steps} steps that there are, and "
                f"got {found.tolist()}; leave empty sequences out"
            )
        return found

    def _layout(self) -> str:
        return "(N, T, I)" if self.batch_first else "(T, N, I)"

    def _named(self) -> str:
        place, what = self._scope.mark
        return what if place == type(self).__name__ else f"{what}, the part {place!r},"

    def extra_repr(self) -> str:
        """The sizes, and what differs from the usual."""
        usual = {
            "num_layers": 1,
            "bias": True,
            "batch_first": False,
            "dropout": 0.0,
            "bidirectional": False,
            "proj_size": 0,
            "unroll": self.mode != "LSTM",
        }
        changed = [f"{k}={getattr(self, k)}" for k, v in usual.items() if getattr(self, k) != v]
        return ", ".join([str(self.input_size), str(self.hidden_size), *changed])


def _listed(shapes: list[tuple[int, ...]]) -> str:
    return " and ".join(map(str, shapes))
