"""What an optimizer is set to: numbers that are checked whenever they are set."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

__all__ = [
    "NOT_SETTINGS",
    "Group",
    "Range",
    "check_settings",
    "checked_number",
    "checked_rate",
    "checked_switch",
]

NOT_SETTINGS = ("params", "param_names")
"""The entries of a group that are no settings."""


class Range(NamedTuple):
    """Where a setting may lie.

    Attributes:
        least: the lowest number, which it may be unless ``above`` is set.
        below: it is lower than this.
        above: whether it must be higher than ``least``.
        most: the highest number it may be.
        optional: whether it may be None.
    """

    least: float = 0.0
    below: float | None = None
    above: bool = False
    most: float | None = None
    optional: bool = False

    def __str__(self) -> str:
        lowest = f"above {self.least:g}" if self.above else f"not below {self.least:g}"
        if self.least == -math.inf:
            lowest = ""
        limits = [lowest] if lowest else []
        if self.below is not None:
            limits.append(f"below {self.below:g}")
        if self.most is not None:
            limits.append(f"not above {self.most:g}")
        return " and ".join(limits)

    def holds(self, number: float) -> bool:
        """Whether a number lies in it."""
        return (
            math.isfinite(number)
            and (number > self.least if self.above else number >= self.least)
            and (self.below is None or number < self.below)
            and (self.most is None or number <= self.most)
        )


Ranges = Mapping[str, Range | tuple[Range, ...] | tuple[str | None, ...] | type]


class Group(dict[str, Any]):
    """Parameters with their settings; a setting that is out of range is refused at once.

    Args:
        settings: all of them.
        check: raises if something is wrong with settings.

    Attributes:
        mark: another object whenever something else than the learning rate was set.
        kinds: which settings are numbers, so that those that are can be read anew.
    """

    def __init__(
        self, settings: Mapping[str, Any], check: Callable[[Mapping[str, Any]], None]
    ) -> None:
        super().__init__(settings)
        self._check = check
        self.mark: object = object()
        self.kinds: str = _kinds(self)

    def __setitem__(self, key: str, value: Any) -> None:
        self._check({**self, key: value})
        super().__setitem__(key, value)
        self._changed((key,))

    def update(self, *args: Any, **settings: Any) -> None:
        """Set several settings, all or none."""
        changed = dict(*args, **settings)
        self._check({**self, **changed})
        super().update(changed)
        self._changed(changed)

    def _changed(self, keys: Any) -> None:
        kinds = _kinds(self)
        if kinds != self.kinds or any(key != "lr" for key in keys):
            self.kinds = kinds
            self.mark = object()

    def __reduce__(self) -> Any:
        return dict, (dict(self),)


def _kinds(settings: Mapping[str, Any]) -> str:
    return " ".join(_kind(value) for key, value in settings.items() if key not in NOT_SETTINGS)


def _kind(value: Any) -> str:
    if isinstance(value, tuple | list):
        return "".join(map(_kind, value))
    if value is None or isinstance(value, bool | np.bool_ | str):
        return "-"
    return "f" if callable(value) else "n"


def check_settings(kind: str, settings: Mapping[str, Any], ranges: Ranges) -> None:
    """Refuse settings that are out of range.

    Args:
        kind: of the optimizer, for messages.
        settings: by name.
        ranges: what is asked of them: a range, one for each element of a tuple, the words or
            None that are allowed, or ``bool``.

    Raises:
        TypeError: something is of the wrong type.
        ValueError: something is out of range.
    """
    for name, wanted in ranges.items():
        value, what = settings[name], f"{kind}: {name}"
        if isinstance(wanted, Range):
            if name == "lr" and callable(value):
                continue
            checked_number(what, value, wanted)
        elif wanted is bool:
            checked_switch(what, value)
        elif isinstance(wanted, tuple) and not isinstance(wanted[0], Range):
            if value not in wanted:
                raise ValueError(f"{what} must be one of {list(wanted)}, and {value!r} was given")
        elif isinstance(wanted, tuple):
            if not isinstance(value, tuple | list) or len(value) != len(wanted):
                count = {2: "two", 3: "three"}.get(len(wanted), str(len(wanted)))
                raise ValueError(f"{kind}: {name} are {count} numbers, not {value}")
            for number, (element, limits) in enumerate(zip(value, wanted, strict=True)):
                assert isinstance(limits, Range)
                checked_number(f"{what}[{number}]", element, limits)


def checked_number(name: str, value: Any, limits: Range) -> float | None:
    """A setting that must be a finite number within limits.

    Raises:
        TypeError: it is no number; text and truth values are none.
        ValueError: it is out of range.
    """
    if value is None and limits.optional:
        return None
    wanted = f"{name} must be a finite number {limits}".rstrip()
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
    if not limits.holds(number):
        raise ValueError(f"{wanted}, and {value} was given")
    return number


def checked_rate(name: str, value: Any, below: float | None = None) -> float:
    """A setting that must be a finite number from 0 up, and perhaps below a limit.

    Raises:
        TypeError: it is no number; text and truth values are none.
        ValueError: it is out of range.
    """
    number = checked_number(name, value, Range(below=below))
    assert number is not None
    return number


def checked_switch(name: str, value: Any) -> bool:
    """A setting that is on or off.

    Raises:
        TypeError: it is neither True nor False.
    """
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False, and {value!r} was given")
    return bool(value)
