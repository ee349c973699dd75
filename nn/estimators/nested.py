"""Settings of the parts of an estimator by their names: ``module__hidden``, ``optimizer__lr``."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from nn import optim
from nn.estimators.scikit import BaseEstimator
from nn.optim import Optimizer

__all__ = ["NestedSettings", "optimizer_class"]


def optimizer_class(given: Any) -> Callable[..., Any]:
    """What makes the optimizer: a class of `nn.optim` by its name, or what was given.

    Raises:
        ValueError: there is none of that name.
        TypeError: it is neither a name nor something to be called.
    """
    if not isinstance(given, str):
        if not callable(given):
            raise TypeError(
                "optimizer must be the name of a class in nn.optim, such as 'Adam', or a function "
                f"of parameters and settings, not {given!r}"
            )
        found: Callable[..., Any] = given
        return found
    kinds = {
        name: kind
        for name, kind in vars(optim).items()
        if isinstance(kind, type) and issubclass(kind, Optimizer) and kind is not Optimizer
    }
    if given not in kinds:
        folded = {name.lower(): name for name in kinds}
        near = difflib.get_close_matches(given.lower(), folded, n=1, cutoff=0.4)
        raise ValueError(
            f"there is no optimizer {given!r}"
            + (f"; did you mean {folded[near[0]]!r}?" if near else f"; there are {sorted(kinds)}")
        )
    return kinds[given]


class NestedSettings(BaseEstimator):
    """The part of an estimator that knows its settings, and those of what it is made of."""

    _PARTS: ClassVar[dict[str, int]] = {"module": 3, "optimizer": 1, "loss": 2}
    """Parts that have settings, and how many arguments they are given before these."""

    def _take(self, nested: dict[str, Any]) -> None:
        """Keep what was given to the constructor by nested names."""
        names = [*self._get_param_names(), *(f"{part}__" for part in self._PARTS)]
        for key, value in nested.items():
            if key.partition("__")[0] not in self._PARTS or "__" not in key:
                raise TypeError(f"{type(self).__name__} has no setting {key!r}{_hint(key, names)}")
            setattr(self, key, value)

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The settings by name.

        Args:
            deep: whether to add the settings of module, optimizer and loss that have their
                default values.
        """
        own = {name: getattr(self, name) for name in self._get_param_names()}
        defaults = {}
        if deep:
            for part in self._PARTS:
                defaults.update(
                    {
                        f"{part}__{name}": p.default
                        for name, p in (self._known(part) or {}).items()
                        if p.default is not p.empty
                    }
                )
            if "optimizer__lr" in defaults:
                defaults["optimizer__lr"] = own["lr"]
        return {**defaults, **own, **self._given()}

    def set_params(self, **params: Any) -> Any:
        """Change settings, all or none; those of parts as ``module__name``.

        With another part, the settings that were given for the one before are dropped.

        Raises:
            ValueError: there is no such setting.
        """
        own = {key: value for key, value in params.items() if "__" not in key}
        before = dict(vars(self))
        try:
            for key, value in own.items():
                if key not in self._get_param_names():
                    near = _hint(key, self.get_params())
                    raise ValueError(f"{type(self).__name__} has no setting {key!r}{near}")
                if key in self._PARTS and value is not getattr(self, key):
                    for name in self._given():
                        if name.startswith(f"{key}__"):
                            delattr(self, name)
                setattr(self, key, value)
            for key in params.keys() - own.keys():
                if key.partition("__")[0] not in self._PARTS:
                    near = _hint(key, self.get_params())
                    raise ValueError(f"{type(self).__name__} has no setting {key!r}{near}")
                setattr(self, key, params[key])
            for part in self._PARTS:
                if any(key.startswith(f"{part}__") for key in params):
                    self._settings(part)
        except ValueError:
            vars(self).clear()
            vars(self).update(before)
            raise
        return self

    def _given(self) -> dict[str, Any]:
        """Settings of parts that were given."""
        return {
            key: value
            for key, value in vars(self).items()
            if "__" in key and key.partition("__")[0] in self._PARTS
        }

    def _settings(self, part: str) -> dict[str, Any]:
        """The settings of a part that were given, by their names in it.

        Raises:
            ValueError: it has none of such a name.
        """
        given = {
            key.partition("__")[2]: value
            for key, value in self._given().items()
            if key.startswith(f"{part}__")
        }
        known = self._known(part)
        for name in given:
            if known is not None and name not in known:
                raise ValueError(
                    f"{type(self).__name__}: the {part} has no setting {name!r}"
                    f"{_hint(name, known) or _listed(known)}"
                )
        return given

    def _factory(self, part: str) -> Any:
        """What makes a part."""
        return getattr(self, part)

    def _known(self, part: str) -> dict[str, inspect.Parameter] | None:
        """The settings of a part; None if it takes any, or cannot be asked."""
        try:
            parameters = inspect.signature(self._factory(part)).parameters.values()
        except (TypeError, ValueError):
            return None
        if any(p.kind is p.VAR_KEYWORD for p in parameters):
            return None
        named = [p for p in parameters if p.kind is not p.VAR_POSITIONAL]
        return {p.name: p for p in named[self._PARTS[part] :]}


def _hint(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _listed(names: Iterable[str]) -> str:
    return f"; it has {', '.join(names) or 'none'}"
