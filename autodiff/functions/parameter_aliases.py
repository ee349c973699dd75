"""PyTorch's names of parameters, understood beside this library's own.

`axis` is called `dim` there, `keepdims` is `keepdim`, the first operand `input`. Each is
taken for the parameter that means the same; where the same name means something else there,
the call is refused and says what to write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from typing import Any

__all__ = ["IGNORED", "REFUSED", "meaning", "parameters_of", "spelt"]

_FIRST, _SECOND = 0, 1

GENERAL: dict[str, tuple[str | int, ...]] = {
    "A": (_FIRST,),
    "B": (_SECOND,),
    "correction": ("ddof",),
    "diagonal": ("k",),
    "dim": ("axis", "axes"),
    "dim1": ("axis1",),
    "dim2": ("axis2",),
    "dims": ("axis", "axes", "repetitions"),
    "end": ("stop",),
    "index": ("indices", "ind"),
    "input": (_FIRST,),
    "interpolation": ("method",),
    "keepdim": ("keepdims",),
    "log_probs": ("log_probabilities",),
    "num_classes": ("classes",),
    "offset": ("k",),
    "other": (_SECOND,),
    "p": ("ord", "d"),
    "shifts": ("shift",),
    "size": ("shape",),
    "source": ("v",),
    "steps": ("num",),
    "tensor": (_SECOND,),
    "tensors": (_FIRST,),
    "values": ("middle",),
    "vec2": (_SECOND,),
    "weight": ("weights",),
}
"""PyTorch's names, and what they are called here: a name, or the position of an operand."""

SPECIAL: dict[str, dict[str, str | int]] = {
    "eye": {"n": "n_rows", "m": "n_cols"},
    "from_dlpack": {"ext_tensor": _FIRST},
    "hsplit": {"indices": _SECOND, "sections": _SECOND},
    "vsplit": {"indices": _SECOND, "sections": _SECOND},
    "dsplit": {"indices": _SECOND, "sections": _SECOND},
    "float_power": {"exponent": _SECOND},
    "isin": {"elements": _FIRST},
    "power": {"exponent": _SECOND},
    "polygamma": {"input": "x"},
    "searchsorted": {"sorted_sequence": _FIRST, "input": _SECOND},
    "swapaxes": {"axis0": "axis1", "axis1": "axis2", "dim0": "axis1", "dim1": "axis2"},
    "tile": {"reps": _SECOND},
    "vecdot": {"x": _FIRST, "y": _SECOND},
}
"""The same, for single functions."""

_PAIR = (
    "{name}(dim=) gives values and indices in PyTorch; here {name}(x, axis=...) gives the values, "
    "and {positions}(x, axis=...) the indices"
)
_SCATTER = (
    "this is another function than PyTorch's; see autodiff.scatter_add, index_copy and "
    "put_along_axis"
)

REFUSED: dict[tuple[str, str], str] = {
    ("max", "dim"): _PAIR.format(name="max", positions="argmax"),
    ("min", "dim"): _PAIR.format(name="min", positions="argmin"),
    ("sort", "dim"): _PAIR.format(name="sort", positions="argsort"),
    ("median", "dim"): "median(dim=) gives the lower of two middle values and its index in "
    "PyTorch; here median(x, axis=...) gives the mean of the two",
    ("nanmedian", "dim"): "nanmedian(dim=) gives the lower of two middle values and its index in "
    "PyTorch; here nanmedian(x, axis=...) gives the mean of the two",
    ("cummax", "dim"): "cummax(dim=) gives values and indices in PyTorch; here cummax(x, "
    "axis=...) gives the values",
    ("cummin", "dim"): "cummin(dim=) gives values and indices in PyTorch; here cummin(x, "
    "axis=...) gives the values",
    ("transpose", "dim0"): "two axes are exchanged by swapaxes(x, 0, 1)",
    ("transpose", "dim1"): "two axes are exchanged by swapaxes(x, 0, 1)",
    ("split", "split_size_or_sections"): "split() takes a number of equal parts, or the indices "
    "where to cut, as NumPy does; parts of n elements are split(x, range(n, length, n))",
    ("scatter", "dim"): _SCATTER,
    ("scatter", "src"): _SCATTER,
    ("scatter", "value"): _SCATTER,
    ("index_add", "dim"): "index_add(x, index, v) is x with v added at x[index]; for another axis "
    "write the index as (slice(None), i)",
}
"""By function and parameter: why PyTorch's name is refused, and what to write instead."""

IGNORED = frozenset({"inplace"})
"""Parameters of activations that have no meaning here: nothing is written into its operand."""

_INPLACE = frozenset(
    "celu elu hardsigmoid hardswish hardtanh leaky_relu mish relu relu6 "
    "rrelu selu silu threshold".split()
)


def parameters_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of a function's parameters, without those that gather others."""
    code: Any = getattr(function, "__wrapped__", function).__code__
    return tuple(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def meaning(name: str, own: Sequence[str], theirs: str) -> str | None:
    """What a parameter of PyTorch's function is called here.

    Args:
        name: of the function.
        own: its parameters.
        theirs: PyTorch's name of the parameter.

    Returns:
        One of ``own``; None if it has no counterpart.

    Raises:
        TypeError: the name means something else there.

    Example:
        >>> meaning("sum", ("x", "axis", "keepdims"), "dim")
        'axis'
    """
    if (name, theirs) in REFUSED:
        raise TypeError(REFUSED[name, theirs])
    if theirs in ("size_average", "reduce") and "reduction" in own:
        raise TypeError(f"{name}() has no {theirs}=; write reduction='mean', 'sum' or 'none'")
    special = SPECIAL.get(name, {})
    for found in (special[theirs],) if theirs in special else GENERAL.get(theirs, ()):
        if isinstance(found, int) and found < len(own):
            return own[found]
        if found in own:
            return str(found)
    return None


def _renamed(name: str, own: Sequence[str], given: Mapping[str, Any]) -> dict[str, Any]:
    special = SPECIAL.get(name, {})
    result: dict[str, Any] = {}
    names: dict[str, str] = {}
    for theirs, value in given.items():
        if theirs in IGNORED and name in _INPLACE:
            continue
        key = theirs if theirs in own and theirs not in special else meaning(name, own, theirs)
        key = key or theirs
        if key in result:
            raise TypeError(
                f"{name}() was given {names[key]}= and {theirs}=, which are two names of one "
                "parameter; give one of them"
            )
        result[key], names[key] = value, theirs
    return result


@cache
def spelt(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that also understands PyTorch's names of its parameters.

    Args:
        function: any function of this library.

    Returns:
        A function that does the same; the function itself where it has those names already.

    Example:
        >>> import autodiff as ad
        >>> from autodiff.functions.reductions.reductions import sum
        >>> spelt(sum)(ad.Tensor([[1.0, 2.0]]), dim=1, keepdim=True).tolist()
        [[3.0]]
    """
    if not hasattr(function, "__code__") or hasattr(function, "__wrapped__"):
        return function
    own = parameters_of(function)
    by_position = function.__code__.co_posonlyargcount
    everything, by_name = frozenset(own), frozenset(own[by_position:])
    name = function.__name__
    if (not own or own[0] == "input") and name not in SPECIAL and name not in _INPLACE:
        return function

    @wraps(function)
    def named(*args: Any, **kwargs: Any) -> Any:
        if kwargs and not kwargs.keys() <= by_name:
            if not kwargs.keys() <= everything:
                kwargs = _renamed(name, own, kwargs)
            for first in own[len(args) : by_position]:
                if first not in kwargs:
                    break
                args = (*args, kwargs.pop(first))
        return function(*args, **kwargs)

    return named
