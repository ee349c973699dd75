"""Which arguments of a function are meant: by position, by name, or both."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from autodiff.transforms.arguments import Variables

__all__ = ["Names", "Places", "Positions"]

Positions = int | Sequence[int]
Names = str | Sequence[str]


class Places:
    """The arguments to differentiate for.

    Args:
        function: whose arguments they are.
        argnums: a position or several; the first, if no names are given either.
        argnames: a name or several.
    """

    def __init__(
        self, function: Callable[..., Any], argnums: Positions | None, argnames: Names | None
    ) -> None:
        if argnums is None and argnames is None:
            argnums = 0
        self._function = function
        self._argnums, self._argnames = argnums, argnames
        self.positions = (argnums,) if isinstance(argnums, int) else tuple(argnums or ())
        self.names = (argnames,) if isinstance(argnames, str) else tuple(argnames or ())

    def replaced(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], *, record: bool
    ) -> tuple[list[Variables], tuple[Any, ...], dict[str, Any]]:
        """The variables, and the arguments with nodes in the places that are meant."""
        chosen: dict[int | str, Variables] = {}
        new_args, new_kwargs = list(args), dict(kwargs)
        order: list[int | str] = []
        for position in self.positions:
            self._check(position, len(args))
            order.append(position % len(args))
        order += [self._place(name, len(args), kwargs) for name in self.names]
        for place in order:
            if place in chosen:
                continue
            given: Any = args[place] if isinstance(place, int) else kwargs[place]
            what = f"argument {place}"
            chosen[place] = one = Variables(given, what, record=record)
            if isinstance(place, int):
                new_args[place] = one.tree
            else:
                new_kwargs[place] = one.tree
        return [chosen[place] for place in order], tuple(new_args), new_kwargs

    def arranged(self, parts: list[Any]) -> Any:
        """One result for each place, as the places were given: alone, as a tuple, as a dict."""
        cut = len(self.positions)
        first: Any = parts[0] if isinstance(self._argnums, int) else tuple(parts[:cut])
        if self._argnames is None:
            return first
        second: Any = (
            parts[cut]
            if isinstance(self._argnames, str)
            else dict(zip(self.names, parts[cut:], strict=True))
        )
        return second if self._argnums is None else (first, second)

    def _called(self) -> str:
        return getattr(self._function, "__name__", "the function")

    def _check(self, position: int, count: int) -> None:
        if not -count <= position < count:
            raise TypeError(
                f"argnums={position}, but {self._called()} was called with {count} positional "
                "argument(s)"
            )

    def _place(self, name: str, count: int, kwargs: dict[str, Any]) -> int | str:
        if name in kwargs:
            return name
        try:
            parameters = list(inspect.signature(self._function).parameters.values())
        except (TypeError, ValueError):
            parameters = []
        for position, parameter in enumerate(parameters[:count]):
            if parameter.name == name and parameter.kind is not parameter.VAR_POSITIONAL:
                return position
        raise TypeError(f"argnames={name!r}, but {self._called()} was called without it")
