"""The functions of arrays that a recorded program consists of, each described in one row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

__all__ = [
    "ADD_REDUCE",
    "COPY",
    "COPYTO",
    "DIVIDE",
    "GETITEM",
    "MEAN",
    "MULTIPLY",
    "NUMPY",
    "PLAIN",
    "RANDOM",
    "SETITEM",
    "TRANSPOSE",
    "VIEW",
    "Instruction",
    "of_kernel",
    "of_method",
    "of_ufunc",
]

Axes = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Instruction:
    """A function of arrays, as passes and writers know it.

    Each stands for one function, so two of them are compared by ``is``.

    Attributes:
        name: what it is called, as in ``np.matmul``.
        form: how a call is written: ``"call"`` of a function of NumPy, ``"kernel"`` for a call
            of one of the library's, ``"method"`` of the first argument, ``"index"`` or
            ``"assignment"`` to elements.
        writes: it writes into the first argument, and gives nothing.
        is_view: the result may lie in the memory of the first argument.
        takes_out: the result can be written into memory that is given.
        elementwise: each element of the result depends on that element of operands only.
        draws: it gives something else each time.
        weak_numbers: a Python number beside one floating array takes that array's dtype.
        all_axes: without an axis it is taken along all of them.
        moved: for one that only moves axes, their order in the result of given arguments; None
            where it is not known.
    """

    name: str
    form: str = "call"
    writes: bool = False
    is_view: bool = False
    takes_out: bool = False
    elementwise: bool = False
    draws: bool = False
    weak_numbers: bool = False
    all_axes: bool = False
    moved: Callable[[tuple[Any, ...], int], Axes | None] | None = None

    def __str__(self) -> str:
        return self.name


PLAIN = {np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.iscomplexobj, np.isrealobj}
"""Functions of shapes and dtypes only, which a recording need not note."""

_WEAK_NUMBERS = {
    *(np.add, np.subtract, np.multiply, np.divide, np.power, np.maximum, np.minimum),
    *(np.greater, np.greater_equal, np.less, np.less_equal, np.equal, np.not_equal),
}


@cache
def of_ufunc(ufunc: np.ufunc, method: str) -> Instruction:
    """The row of a ufunc, called or by its method ``reduce``."""
    called = method == "__call__"
    return Instruction(
        f"np.{ufunc.__name__}" if called else f"np.{ufunc.__name__}.{method}",
        takes_out=ufunc.nout == 1,
        elementwise=called and ufunc.signature is None,
        weak_numbers=called and ufunc in _WEAK_NUMBERS,
    )


@cache
def of_kernel(name: str) -> Instruction:
    """The row of one of the library's own functions of arrays."""
    return Instruction(name, "kernel", writes=name == "add_at")


@cache
def of_method(name: str) -> Instruction:
    """The row of a method of arrays."""
    return Instruction(name, "method")


def _transposed(args: tuple[Any, ...], ndim: int) -> Axes | None:
    given = args[0] if args else None
    return tuple(range(ndim))[::-1] if given is None else tuple(int(a) % ndim for a in given)


def _swapped(args: tuple[Any, ...], ndim: int) -> Axes | None:
    axes = list(range(ndim))
    a, b = (int(axis) for axis in args)
    axes[a], axes[b] = axes[b], axes[a]
    return tuple(axes)


def _moved(args: tuple[Any, ...], ndim: int) -> Axes | None:
    if not all(isinstance(axis, int) for axis in args):
        return None
    axes = list(range(ndim))
    source, place = (axis % ndim for axis in args)
    axes.remove(source)
    axes.insert(place, source)
    return tuple(axes)


def _rows(*functions: Callable[..., Any], **row: Any) -> dict[Any, Instruction]:
    return {f: Instruction(_written(f), **row) for f in functions}


def _written(function: Any) -> str:
    inside = "linalg." if function is np.linalg.norm else ""
    return f"np.{inside}{function.__name__}"


NUMPY: dict[Any, Instruction] = {
    **_rows(np.transpose, is_view=True, moved=_transposed),
    **_rows(np.swapaxes, is_view=True, moved=_swapped),
    **_rows(np.moveaxis, is_view=True, moved=_moved),
    **_rows(
        np.reshape,
        np.expand_dims,
        np.squeeze,
        np.broadcast_to,
        np.ravel,
        np.flip,
        np.diagonal,
        np.real,
        np.imag,
        is_view=True,
    ),
    **_rows(
        np.mean,
        np.var,
        np.std,
        np.sum,
        np.prod,
        np.max,
        np.min,
        takes_out=True,
        all_axes=True,
    ),
    **_rows(
        np.concatenate,
        np.stack,
        np.clip,
        np.cumsum,
        np.cumprod,
        np.argmax,
        np.argmin,
        np.any,
        np.all,
        np.dot,
        np.outer,
        np.take,
        np.round,
        np.trace,
        takes_out=True,
    ),
    **_rows(
        np.where,
        np.einsum,
        np.roll,
        np.pad,
        np.zeros_like,
        np.ones_like,
        np.full_like,
        np.copy,
        np.tile,
        np.repeat,
        np.tril,
        np.triu,
        np.inner,
        np.vdot,
        np.tensordot,
        np.sort,
        np.argsort,
        np.partition,
        np.argpartition,
        np.searchsorted,
        np.digitize,
        np.lexsort,
        np.isin,
        np.nan_to_num,
        np.take_along_axis,
        np.diff,
        np.convolve,
        np.isclose,
        np.count_nonzero,
        np.linalg.norm,
    ),
}
"""The functions of NumPy that are understood beside the ufuncs.

What is no view, and takes no memory, gives an array of its own, its shape depending on shapes
only.
"""

ADD_REDUCE = of_ufunc(np.add, "reduce")
DIVIDE, MULTIPLY = (of_ufunc(ufunc, "__call__") for ufunc in (np.divide, np.multiply))
MEAN, TRANSPOSE = NUMPY[np.mean], NUMPY[np.transpose]
COPY, VIEW = of_method("copy"), of_method("view")
COPYTO = Instruction(_written(np.copyto), writes=True)
RANDOM = Instruction("random", "method", takes_out=True, draws=True)
GETITEM = Instruction("getitem", "index")
SETITEM = Instruction("setitem", "assignment", writes=True)
