"""What a rule is given while it is read: settings and state as symbols."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from nn.optim.formulas.formula import Formula

__all__ = ["Asked", "Plain", "Setting", "Settings", "State", "element_name"]


class Setting(NamedTuple):
    """A number that a rule takes from the settings: an entry, or an element of an entry."""

    name: str
    key: str
    element: int | None


class Asked(NamedTuple):
    """What a rule asked of a setting, so that it branched: its truth, or what it is."""

    key: str
    element: int | None
    exact: bool
    answer: Any

    def holds(self, settings: Mapping[str, Any]) -> bool:
        """Whether the answer would be the same."""
        value = settings[self.key]
        if self.element is not None:
            value = value[self.element]
        if not self.exact:
            return bool(value) is self.answer
        return type(value) is type(self.answer) and bool(value == self.answer)


class Plain:
    """Settings as attributes, as they are at the moment."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings

    def __contains__(self, name: str) -> bool:
        return name in self._settings

    def __getattr__(self, name: str) -> Any:
        if name not in self._settings:
            raise AttributeError(_no_setting(name, self._settings))
        return self._settings[name]


class Settings:
    """Settings as attributes: numbers are symbols, what is no number is itself.

    Attributes:
        asked: what decided the course of the rule.
        used: the symbols, with where they come from.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self.asked: dict[tuple[str, int | None], Asked] = {}
        self.used: dict[Formula, Setting] = {}
        self._known: dict[str, Any] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._settings

    def __getattr__(self, name: str) -> Any:
        if name not in self._settings:
            raise AttributeError(_no_setting(name, self._settings))
        if name not in self._known:
            value = self._settings[name]
            if isinstance(value, tuple | list):
                self._known[name] = tuple(self._one(name, i, v) for i, v in enumerate(value))
            else:
                self._known[name] = self._one(name, None, value)
        return self._known[name]

    def _one(self, key: str, element: int | None, value: Any) -> Any:
        if value is None or isinstance(value, bool | np.bool_ | str):
            self.asked[key, element] = Asked(key, element, True, value)
            return value

        # Not by way of self, which holds the symbol: nothing is left for the garbage collector.
        known = self.asked

        def answer(kind: type) -> Any:
            asked = Asked(key, element, kind is int, value if kind is int else bool(value))
            before = known.get((key, element))
            if before is None or asked.exact:
                known[key, element] = asked
            return asked.answer

        symbol = Formula("number", element_name(key, element), test=answer)
        self.used[symbol] = Setting(symbol.name, key, element)
        return symbol


class State:
    """The state of a parameter as attributes, which a rule reads and gives new values."""

    def __init__(self, symbols: Mapping[str, Formula]) -> None:
        vars(self).update(symbols=dict(symbols), new={})

    symbols: dict[str, Any]
    new: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        if name in self.new:
            return self.new[name]
        if name not in self.symbols:
            raise AttributeError(_no_state(name, self.symbols))
        return self.symbols[name]

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.symbols:
            raise AttributeError(_no_state(name, self.symbols))
        self.new[name] = value


def element_name(key: str, element: int | None) -> str:
    """What a setting is called in code: ``lr``; the first of ``betas`` is ``beta1``."""
    if element is None:
        return key
    return f"{key.removesuffix('s')}{element + 1}"


def _no_setting(name: str, known: Mapping[str, Any]) -> str:
    listed = ", ".join(key for key in known if key not in ("params", "param_names"))
    return f"the rule asks for the setting {name!r}, and there are {listed or 'none'}"


def _no_state(name: str, known: Mapping[str, Any]) -> str:
    return (
        f"the rule uses the state {name!r}, which start() does not give; it gives "
        f"{', '.join(known) or 'nothing'}"
    )
