"""What the layers of images share: settings that are read in every call, and a name in errors."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar

from autodiff import live
from nn.layers import making
from nn.module.base import Module

__all__: list[str] = []

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
        cls._arguments = {one.name: one.default for one in own if one.name not in _BEGINNINGS}

    def _setting(self, name: str) -> Any:
        """A setting; a compiled step notices when it has become another one."""
        return live.setting(vars(self), name)

    def _applied(self, functions: tuple[Callable[..., Any], ...], *inputs: Any, **more: Any) -> Any:
        """What the function for this number of axes makes of the inputs with these settings."""
        settings = {name: self._setting(name) for name in self._arguments}
        return self._called(functions[self._axes - 1], *inputs, **settings, **more)

    def _called(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """A function's result; an error of it begins with this layer."""
        try:
            return function(*args, **kwargs)
        except ValueError as error:
            error.args = (f"{making.named(self)}: {error}", *error.args[1:])
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
