"""How a call and what it is given are written in Python."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.compiler.instructions import GETITEM, SETITEM
from autodiff.compiler.numpy_functions import TRANSPOSE
from autodiff.compiler.program import Call, Variable

__all__ = ["dtype_text", "expression_text", "number_text"]

_USUAL: dict[str, Any] = {"keepdims": False, "copy": True}


def expression_text(
    call: Call, names: dict[Variable, str], *, first: str = "", out: str | None = None
) -> str:
    """A call as an expression.

    Args:
        call: the call.
        names: of the variables.
        first: what to write for the first argument, if not its name.
        out: the memory for the result.
    """
    args = [_text(a, names) for a in call.args]
    if first:
        args[0] = first
    function = call.function
    if function is GETITEM:
        return f"{args[0]}[{_index(call.args[1], names)}]"
    if function is SETITEM:
        return f"{args[0]}[{_index(call.args[1], names)}] = {args[2]}"
    if function is TRANSPOSE and _reverses(call):
        return f"{args[0]}.T"
    kwargs = [f"{k}={_text(v, names)}" for k, v in call.kwargs.items() if not _needless(call, k, v)]
    if out is not None:
        kwargs.append(f"out={out}")
    if function.origin == "method":
        return f"{args[0]}.{function.name}({', '.join([*args[1:], *kwargs])})"
    name = f"np.{function.name}" if function.origin == "numpy" else function.name
    return f"{name}({', '.join([*args, *kwargs])})"


def _reverses(call: Call) -> bool:
    return not call.kwargs and call.args[1:] == ()


def _needless(call: Call, key: str, value: Any) -> bool:
    if key == "axis":
        return value is None and call.function.all_axes
    return key in _USUAL and value is _USUAL[key]


def number_text(variable: Variable) -> str | None:
    """A constant number as the array without axes that it is; None for anything else."""
    if variable.kind != "constant" or variable.shape or not variable.never_changes:
        return None
    text = str(variable.source[()])
    made = np.array(float(text), variable.dtype) if variable.dtype.kind == "f" else None
    if made is None or not np.isfinite(made) or made.tobytes() != variable.source.tobytes():
        return None
    return f"np.array({text}, {dtype_text(variable.dtype)})"


def dtype_text(dtype: np.dtype[Any]) -> str:
    """A dtype, such as ``np.float32``."""
    usual = dtype.isnative and hasattr(np, dtype.name)
    return f"np.{dtype.name}" if usual else f"np.dtype({dtype.str!r})"


def _index(value: Any, names: dict[Variable, str]) -> str:
    parts = value if isinstance(value, tuple) and value else (value,)
    text = ", ".join(_slice(p) if isinstance(p, slice) else _text(p, names) for p in parts)
    return f"{text}," if isinstance(value, tuple) and len(value) == 1 else text


def _slice(value: slice) -> str:
    start, stop, step = (
        "" if p is None else repr(p) for p in (value.start, value.stop, value.step)
    )
    return f"{start}:{stop}:{step}" if step else f"{start}:{stop}"


def _text(value: Any, names: dict[Variable, str]) -> str:
    if isinstance(value, Variable):
        return names[value]
    if isinstance(value, tuple):
        inner = ", ".join(_text(v, names) for v in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, list):
        return f"[{', '.join(_text(v, names) for v in value)}]"
    if isinstance(value, np.dtype):
        return dtype_text(value)
    if isinstance(value, type) and issubclass(value, np.generic):
        return f"np.{value.__name__}"
    if value is Ellipsis:
        return "..."
    if isinstance(value, float) and not np.isfinite(value) and not isinstance(value, np.generic):
        return f'float("{value}")'
    return repr(value)
