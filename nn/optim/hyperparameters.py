"""What an optimizer is set to: numbers that are checked whenever they are set."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["Group", "checked_rate", "checked_switch"]


class Group(dict[str, Any]):
    """Parameters with their settings; a setting that is out of range is refused at once.

    Args:
        settings: all of them.
        check: raises if something is wrong with settings.
    """

    def __init__(
        self, settings: Mapping[str, Any], check: Callable[[Mapping[str, Any]], None]
    ) -> None:
        super().__init__(settings)
        self._check = check

    def __setitem__(self, key: str, value: Any) -> None:
        self._check({**self, key: value})
        super().__setitem__(key, value)

    def update(self, *args: Any, **settings: Any) -> None:
        """Set several settings, all or none."""
        changed = dict(*args, **settings)
        self._check({**self, **changed})
        super().update(changed)

    def __reduce__(self) -> Any:
        return dict, (dict(self),)


def checked_rate(name: str, value: Any, below: float | None = None) -> float:
    """A setting that must be a finite number from 0 up, and perhaps below a limit.

    Raises:
        TypeError: it is no number; text and truth values are none.
        ValueError: it is out of range.
    """
    limit = "" if below is None else f" and below {below:g}"
    wanted = f"{name} must be a finite number not below 0{limit}"
    if isinstance(value, np.ndarray) and not value.ndim:
        value = value[()]
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        given = repr(value) if isinstance(value, str | bool | np.bool_) else type(value).__name__
        hint = ""
        if isinstance(value, str):
            hint = f"; write {name.rsplit(' ', 1)[-1]}=float({value!r})"
        elif hasattr(value, "item"):
            hint = "; write .item() after it"
        raise TypeError(f"{wanted}, and {given} was given{hint}")
    number = float(value)
    if not 0.0 <= number < math.inf or (below is not None and number >= below):
        raise ValueError(f"{wanted}, and {value} was given")
    return number


def checked_switch(name: str, value: Any) -> bool:
    """A setting that is on or off.

    Raises:
        TypeError: it is neither True nor False.
    """
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False, and {value!r} was given")
    return bool(value)
