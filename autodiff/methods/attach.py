"""Functions and properties put in place as methods of the classes of nodes: only from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from types import FunctionType
from typing import Any

__all__ = ["attach", "form_of"]


def attach(kind: type, methods: Mapping[str, Any]) -> None:
    """Put functions in place as methods of a class.

    Args:
        kind: the class.
        methods: function or property by the method's name.
    """
    for name, method in methods.items():
        setattr(kind, name, method)


def form_of(function: Callable[..., Any], method: Callable[..., Any]) -> Callable[..., Any]:
    """A method that takes a function's arguments in other ways, described by its docstring.

    Example:
        >>> import autodiff as ad
        >>> ad.Tensor.reshape.__doc__ == ad.reshape.__doc__
        True
    """
    # A copy, so that the file of the method has no examples that call the function by its name.
    plain: Any = method
    own: Any = FunctionType(
        plain.__code__, plain.__globals__, function.__name__, plain.__defaults__, plain.__closure__
    )
    own.__qualname__ = f"Tensor.{function.__name__}"
    own.__doc__ = function.__doc__
    whole = signature(method)
    shown = [p for p in whole.parameters.values() if p.kind is not Parameter.VAR_KEYWORD]
    if len(shown) < len(whole.parameters):
        options = signature(function).parameters.values()
        shown += [p for p in options if p.kind is Parameter.KEYWORD_ONLY and p not in shown]
    own.__signature__ = whole.replace(parameters=shown)
    return own  # type: ignore[no-any-return]
