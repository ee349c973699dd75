"""Formulas as text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from itertools import count
from typing import Any

import numpy as np

from nn.optim.formulas.formula import Formula

__all__ = ["applied", "fresh", "infix", "strength"]

_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}
_STRENGTH = {"add": 1, "subtract": 1, "multiply": 2, "divide": 2}


def fresh(prefix: str, taken: Collection[str]) -> Iterator[str]:
    """Names with a number behind that mean nothing else."""
    names = (f"{prefix}{number}" for number in count())
    return (name for name in names if name not in taken)


def strength(e: Any) -> int:
    """How strongly the parts of a formula hold together where it is written with signs."""
    return _STRENGTH.get(getattr(e.function, "__name__", ""), 3)


def infix(e: Formula, text: Callable[[Any], str], binds: Callable[[Any], int]) -> str | None:
    """A sum, difference, product or quotient with its sign; None for other functions."""
    name = getattr(e.function, "__name__", "")
    if name not in _SIGNS or e.kwargs or not isinstance(e.function, np.ufunc):
        return None
    own = _STRENGTH[name]
    left, right = e.args
    a = text(left) if binds(left) >= own else f"({text(left)})"
    b = text(right) if binds(right) > own else f"({text(right)})"
    return f"{a} {_SIGNS[name]} {b}"


def applied(e: Formula, text: Callable[[Any], str], out: str = "") -> str:
    """A call of the function of a formula, into the array ``out`` where one is given."""
    function: Any = e.function
    name = function.__name__
    if name in ("reduce", "accumulate"):
        name = f"{function.__self__.__name__}.{name}"
    args = [_operand(a, text) for a in e.args]
    args += [f"{key}={_operand(value, text)}" for key, value in e.kwargs.items()]
    if out:
        args.append(f"out={out}")
    return f"np.{name}({', '.join(args)})"


def _operand(a: Any, text: Callable[[Any], str]) -> str:
    if isinstance(a, list | tuple):
        inside = ", ".join(_operand(x, text) for x in a)
        return f"({inside},)" if isinstance(a, tuple) else f"[{inside}]"
    return text(a)
