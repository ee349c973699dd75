"""A call of each of NumPy's functions that others can take over, by NumPy's own parameter names.

What needs one array is given a matrix; the rest is listed here.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["ARRAYS", "arguments", "by_name"]

M = np.array([[4.0, 1.0, 0.5], [1.0, 3.0, 0.25], [0.5, 0.25, 2.0]])
V = np.array([0.5, 1.5, 2.5])
W = np.array([1.0, 2.0, 4.0])
CUBE = np.arange(8.0).reshape(2, 2, 2)
MASK = np.array([True, False, True])
PLACES = np.array([2, 0])

ARRAYS = (M, V, W, CUBE)
"""The arrays of floats below, in whose places tensors are put."""

_CALLS: dict[str, dict[str, Any]] = {
    "allclose": {"a": V, "b": W},
    "append": {"arr": V, "values": W},
    "apply_along_axis": {"func1d": lambda row: row[:2] * row[1], "axis": 1, "arr": M},
    "apply_over_axes": {"func": lambda a, axis: (a * a).sum(axis), "a": M, "axes": [0]},
    "argpartition": {"a": V, "kth": 1},
    "array_equal": {"a1": V, "a2": W},
    "array_equiv": {"a1": V, "a2": W},
    "array_split": {"ary": V, "indices_or_sections": 2},
    "astype": {"x": V, "dtype": np.float64},
    "average": {"a": V, "weights": W},
    "bincount": {"x": np.array([2, 0, 1]), "weights": V},
    "block": {"arrays": [[V, W]]},
    "broadcast_to": {"array": V, "shape": (2, 3)},
    "can_cast": {"from_": V, "to": np.float64},
    "choose": {"a": np.array([0, 1, 0]), "choices": [V, W]},
    "clip": {"a": V, "a_min": 1.0, "a_max": 2.0},
    "column_stack": {"tup": [V, W]},
    "compress": {"condition": MASK, "a": V},
    "concatenate": {"arrays": [V, W]},
    "convolve": {"a": V, "v": W},
    "correlate": {"a": V, "v": W},
    "cross": {"a": V, "b": W},
    "delete": {"arr": V, "obj": 1},
    "digitize": {"x": V, "bins": W},
    "dot": {"a": V, "b": W},
    "dsplit": {"ary": CUBE, "indices_or_sections": 2},
    "dstack": {"tup": [V, W]},
    "expand_dims": {"a": V, "axis": 0},
    "extract": {"condition": MASK, "arr": V},
    "full_like": {"a": V, "fill_value": 2.0},
    "geomspace": {"start": V, "stop": W},
    "gradient": {"f": V},
    "histogram2d": {"x": V, "y": W},
    "histogramdd": {"sample": M},
    "hsplit": {"ary": M, "indices_or_sections": 3},
    "hstack": {"tup": [V, W]},
    "inner": {"a": V, "b": W},
    "insert": {"arr": V, "obj": 1, "values": 9.0},
    "interp": {"x": V, "xp": W, "fp": V},
    "intersect1d": {"ar1": V, "ar2": W},
    "isclose": {"a": V, "b": W},
    "isin": {"element": V, "test_elements": W},
    "kron": {"a": V, "b": W},
    "lexsort": {"keys": M},
    "cumulative_prod": {"x": V},
    "cumulative_sum": {"x": V},
    "linalg.cross": {"x1": V, "x2": W},
    "linalg.lstsq": {"a": M, "b": V},
    "linalg.matmul": {"x1": M, "x2": V},
    "linalg.matrix_power": {"a": M, "n": 2},
    "linalg.multi_dot": {"arrays": [M, M]},
    "linalg.outer": {"x1": V, "x2": W},
    "linalg.solve": {"a": M, "b": V},
    "linalg.tensordot": {"x1": M, "x2": M},
    "linalg.tensorinv": {"a": M, "ind": 1},
    "linalg.tensorsolve": {"a": M, "b": V},
    "linalg.vecdot": {"x1": V, "x2": W},
    "linspace": {"start": V, "stop": W},
    "logspace": {"start": V, "stop": W},
    "may_share_memory": {"a": V, "b": W},
    "moveaxis": {"a": M, "source": 0, "destination": 1},
    "nanpercentile": {"a": V, "q": 30.0},
    "nanquantile": {"a": V, "q": 0.3},
    "outer": {"a": V, "b": W},
    "pad": {"array": V, "pad_width": 1},
    "partition": {"a": V, "kth": 1},
    "percentile": {"a": V, "q": 30.0},
    "piecewise": {"x": V, "condlist": [MASK], "funclist": [lambda x: x * x, 1.0]},
    "poly": {"seq_of_zeros": V},
    "polyadd": {"a1": V, "a2": W},
    "polyder": {"p": V},
    "polydiv": {"u": W, "v": V},
    "polyfit": {"x": V, "y": W, "deg": 1},
    "polyint": {"p": V},
    "polymul": {"a1": V, "a2": W},
    "polysub": {"a1": V, "a2": W},
    "polyval": {"p": V, "x": W},
    "quantile": {"a": V, "q": 0.3},
    "repeat": {"a": V, "repeats": 2},
    "reshape": {"a": M, "shape": (9,)},
    "resize": {"a": V, "new_shape": (5,)},
    "roll": {"a": V, "shift": 1},
    "rollaxis": {"a": M, "axis": 1},
    "roots": {"p": V},
    "searchsorted": {"a": W, "v": V},
    "select": {"condlist": [MASK], "choicelist": [V]},
    "savetxt": {"fname": os.devnull, "X": M},
    "save": {"file": os.devnull, "arr": V},
    "setdiff1d": {"ar1": V, "ar2": W},
    "setxor1d": {"ar1": V, "ar2": W},
    "shares_memory": {"a": V, "b": W},
    "lib.stride_tricks.sliding_window_view": {"x": V, "window_shape": 2},
    "split": {"ary": V, "indices_or_sections": 3},
    "squeeze": {"a": V},
    "stack": {"arrays": [V, W]},
    "swapaxes": {"a": M, "axis1": 0, "axis2": 1},
    "take": {"a": V, "indices": PLACES},
    "take_along_axis": {"arr": V, "indices": PLACES},
    "tensordot": {"a": M, "b": M},
    "tile": {"A": V, "reps": 2},
    "trim_zeros": {"filt": V},
    "union1d": {"ar1": V, "ar2": W},
    "unwrap": {"p": V},
    "vander": {"x": V},
    "vdot": {"a": V, "b": W},
    "vsplit": {"ary": M, "indices_or_sections": 3},
    "vstack": {"tup": [V, W]},
}
_SEVERAL: dict[str, tuple[Any, ...]] = {
    "einsum": ("ij,j->i", M, V),
    "einsum_path": ("ij,j->i", M, V),
    "where": (MASK, V, W),
}


def arguments(title: str, function: Callable[..., Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Arguments by position and by name, of which at least the required ones are given."""
    short = title.removeprefix("numpy.")
    if short in _SEVERAL:
        return _SEVERAL[short], {}
    parameters = list(inspect.signature(function).parameters.values())
    if short in _CALLS:
        named = dict(_CALLS[short])
    elif parameters[0].kind is inspect.Parameter.VAR_POSITIONAL:
        return (V, W), {}
    else:
        first = parameters[0]
        # A decorator of NumPy's hides that `unique_all` and its like take it by position.
        if first.kind is first.POSITIONAL_ONLY or short.startswith("unique_"):
            return (M,), {}
        return (), {first.name: M}
    by_place = [p.name for p in parameters if p.kind is p.POSITIONAL_ONLY and p.name in named]
    return tuple(named.pop(name) for name in by_place), named


def by_name(function: Callable[..., Any]) -> dict[str, Any]:
    """The defaults of a function's other parameters, by their names."""
    parameters = inspect.signature(function).parameters.values()
    return {
        p.name: p.default
        for p in parameters
        if p.default is not p.empty and p.kind is not p.POSITIONAL_ONLY and p.name != "like"
    }
