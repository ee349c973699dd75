"""The namespace of NumPy arrays: what ``xp`` is in an ordinary forward or backward pass.

Every name of the operation table is here: a NumPy function where NumPy has it, the
table's own rule where it is a composition, and a few functions written for speed.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from math import prod
from typing import Any, TypeAlias

import numpy as np

from autodiff.backends.elementwise.complex_numbers import make_complex
from autodiff.backends.elementwise.selection import chosen, where
from autodiff.backends.indexing import scattering
from autodiff.backends.indexing.scattering import add_at
from autodiff.backends.kernels import KERNELS
from autodiff.backends.networks.one_hot import one_hot
from autodiff.backends.reductions import scans
from autodiff.backends.special.error_tails import erf, erfc
from autodiff.backends.stand_in import StandIn, dispatched, innermost
from autodiff.ops.broadcasting import Axis
from autodiff.ops.primitive import TABLE, Elementwise

__all__ = ["ArrayNamespace", "arrays"]

_ndarray = np.ndarray
_add: Any = np.add.reduce
_maximum: Any = np.maximum.reduce
_minimum: Any = np.minimum.reduce
_multiply: Any = np.multiply.reduce


# In quotes: at run time the class takes no parameters.
_Static: TypeAlias = "staticmethod[..., Any]"


class ArrayNamespace:
    """Functions on NumPy arrays, found by the names that the table's rules use."""

    def __getattr__(self, name: str) -> Any:
        entry = TABLE.get(name)
        if name in KERNELS:
            module = import_module(f"autodiff.backends.{KERNELS[name]}")
            function = dispatched(getattr(module, name))
            setattr(self, name, function)
            return function
        known = entry.ufunc if isinstance(entry, Elementwise) and entry.ufunc else name
        if entry is not None and not hasattr(np, known):
            function = partial(entry.forward, self)
        else:
            function = getattr(np, known)
        setattr(self, name, function)
        return function

    chosen: _Static = staticmethod(chosen)
    where: _Static = staticmethod(where)
    erf: _Static = staticmethod(dispatched(erf))
    make_complex: _Static = staticmethod(dispatched(make_complex))
    erfc: _Static = staticmethod(dispatched(erfc))
    one_hot: _Static = staticmethod(dispatched(one_hot))
    add_at: _Static = staticmethod(dispatched(add_at))
    linear_recurrence: _Static = staticmethod(dispatched(scans.linear_recurrence))
    cummax: _Static = staticmethod(dispatched(scans.cummax))
    cummin: _Static = staticmethod(dispatched(scans.cummin))
    logcumsumexp: _Static = staticmethod(dispatched(scans.logcumsumexp))
    scatter_along_axis: _Static = staticmethod(dispatched(scattering.scatter_along_axis))
    last_writers: _Static = staticmethod(dispatched(scattering.last_writers))
    index_max: _Static = staticmethod(dispatched(scattering.index_max))
    index_min: _Static = staticmethod(dispatched(scattering.index_min))

    @staticmethod
    @dispatched
    def strong_zero(g: Any, product: Any) -> Any:
        """``product``, but 0 where ``g`` is 0; where that changes nothing, ``product`` itself."""
        if product.__class__ is _ndarray and np.isfinite(_add(product, None)):
            return product
        return np.where(g == 0, np.zeros((), product.dtype), product)

    @staticmethod
    def sum(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
        """Sum along axes, without the overhead of `numpy.sum`."""
        return _add(x, axis, None, None, keepdims)

    @staticmethod
    def broadcast_to(x: Any, shape: tuple[int, ...]) -> Any:
        """``x`` repeated to ``shape``, in memory of its own."""
        if x.shape == shape:
            return x
        if x.__class__ is not _ndarray and not isinstance(x, np.generic):
            return np.broadcast_to(x, shape).copy()
        result = np.empty(shape, x.dtype)
        result[...] = x
        return result

    @staticmethod
    def pad(x: Any, pad_width: Any, constant_values: Any = 0.0) -> Any:
        """``x`` with a border of one value; `numpy.pad` takes ten times as long."""
        pairs = pad_width.__class__ is tuple and all(p.__class__ is tuple for p in pad_width)
        if x.__class__ is not _ndarray or not pairs or len(pad_width) != x.ndim:
            return np.pad(x, pad_width, constant_values=constant_values)
        order: Any = "F" if x.flags.fnc else "C"
        shape = [a + n + b for (a, b), n in zip(pad_width, x.shape, strict=True)]
        result = np.full(shape, constant_values, x.dtype, order)
        result[tuple(slice(a, a + n) for (a, _), n in zip(pad_width, x.shape, strict=True))] = x
        return result

    @staticmethod
    def reshape(x: Any, shape: Any) -> Any:
        """``x`` in another shape, without the overhead of `numpy.reshape`."""
        return x.reshape(shape) if x.__class__ is _ndarray else np.reshape(x, shape)

    @staticmethod
    def transpose(x: Any, axes: Any = None) -> Any:
        """``x`` with its axes in another order, the opposite one by default."""
        return x.transpose(axes) if x.__class__ is _ndarray else np.transpose(x, axes)

    @staticmethod
    def swapaxes(x: Any, a: int, b: int) -> Any:
        """``x`` with two axes exchanged."""
        return x.swapaxes(a, b) if x.__class__ is _ndarray else np.swapaxes(x, a, b)

    @staticmethod
    def product_over_rows(a: Any, g: Any, like: Any) -> Any:
        """``aᵀ @ g``, in the memory layout of ``like``.

        A weight used as ``x @ w.T`` gets its gradient in its own layout, so that nothing
        has to be copied and an update runs over both in order.
        """
        if like.flags.f_contiguous and not like.flags.c_contiguous:
            return arrays.swapaxes(np.matmul(arrays.swapaxes(g, -1, -2), a), -1, -2)
        return np.matmul(arrays.swapaxes(a, -1, -2), g)

    @staticmethod
    def matmul_like(a: Any, b: Any, like: Any) -> Any:
        """``a @ b``, in the memory layout of ``like``, so that the two meet in order."""
        if len(like.shape) == 2 and like.flags.f_contiguous and not like.flags.c_contiguous:
            return arrays.transpose(np.matmul(arrays.transpose(b), arrays.transpose(a)))
        return np.matmul(a, b)

    @staticmethod
    def affine_standardize_shares(g: Any, x: Any, w: Any, axis: Axis, eps: float) -> Any:
        """What the operands of `affine_standardize` receive; of stand-ins out of one array."""
        if g.__class__ is x.__class__ is w.__class__ is _ndarray:
            return arrays.affine_standardize_pull(g, x, w, axis, eps)
        found = arrays.affine_standardize_packed(g, x, w, axis, eps)
        middle, end = found.shape[0] - prod(w.shape), found.shape[0]
        first = 2 * middle - end
        parts = found[:first], found[first:middle], found[middle:]
        return tuple(map(arrays.reshape, parts, (x.shape, w.shape, w.shape)))

    @staticmethod
    @dispatched
    def short_rows(x: Any, axis: int) -> Any:
        """``x`` column by column in memory, where its rows are short and are to be reduced.

        Along rows of ten numbers that takes three times as long as along columns.
        """
        if axis in (1, -1) and x.ndim == 2 and x.shape[1] <= 32 and x.flags.c_contiguous:
            return np.asfortranarray(x)
        return x

    @staticmethod
    def max(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
        """Maximum along axes."""
        return _maximum(x, axis, None, None, keepdims)

    @staticmethod
    def min(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
        """Minimum along axes."""
        return _minimum(x, axis, None, None, keepdims)

    @staticmethod
    def prod(x: Any, axis: Axis = None, keepdims: bool = False) -> Any:
        """Product along axes."""
        return _multiply(x, axis, None, None, keepdims)

    @staticmethod
    def power(a: Any, b: Any) -> Any:
        """``a ** b``, small whole exponents as products (`numpy.power` is 100 times slower)."""
        if np.ndim(b) == 0 and hasattr(a, "dtype") and _keeps_dtype(a.dtype, b):
            if isinstance(b, StandIn):
                # The exponent may be another one for the next example, or at the next call.
                return innermost(a, b).kernel(ArrayNamespace.power, (a, b), {})
            exponent = float(b)
            if exponent == 2:
                return a * a
            if exponent == 1:
                return a * np.ones((), a.dtype)
            if exponent == 3:
                return a * a * a
            if exponent == 0.5:
                return np.sqrt(a)
            if exponent == -1 and a.dtype.kind == "f":
                return 1 / a
        return np.power(a, b)

    @staticmethod
    def astype(x: Any, dtype: Any) -> Any:
        """``x`` in another dtype."""
        return x.astype(dtype)

    @staticmethod
    def astype_like(x: Any, like: Any) -> Any:
        """``x`` in the dtype of ``like``; of complex numbers the real part, if that is real."""
        if x.dtype.kind == "c" and like.dtype.kind != "c":
            x = np.real(x)
        return x.astype(like.dtype)

    @staticmethod
    def getitem(x: Any, index: Any) -> Any:
        """``x[index]``, also where only the index is a stand-in."""
        for part in index if index.__class__ is tuple else (index,):
            if part.__class__ is not _ndarray and isinstance(part, StandIn):
                return innermost(index).getitem(x, index)
        return x[index]

    @staticmethod
    @dispatched
    def scatter(x: Any, index: Any, shape: tuple[int, ...]) -> Any:
        """Zeros of ``shape`` with ``x`` added at ``index``, repeated places adding up."""
        result = np.zeros(shape, dtype=x.dtype)
        add_at(result, index, x)
        return result

    @staticmethod
    @dispatched
    def index_add(x: Any, index: Any, v: Any) -> Any:
        """A copy of ``x`` with ``v`` added at ``index``."""
        result = np.array(x, dtype=np.result_type(x, v))
        add_at(result, index, v)
        return result

    @staticmethod
    @dispatched
    def index_set(x: Any, index: Any, v: Any) -> Any:
        """A copy of ``x`` with ``v`` written at ``index``."""
        result = np.array(x, dtype=np.result_type(x, v))
        result[index] = v
        return result


def _keeps_dtype(dtype: np.dtype[Any], exponent: Any) -> bool:
    """Whether an array's power has the array's own dtype, which must be a real one."""
    other = getattr(exponent, "dtype", None)
    if other is not None:
        return dtype.kind in "fiu" and np.result_type(dtype, other) == dtype
    return dtype.kind in ("f" if isinstance(exponent, float) else "fiu")


arrays: ArrayNamespace = ArrayNamespace()
