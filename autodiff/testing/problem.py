"""What is to be checked, reduced to two functions of vectors."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodiff.testing.input_layout import InputLayout
from autodiff.testing.report import Finding

__all__ = [
    "LowPrecision",
    "PairProblem",
    "Problem",
    "double",
    "flat",
    "name_of",
    "names_of",
    "same",
]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LowPrecision:
    """A gradient computed in float32, say.

    Attributes:
        parts: one array or None for each input.
        depth: how many operations the rounding went through.
    """

    parts: list[Any]
    depth: int


class Problem(ABC):
    """A function, its gradient, and the point to compare them at.

    Attributes:
        name: of the function.
        layout: how its inputs lie in one vector.
        x: the point, as that vector.
        shape: of the function's result; set when it is first evaluated.
        halves: the result is complex, its last axis holds real and imaginary part.
        changed: names of what was found to be modified by the function or its gradient.
    """

    name: str
    layout: InputLayout
    x: Array
    shape: tuple[int, ...] = ()
    halves: bool = False

    def __init__(self) -> None:
        self.changed: set[str] = set()

    @abstractmethod
    def value(self, x: Array) -> Array:
        """The function's result at ``x``, flattened, in float64."""

    @abstractmethod
    def pull(self, x: Array, cotangents: Iterable[Array]) -> list[list[Any]]:
        """What the gradient function gives for each cotangent: an array or None per input."""

    def vjp(self, x: Array, cotangents: Iterable[Array]) -> Array:
        """The gradients for several cotangents as vectors, shape (cotangents, inputs)."""
        rows = [self.layout.join(parts) for parts in self.pull(x, cotangents)]
        return np.array(rows).reshape(len(rows), self.layout.size)

    def pull_twice(self, cotangent: Array) -> list[Any] | None:
        """What two backward passes leave behind together; None if nothing accumulates."""
        return None

    def fresh_value(self) -> Array:
        """The result at the point, computed as it is when gradients are wanted."""
        return self.value(self.x)

    def low_precision(self, cotangent: Array) -> LowPrecision | None:
        """The gradient in the inputs' own precision; None where that is not lower."""
        return None

    def least_noise(self) -> Array:
        """What each entry of the result is known to be uncertain by, beside what shows."""
        return np.zeros(int(np.prod(self.shape)))

    def further_findings(self, rng: np.random.Generator) -> list[Finding]:
        """Structural faults that only this kind of problem can have."""
        return []


class PairProblem(Problem):
    """A function of arrays together with a hand-written gradient of it.

    Args:
        value: ``value(*arrays)``, the result.
        vjp: ``vjp(cotangent, *arrays)``: one array (or None) for each input.
        inputs: the point.
        names: of the inputs.
        name: of the function.
    """

    def __init__(
        self,
        value: Callable[..., Any],
        vjp: Callable[..., Any],
        inputs: Sequence[Any],
        names: Sequence[str],
        name: str,
    ) -> None:
        super().__init__()
        arrays = [double(x) for x in inputs]
        self.name = name
        self.layout: InputLayout = InputLayout(names, arrays)
        self.x: Array = self.layout.join(self.layout.halves(arrays))
        self._value, self._vjp = value, vjp

    def value(self, x: Array) -> Array:
        """See `Problem.value`."""
        arrays = self.layout.inputs(x.copy())
        result = double(self._value(*arrays)).copy()
        self.halves: bool = result.dtype.kind == "c"
        if self.halves:
            result = np.stack([result.real, result.imag], axis=-1)
        self.shape: tuple[int, ...] = result.shape
        self._watch(arrays, x)
        return flat(result)

    def pull(self, x: Array, cotangents: Iterable[Array]) -> list[list[Any]]:
        """See `Problem.pull`."""
        found = []
        for cotangent in cotangents:
            arrays = self.layout.inputs(x.copy())
            given = np.array(cotangent).reshape(self.shape)
            if self.halves:
                given = given[..., 0] + 1j * given[..., 1]
            before = given.copy()
            parts = self._vjp(given, *arrays)
            if not isinstance(parts, tuple | list):
                parts = (parts,)
            gradients = [None if part is None else np.asarray(part) for part in parts]
            found.append(self.layout.halves(gradients))
            self._watch(arrays, x)
            if not same(given, before):
                self.changed.add("the cotangent")
        return found

    def _watch(self, arrays: Sequence[Array], x: Array) -> None:
        for name, array, own in zip(self.layout.names, arrays, self.layout.inputs(x), strict=True):
            if not same(array, own):
                self.changed.add(f"the input {name!r}")


def double(x: Any) -> Any:
    """An array in double precision, real or complex."""
    array = np.asarray(x)
    return np.asarray(array, np.complex128 if array.dtype.kind == "c" else np.float64)


def same(a: Any, b: Any) -> bool:
    """Whether two arrays are equal bit for bit, with NaN equal to itself."""
    return np.array_equal(a, b, equal_nan=True)


def flat(array: Any) -> Array:
    """A copy of an array as a vector of float64."""
    return np.array(array, np.float64).ravel()


def name_of(function: Callable[..., Any]) -> str:
    """What to call a function in a report."""
    name = str(getattr(function, "__name__", type(function).__name__))
    return "the function" if name == "<lambda>" else name


def names_of(
    function: Callable[..., Any], inputs: Sequence[Any], names: Sequence[str] | None
) -> list[str]:
    """Names for the inputs: those given, the inputs' own, or those of the parameters."""
    count = len(inputs)
    if names is not None:
        if len(names) != count:
            raise ValueError(
                f"{len(names)} names were given for {count} inputs: {', '.join(names)}; "
                "give one name for each input"
            )
        return list(names)
    code = getattr(inspect.unwrap(function), "__code__", None)
    parameters = list(code.co_varnames[: code.co_argcount]) if code is not None else []
    if parameters[:1] == ["self"]:
        del parameters[0]
    if len(parameters) < count:
        parameters = ["x"] if count == 1 else [f"x{i}" for i in range(count)]
    own = [getattr(x, "name", None) for x in inputs]
    return [str(mine or parameters[i]) for i, mine in enumerate(own)]
