"""What a row of the table of layers says; see `tests.nn.layer_samples`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import autodiff as ad
import nn

__all__ = ["Ints", "Row"]


@dataclass(frozen=True)
class Ints:
    """An input of whole numbers, such as indices or labels.

    Attributes:
        shape: its shape.
        below: what all of them are smaller than.
    """

    shape: tuple[int, ...]
    below: int


@dataclass(frozen=True)
class Row:
    """One layer with its settings, and what it is called with.

    Attributes:
        name: of its class, in `nn` and (if it is there) in ``torch.nn``.
        args: positional arguments of the constructor; a `Row` for a layer.
        settings: named ones; ``rng`` and ``dtype`` are not among them.
        inputs: for each input a shape, of which floating numbers are made; `Ints`; an array as it
            is, floating ones being brought to the dtype that is tested; or a tuple of these.
        call: named arguments of the call, likewise.
        draws: whether it draws random numbers in training, so that two calls differ.
        batch: whether the inputs' first axis is that of the examples, which do not influence each
            other in eval mode. Then the layer is also mapped over them.
        differentiable: whether gradients reach inputs and parameters.
        transformed: whether transforms take it: a call changes no parameter, and its gradients are
            derivatives, unscaled.
        torch: whether ``torch.nn`` has the same: same name, arguments, state and numbers.
        note: tells rows of one layer apart.
    """

    name: str
    args: tuple[Any, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[Any, ...] = ((4, 3),)
    call: Mapping[str, Any] = field(default_factory=dict)
    draws: bool = False
    batch: bool = True
    differentiable: bool = True
    transformed: bool = True
    torch: bool = True
    note: str = ""

    def __str__(self) -> str:
        given = [*map(str, self.args), *(f"{k}={v}" for k, v in self.settings.items()), self.note]
        return f"{self.name}({', '.join(filter(None, given))})".replace(" ", "")

    def build(self, dtype: Any = np.float64, seed: int = 0) -> nn.Module:
        """The layer, with the same numbers every time for the same seed."""
        # A lazy layer draws its parameters later, from a generator of its own.
        later = {"rng": seed} if self.name.startswith(("LazyLinear", "LazyConv")) else {}
        before = ad.random.generator().bit_generator.state
        ad.random.seed(seed)
        try:
            with nn.default_dtype(dtype):
                args = [
                    one.build(dtype, seed) if isinstance(one, Row) else one for one in self.args
                ]
                made: nn.Module = getattr(nn, self.name)(*args, **self.settings, **later)
        finally:
            ad.random.generator().bit_generator.state = before
        return made

    def arrays(self, dtype: Any = np.float64, seed: int = 1) -> tuple[Any, ...]:
        """The inputs of a call as arrays, or tuples of arrays."""
        rng = np.random.default_rng(seed)
        return tuple(_array(given, rng, dtype) for given in self.inputs)

    def named(self, dtype: Any = np.float64, seed: int = 2) -> dict[str, Any]:
        """The named arguments of a call."""
        rng = np.random.default_rng(seed)
        return {key: _array(given, rng, dtype) for key, given in self.call.items()}

    def build_torch(self, torch: Any) -> Any:
        """PyTorch's, in float64."""
        args = [one.build_torch(torch) if isinstance(one, Row) else one for one in self.args]
        made = getattr(torch.nn, self.name)(*args, **self.settings)
        return made.to(torch.float64)


def _array(given: Any, rng: np.random.Generator, dtype: Any) -> Any:
    if isinstance(given, Ints):
        return rng.integers(0, given.below, given.shape)
    if isinstance(given, np.ndarray):
        return given.astype(dtype) if given.dtype.kind == "f" else given
    if not isinstance(given, tuple):
        return given
    if all(isinstance(n, int) for n in given):
        return rng.standard_normal(given).astype(dtype)
    return tuple(_array(part, rng, dtype) for part in given)
