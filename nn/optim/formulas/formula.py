"""What a rule computes, written down while it runs on symbols in the place of arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

__all__ = ["Formula", "sources"]

_orders = count()
_TRUTHS = frozenset(
    "equal not_equal less less_equal greater greater_equal logical_and logical_or logical_not "
    "logical_xor isnan isinf isfinite signbit".split()
)
_TOTALS = frozenset({"sum", "mean", "max", "min", "amax", "amin", "prod", "var", "std"})

_FACTS = frozenset({"shape", "ndim", "size", "dtype"})


class Formula(NDArrayOperatorsMixin):
    """A symbol, or a function of NumPy applied to others.

    Args:
        kind: ``number`` for what follows from settings and counts alone, ``array`` for what has
            the shape and dtype of the parameter, ``mask`` for truth values in that shape,
            ``scalar`` for what an array was reduced to, ``other`` for any other array.
        name: of a symbol.
        function: that is applied; None for a symbol.
        args: what it is applied to.
        kwargs: its other parameters.
        test: says the truth of a symbol, or what integer it is, where a rule asks.
        like: the array that a symbol stands for, where its shape is known.
    """

    __slots__ = ("args", "function", "kind", "kwargs", "like", "name", "order", "test")

    def __init__(
        self,
        kind: str,
        name: str = "",
        function: Callable[..., Any] | None = None,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
        test: Callable[[type], Any] | None = None,
        like: Any = None,
    ) -> None:
        self.kind: str = kind
        self.name: str = name
        self.function: Callable[..., Any] | None = function
        self.args: tuple[Any, ...] = args
        self.kwargs: dict[str, Any] = kwargs or {}
        self.test: Callable[[type], Any] | None = test
        self.like: Any = like
        self.order: int = next(_orders)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Formula:
        if "out" in kwargs:
            raise TypeError(
                f"a rule gives new values, so numpy.{ufunc.__name__} takes no out= in it; what "
                "is computed in place is found when the rule is read"
            )
        if method != "__call__":
            reduced = getattr(ufunc, method)
            total = method == "reduce" and kwargs.get("axis", 0) is None
            kind = "scalar" if total and not kwargs.get("keepdims") else "other"
            return Formula(kind, "", reduced, inputs, kwargs)
        kind = "other" if ufunc.signature else _elementwise(ufunc.__name__, inputs)
        return Formula(kind, "", ufunc, inputs, kwargs, like=_like(kind, inputs))

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Formula:
        name = function.__name__
        if name == "clip" and len(args) == 3 and not kwargs:
            lowest = np.maximum(args[0], args[1])
            found: Formula = np.minimum(lowest, args[2])
            return found
        if name == "where" and len(args) == 3:
            kind = _elementwise(name, args[1:])
            if kind == "number" and args[0].kind != "number":
                kind = "array" if args[0].kind == "mask" else args[0].kind
        elif name in _TOTALS and len(args) == 1 and not kwargs:
            kind = "number" if args[0].kind == "number" else "scalar"
        else:
            kind = "other"
        return Formula(kind, "", function, tuple(args), kwargs, like=_like(kind, args))

    # Comparison makes a formula, so that sets and dicts are all that tells them apart.
    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        return bool(self._asked(bool))

    def __index__(self) -> int:
        return int(self._asked(int))

    def _asked(self, kind: type) -> Any:
        if self.test is None:
            raise TypeError(
                "a rule is read once for all numbers, so it cannot branch on what it computes; "
                "use numpy.where(condition, a, b), or branch on a setting"
            )
        return self.test(kind)

    def __float__(self) -> NoReturn:
        raise TypeError(
            "a rule is read once for all numbers, so it cannot take one as a float; use the "
            "functions of NumPy: numpy.sqrt, numpy.maximum"
        )

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes, of a parameter, its gradient or state."""
        return tuple(self._known("shape"))

    @property
    def ndim(self) -> int:
        """Number of axes, of a parameter, its gradient or state."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements, of a parameter, its gradient or state."""
        return int(self._known("size"))

    @property
    def dtype(self) -> Any:
        """Float type, of a parameter, its gradient or state."""
        return self._known("dtype")

    def _known(self, what: str) -> Any:
        if self.like is None:
            raise AttributeError(_unknown(what))
        return self.like(what)

    @property
    def T(self) -> Formula:  # noqa: N802 - as NumPy calls it
        """With the axes in reverse order."""
        return Formula("other", "", np.transpose, (self,))

    def __getattr__(self, name: str) -> NoReturn:
        # What a property raises comes here as well.
        if name in _FACTS:
            raise AttributeError(_unknown(name))
        if callable(getattr(np, name, None)) and hasattr(np.ndarray, name):
            raise AttributeError(
                f"a rule is read once for all numbers, and has no array's .{name}() meanwhile; "
                f"write numpy.{name}(…)"
            )
        raise AttributeError(f"a rule asks for .{name}, which what it computes with has not")

    def __repr__(self) -> str:
        if self.function is None:
            return self.name
        name = getattr(self.function, "__name__", str(self.function))
        return f"{name}({', '.join(map(repr, self.args))})"


def sources(args: tuple[Any, ...]) -> Iterator[Formula]:
    """The formulas among the operands of a function, also in lists and tuples."""
    for a in args:
        if isinstance(a, Formula):
            yield a
        elif isinstance(a, list | tuple):
            yield from sources(tuple(a))


def _unknown(what: str) -> str:
    return f"a rule asks for the {what} of something it has computed; ask the parameter"


def _like(kind: str, operands: Any) -> Any:
    if kind != "array":
        return None
    return next((f.like for f in sources(operands) if f.kind == "array"), None)


def _elementwise(name: str, operands: tuple[Any, ...]) -> str:
    kinds = {f.kind for f in sources(operands)}
    if "other" in kinds:
        return "other"
    if kinds & {"array", "mask"}:
        return "mask" if name in _TRUTHS or "array" not in kinds else "array"
    return "scalar" if "scalar" in kinds else "number"
