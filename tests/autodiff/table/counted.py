"""A toy interpreter: arrays that count what is done with them, in as few lines as one takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.backends.interpreter import Interpreter
from autodiff.backends.kinds import is_numeric
from autodiff.backends.stand_in import StandIn

__all__ = ["Counted", "Counter"]


class Counted(StandIn):
    """An array whose interpreter counts the functions that are called on it."""

    __slots__ = ()


class Counter(Interpreter):
    """Carries out every function as NumPy does, and counts them."""

    def __init__(self) -> None:
        self.count = 0

    def wrap(self, value: Any) -> Counted:
        """An array that is counted."""
        return Counted(self, value if isinstance(value, StandIn) else np.asarray(value))

    def apply(self, function: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> Any:
        """One function more."""
        self.count += 1
        return self._wrapped(function(*self._held(args), **self._held(kwargs)))

    def _held(self, x: Any) -> Any:
        if isinstance(x, dict):
            return {key: self._held(part) for key, part in x.items()}
        if isinstance(x, (tuple, list)):
            return type(x)(map(self._held, x))
        return x.value if isinstance(x, StandIn) and x.interpreter is self else x

    def _wrapped(self, result: Any) -> Any:
        if isinstance(result, (tuple, list)):
            return type(result)(map(self._wrapped, result))
        return self.wrap(result) if is_numeric(result) or isinstance(result, StandIn) else result
