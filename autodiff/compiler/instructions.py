"""The functions of arrays that a recorded program consists of, each described in one row.

A row says what passes and writers ask: whose function it is and so what its arguments mean, what
becomes of memory, and which entry of the operation table it is. How it is written is a matter of
each writer.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from autodiff.ops import Elementwise, Primitive, every_primitive

__all__ = [
    "ADD_REDUCE",
    "COPY",
    "COPYTO",
    "DIVIDE",
    "GETITEM",
    "MULTIPLY",
    "RANDOM",
    "SETITEM",
    "VIEW",
    "Instruction",
    "of_kernel",
    "of_method",
    "of_ufunc",
]


@dataclass(frozen=True, slots=True, eq=False)
class Instruction:
    """A function of arrays, as passes and writers know it.

    Each stands for one function, so two of them are compared by ``is``.

    Attributes:
        name: what it is called where it is from, as ``matmul``, ``add.reduce``, ``one_hot``.
        origin: where it is from: ``"numpy"``, ``"library"`` (one of this library's functions on
            arrays), ``"method"`` (of the first argument) or ``"operator"`` (of Python).
            Arguments are those of that function.
        function: the function itself, on real arrays.
        writes: it writes into the first argument, and gives nothing; or it may end the program
            there, which is as if what comes later looked at what it wrote.
        is_view: the result may lie in the memory of the first argument.
        takes_out: the result can be written into memory that is given.
        elementwise: each element of the result depends on that element of operands only.
        draws: it gives something else each time.
        weak_numbers: a Python number beside one floating array takes that array's dtype.
        all_axes: without an axis it is taken along all of them.
        moves_axes: it gives the first argument with its axes in another order.
        without_entry: what it is, where the operation table has no entry for it.
    """

    name: str
    origin: str
    function: Callable[..., Any]
    writes: bool = False
    is_view: bool = False
    takes_out: bool = False
    elementwise: bool = False
    draws: bool = False
    weak_numbers: bool = False
    all_axes: bool = False
    moves_axes: bool = False
    without_entry: str = ""

    def __str__(self) -> str:
        return f"numpy.{self.name}" if self.origin == "numpy" else self.name

    @property
    def entry(self) -> Primitive | None:
        """The entry of the operation table that it is, with its formula and derivative.

        `autodiff.compiler.meanings` says what the entry is given for the arguments of a call.

        Example:
            >>> of_ufunc(np.tanh, "__call__").entry, of_ufunc(np.add, "reduce").entry
            (<elementwise primitive 'tanh'>, <structural primitive 'sum'>)
        """
        return None if self.without_entry else _entries().get(self.name)

    def axes_moved(self, args: tuple[Any, ...], ndim: int) -> tuple[int, ...]:
        """The axes in their order in the result, for one that moves them.

        Args:
            args: what the function is given beside the array.
            ndim: number of axes.

        Example:
            >>> swap = Instruction("swapaxes", "numpy", np.swapaxes, moves_axes=True)
            >>> swap.axes_moved((0, -1), 3)
            (2, 1, 0)
        """
        # Axes that are as long as their number tell where they went.
        moved: tuple[int, ...] = self.function(np.empty(tuple(range(ndim))), *args).shape
        return moved


_REDUCTIONS = {"add": "sum", "multiply": "prod", "maximum": "max", "minimum": "min"}


@cache
def _entries() -> dict[str, Primitive]:
    """The entries by the names of the functions that they are."""
    entries = every_primitive().values()
    found = {(isinstance(e, Elementwise) and e.ufunc) or e.name: e for e in entries}
    return found | {f"{name}.reduce": found[entry] for name, entry in _REDUCTIONS.items()}


_WEAK_NUMBERS = {
    *(np.add, np.subtract, np.multiply, np.divide, np.power, np.maximum, np.minimum),
    *(np.greater, np.greater_equal, np.less, np.less_equal, np.equal, np.not_equal),
}


_NUMPYS_OWN = "an elementwise function of NumPy's, in no derivative"
_WITHOUT_ENTRY = {
    **dict.fromkeys("bitwise_and bitwise_or bitwise_xor bitwise_count invert".split(), "bits"),
    **dict.fromkeys("left_shift right_shift gcd lcm".split(), "whole numbers"),
    **dict.fromkeys("copysign degrees radians fabs float_power fmax fmin".split(), _NUMPYS_OWN),
    **dict.fromkeys("fmod heaviside ldexp nextafter spacing signbit isnat".split(), _NUMPYS_OWN),
    "one_hot": "indices of classes as ones and zeros",
    "add_at": "a write that adds to elements",
    "require_finite": "a check",
    "last_writers": "positions: of equal indices the last",
    "max_pool_places": "positions of maxima",
    "strong_zero": "a choice: 0 where the cotangent is 0, whatever it is multiplied with",
    "short_rows": "movement: a copy in another order of memory where that is sooner reduced",
    "standardize_pull": "the rule of standardize",
    "affine_standardize_packed": "the rule of affine_standardize",
    "affine_standardize_pull": "the rule of affine_standardize",
    "mean_variance": "reductions",
    "exchanges": "movement of rows, as a permutation",
    "permutation": "movement of rows, as a matrix",
    "rank": "a count",
    "lstm_adjoint": "a linear recurrence, from the last step to the first",
    **dict.fromkeys("matvec vecdot vecmat".split(), "product"),
    "copy": "movement",
    "view": "movement: the same bits, read as another type",
}

_WRITES = ("add_at", "require_finite")


@cache
def of_ufunc(ufunc: np.ufunc, method: str) -> Instruction:
    """The row of a ufunc, called or by its method ``reduce``."""
    called = method == "__call__"
    name = ufunc.__name__ if called else f"{ufunc.__name__}.{method}"
    reason = "" if called or ufunc.__name__ in _REDUCTIONS else "reduction"
    return Instruction(
        name,
        "numpy",
        getattr(ufunc, method),
        takes_out=ufunc.nout == 1,
        elementwise=called and ufunc.signature is None,
        weak_numbers=called and ufunc in _WEAK_NUMBERS,
        without_entry=_WITHOUT_ENTRY.get(name, reason),
    )


@cache
def of_kernel(function: Callable[..., Any]) -> Instruction:
    """The row of one of the library's own functions of arrays."""
    name = function.__name__
    # Without what looks for stand-ins among the arguments.
    plain = getattr(function, "__wrapped__", function)
    reason = _WITHOUT_ENTRY.get(name, "")
    return Instruction(name, "library", plain, writes=name in _WRITES, without_entry=reason)


@cache
def of_method(name: str) -> Instruction:
    """The row of a method of arrays."""
    reason = _WITHOUT_ENTRY.get(name, "")
    return Instruction(name, "method", getattr(np.ndarray, name), without_entry=reason)


ADD_REDUCE = of_ufunc(np.add, "reduce")
DIVIDE, MULTIPLY = (of_ufunc(ufunc, "__call__") for ufunc in (np.divide, np.multiply))
COPY, VIEW = of_method("copy"), of_method("view")
COPYTO = Instruction("copyto", "numpy", np.copyto, writes=True, without_entry="a write")
RANDOM = Instruction(
    "random",
    "method",
    np.random.Generator.random,
    takes_out=True,
    draws=True,
    without_entry="random numbers",
)
GETITEM = Instruction("getitem", "operator", operator.getitem)
SETITEM = Instruction("setitem", "operator", operator.setitem, writes=True, without_entry="a write")
