"""What the layers of images share: settings that are read in every call, and a name in errors."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from autodiff import live
from nn.layers import making
from nn.module.base import Module

__all__: list[str] = []

Result = TypeVar("Result")
Axes = int | tuple[int, ...]
_BEGINNINGS = ("init", "rng", "dtype")
"""Arguments that say how a layer begins, and are not kept."""


class Settled(Module):
    """A layer that is a function with settings, kept under the names that the function has.

    A subclass keeps every argument of its constructor in the attribute of that name.
    """

    _axes: ClassVar[int] = 0
    _arguments: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _, *own = inspect.signature(cls.__init__).parameters.values()
        kept = (one for one in own if one.name not in _BEGINNINGS and one.name[0] != "_")
        cls._arguments = {one.name: one.default for one in kept}

    def _lengths(self, name: str, value: Any, least: int = 1) -> Any:
        """A number, or one for each axis, or the name of a padding, as it was given."""
        if not isinstance(value, str):
            making.per_axis(type(self).__name__, name, value, self._axes, least)
        return tuple(value) if isinstance(value, list) else value

    def _setting(self, name: str) -> Any:
        """A setting; a compiled step notices when it has become another one."""
        return live.setting(vars(self), name)

    def _applied(self, function: Callable[..., Result], *inputs: Any) -> Result:
        """What a function makes of inputs with all the settings."""
        settings = {name: self._setting(name) for name in self._arguments}
        return self._called(function, *inputs, **settings)

    def _called(self, function: Callable[..., Result], *args: Any, **kwargs: Any) -> Result:
        """A function's result; an error of it begins with this layer."""
        try:
            return function(*args, **kwargs)
        except (ValueError, IndexError) as error:
            name = making.named(self).removesuffix(",")
            error.args = (f"{name}: {error}", *error.args[1:])
            raise

    def extra_repr(self) -> str:
        """What has to be given, and what differs from the usual."""
        shown = []
        for name, usual in self._arguments.items():
            value = getattr(self, name)
            if usual is inspect.Parameter.empty:
                shown.append(f"{value!r}")
            elif value != usual:
                shown.append(f"{name}={value!r}")
        return ", ".join(shown)
