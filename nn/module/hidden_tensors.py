"""Refusing trainable tensors that sit where nobody would look for them."""

from __future__ import annotations

import contextlib
import functools
from collections import deque
from collections.abc import Iterator, Mapping
from types import FunctionType, MethodType, ModuleType
from typing import Any

from autodiff import Tensor
from nn.module.parameter import Parameter
from nn.module.tree import Part, tensors

__all__ = ["refuse_hidden"]

_DEPTH = 3


def refuse_hidden(owner: Part) -> None:
    """Raise if a trainable tensor is held by a module without being one of its parameters.

    Raises:
        TypeError: such a tensor would be neither trained nor saved, or a key of a dict
            cannot be part of its name.
        ValueError: such a key contains a dot.
    """
    list(owner._members())
    known: set[int] | None = None
    for name, value in vars(owner).items():
        for where, tensor in _peek(value, "", _DEPTH):
            if not (tensor.requires_grad and tensor.is_leaf):
                continue
            if known is None:
                known = {id(p) for p in _parameters(owner)}
            if id(tensor) in known:
                continue
            what = f"{type(owner).__name__}.{name}"
            if isinstance(tensor, Parameter):
                raise TypeError(
                    f"{what} holds a parameter of shape {tensor.shape} {where}, where it would be "
                    "neither trained nor saved; keep parameters and modules in attributes, lists, "
                    "tuples or dicts of the module (or freeze them with requires_grad_(False))"
                )
            raise TypeError(
                f"{what} holds a Tensor with requires_grad=True, but only Parameters are trained "
                "and saved; write nn.Parameter(...) instead of Tensor(...)"
            )


def _parameters(part: Part) -> Iterator[Parameter]:
    return (parameter for _, parameter in tensors(part, Parameter, "", once=True))


def _peek(value: Any, where: str, depth: int) -> Iterator[tuple[str, Tensor]]:
    """Tensors inside a value, each with the kind of place it is in."""
    if isinstance(value, Tensor):
        yield where, value
    elif isinstance(value, Part):
        if where:
            yield from ((where, parameter) for parameter in _parameters(value))
    elif depth:
        for place, item in _inner(value):
            yield from _peek(item, where or place, depth - 1)


def _inner(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list | tuple):
        yield from (("", item) for item in value)
    elif isinstance(value, Mapping):
        yield from (("", item) for item in value.values())
    elif isinstance(value, set | frozenset | deque):
        yield from ((f"in a {type(value).__name__}", item) for item in value)
    elif isinstance(value, functools.partial):
        for item in (value.func, *value.args, *value.keywords.values()):
            yield "in a functools.partial", item
    elif isinstance(value, MethodType):
        yield "behind a bound method", value.__self__
    elif isinstance(value, FunctionType):
        for cell in value.__closure__ or ():
            with contextlib.suppress(ValueError):
                yield "in the closure of a function", cell.cell_contents
    elif hasattr(value, "__dict__") and not isinstance(value, type | ModuleType):
        yield from ((f"in a {type(value).__name__} object", i) for i in vars(value).values())
