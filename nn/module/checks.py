"""What the settings of modules are checked for, each in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["function", "nonnegative", "nonzero", "one_of", "positive", "share"]


def function(kind: str, name: str, value: Any) -> Any:
    """Something that can be called.

    Raises:
        TypeError: it cannot.
    """
    if not callable(value):
        raise TypeError(f"{kind}: {name} must be a function, not {value!r}")
    return value


def positive(kind: str, name: str, value: float) -> float:
    """A number above 0.

    Raises:
        ValueError: it is not.
    """
    if not value > 0:
        raise ValueError(f"{kind}: {name} must be positive, not {value!r}")
    return value


def nonnegative(kind: str, name: str, value: float) -> float:
    """A number from 0 up.

    Raises:
        ValueError: it is not.
    """
    if not value >= 0:
        raise ValueError(f"{kind}: {name} must be 0 or more, not {value!r}")
    return value


def nonzero(kind: str, name: str, value: float) -> float:
    """A number that something can be divided by.

    Raises:
        ValueError: it is 0.
    """
    if value == 0:
        raise ValueError(f"{kind}: {name} must not be 0, by which the result is divided")
    return value


def share(kind: str, name: str, value: float) -> float:
    """A number from 0 to 1.

    Raises:
        ValueError: it is not.
    """
    if not 0 <= value <= 1:
        raise ValueError(f"{kind}: {name} must be from 0 to 1, not {value!r}")
    return value


def one_of(*choices: Any) -> Callable[[str, str, Any], Any]:
    """A check that lets these values through.

    Example:
        >>> one_of("sum", "none")("MSELoss", "reduction", "all")
        Traceback (most recent call last):
        ValueError: MSELoss: reduction must be 'sum' or 'none', not 'all'
    """

    def check(kind: str, name: str, value: Any) -> Any:
        if not any(value is choice or value == choice for choice in choices):
            *most, last = map(repr, choices)
            listed = f"{', '.join(most)} or {last}" if most else last
            raise ValueError(f"{kind}: {name} must be {listed}, not {value!r}")
        return value

    return check
