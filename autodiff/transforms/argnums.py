"""Which arguments of a function are meant: by position, by name, or both."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autodiff.transforms.arguments import Variables

__all__ = ["Argnums", "Names", "Positions"]

Positions = int | Sequence[int]
Names = str | Sequence[str]


class Argnums:
    """The arguments to differentiate for.

    Args:
        function: whose arguments they are.
        argnums: a position or several; the first, if no names are given either.
        argnames: a name or several.
    """

    def __init__(
        self, function: Callable[..., Any], argnums: Positions | None, argnames: Names | None
    ) -> None:
        if not callable(function):
            raise TypeError(
                f"a function is wanted to differentiate, and {function!r} was given; give the "
                "function itself, and call what comes back: autodiff.grad(f)(3.0)"
            )
        if argnums is None and argnames is None:
            argnums = 0
        self._function = function
        self._argnums, self._argnames = argnums, argnames
        self.positions: tuple[int, ...] = (
            (argnums,) if isinstance(argnums, int) else tuple(argnums or ())
        )
        self.names: tuple[str, ...] = (
            (argnames,) if isinstance(argnames, str) else tuple(argnames or ())
        )

    def replaced(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], *, record: bool
    ) -> tuple[list[Variables], tuple[Any, ...], dict[str, Any]]:
        """The variables, and the arguments with nodes in the place of those that are meant."""
        order = self._order(args, kwargs)
        chosen = {
            argnum: Variables(_at(argnum, args, kwargs), f"argument {argnum}", record=record)
            for argnum in dict.fromkeys(order)
        }
        trees = {argnum: one.tree for argnum, one in chosen.items()}
        return [chosen[argnum] for argnum in order], *_filled(trees, args, kwargs)

    def bound(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[list[Any], list[str], Callable[..., Any]]:
        """The arguments that are meant, what they are called, and a function of these alone."""
        order = self._order(args, kwargs)

        def function(*values: Any) -> Any:
            args_now, kwargs_now = _filled(dict(zip(order, values, strict=True)), args, kwargs)
            return self._function(*args_now, **kwargs_now)

        function.__name__ = self._called()
        names = [f"argument {argnum}" for argnum in order]
        return [_at(argnum, args, kwargs) for argnum in order], names, function

    def _order(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> list[int | str]:
        for position in self.positions:
            self._check(position, len(args))
        by_name = [self._place(name, len(args), kwargs) for name in self.names]
        return [position % len(args) for position in self.positions] + by_name

    def arranged(self, parts: list[Any]) -> Any:
        """One result for each argument, as they were named: alone, as a tuple, as a dict."""
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


def _at(argnum: int | str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    return args[argnum] if isinstance(argnum, int) else kwargs[argnum]


def _filled(
    values: Mapping[int | str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    positional = tuple(values.get(i, arg) for i, arg in enumerate(args))
    return positional, {name: values.get(name, arg) for name, arg in kwargs.items()}
