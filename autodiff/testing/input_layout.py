"""All inputs of a function as one vector of real numbers, and what its entries are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.functions.elementwise.complex_numbers import imag, real
from autodiff.graph.node import Node

__all__ = ["Argument", "InputLayout", "as_index"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Argument:
    """One input of the function under test, or the real or imaginary part of one.

    Attributes:
        name: as it is called in reports.
        shape: of its array; () for a single number.
        start: where its entries begin in the vector of all inputs.
        dtype: the floating type it was given in.
        half: "real" or "imag" for a part of a complex input.
    """

    name: str
    shape: tuple[int, ...]
    start: int
    dtype: np.dtype[Any]
    half: str = ""

    @property
    def size(self) -> int:
        """Number of entries."""
        return int(np.prod(self.shape, dtype=int))

    @property
    def entries(self) -> slice:
        """Where its entries are in the vector of all inputs."""
        return slice(self.start, self.start + self.size)


class InputLayout:
    """How the inputs lie one behind another in one vector.

    A complex input counts as two arguments: its real and its imaginary part.

    Args:
        names: one for each input.
        arrays: their values, in any floating or complex type.

    Attributes:
        names: as given.
        arguments: one for each real input, two for each complex one.
        size: the number of entries of them all.
    """

    def __init__(self, names: Sequence[str], arrays: Sequence[Any]) -> None:
        self.names: list[str] = list(names)
        self._complex = [array.dtype.kind == "c" for array in arrays]
        every = [
            (name, half)
            for name, halved in zip(names, self._complex, strict=True)
            for half in (("real", "imag") if halved else ("",))
        ]
        self.arguments: list[Argument] = []
        start = 0
        for (name, half), array in zip(every, self.halves(arrays), strict=True):
            called = f"{name}.{half}" if half else name
            argument = Argument(called, array.shape, start, array.dtype, half)
            self.arguments.append(argument)
            start += argument.size
        self.size = start

    def halves(self, arrays: Sequence[Any]) -> list[Any]:
        """What belongs to the inputs, arrays or nodes or None, as what belongs to the arguments.

        A number of things other than that of the inputs is handed back as it is.
        """
        if len(arrays) != len(self._complex):
            return list(arrays)
        found: list[Any] = []
        for array, halved in zip(arrays, self._complex, strict=True):
            if not halved:
                found.append(array)
            elif array is None:
                found += [None, None]
            elif isinstance(array, Node):
                node: Any = array
                found += [real(node), imag(node)]
            else:
                found += [np.real(array), np.imag(array)]
        return found

    def inputs(self, vector: Array) -> list[Any]:
        """The inputs as arrays of their shapes, the real ones as views of the vector."""
        parts = iter(self.split(vector))
        return [
            next(parts) + 1j * next(parts) if halved else next(parts) for halved in self._complex
        ]

    def join(self, arrays: Sequence[Any]) -> Array:
        """The vector of all entries of the arguments, in float64; None counts as zeros."""
        vector = np.zeros(self.size)
        for argument, array in zip(self.arguments, arrays, strict=True):
            if array is not None:
                vector[argument.entries] = np.asarray(array, np.float64).ravel()
        return vector

    def split(self, vector: Array) -> list[Array]:
        """The arguments as arrays of their shapes: views of the vector."""
        return [vector[a.entries].reshape(a.shape) for a in self.arguments]

    def argument_of(self, position: int) -> int:
        """Which argument an entry of the vector belongs to."""
        return next(
            i for i, a in enumerate(self.arguments) if a.start <= position < a.start + a.size
        )

    def index_of(self, position: int) -> tuple[int, ...]:
        """The index of an entry of the vector within its argument."""
        argument = self.arguments[self.argument_of(position)]
        return as_index(position - argument.start, argument.shape)

    def scales(self, x: Array) -> Array:
        """The typical size of the entries of the argument that each entry belongs to."""
        sizes = np.ones_like(x)
        for argument in self.arguments:
            part = x[argument.entries]
            part = part[np.isfinite(part) & (part != 0)]
            if part.size:
                largest = float(np.max(np.abs(part)))
                sizes[argument.entries] = largest * np.sqrt(np.mean((part / largest) ** 2))
        return sizes

    def rounding(self, x: Array, gradient: Array, size: float) -> Array:
        """A unit of rounding for each entry of a gradient, whatever cancelled in it.

        Args:
            x: the point.
            gradient: the gradient there.
            size: of the function's value.

        Returns:
            What a change in the last place of the value, or of the largest contribution to
            its change, would make of each entry.
        """
        scales = self.scales(x)
        contributions = np.where(np.isfinite(gradient), np.abs(gradient), 0.0) * scales
        largest = np.max(contributions, initial=size if np.isfinite(size) else 0.0)
        return np.asarray(largest / scales * np.finfo(float).eps)


def as_index(position: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    """A position in a flattened array as an index."""
    return tuple(int(i) for i in np.unravel_index(position, shape)) if shape else ()
