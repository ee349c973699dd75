"""Giving a module another buffer in the place of one that it has."""

from __future__ import annotations

from typing import Any

import autodiff as ad
from autodiff import Tensor, live
from autodiff.errors import BatchingError, NonDifferentiableError, TracingError
from autodiff.extending import changed_before, raw, within_vmap
from nn.module.parameter import Buffer, Parameter
from nn.module.tree import ORIGINS, Part

__all__ = ["replacing"]


def replacing(owner: Part, name: str, value: Any) -> Any:
    """What an assignment puts in the place of a buffer: a buffer of its own, with these numbers.

    Shape and dtype are free. A compiled step, whose recording writes into the array of the buffer
    that was there, gets that one back at its end, with the numbers of the new one.

    Args:
        owner: the module.
        name: of the attribute, under which there is a `Buffer`.
        value: what was assigned.

    Returns:
        What the attribute is to hold.

    Raises:
        BatchingError: the assignment stands within `vmap`.
        NonDifferentiableError: the value carries a gradient, which a buffer would lose.
        TracingError: at the end of a compiled step, the shape or the dtype is another one.
    """
    old = vars(owner)[name]
    if value is None or value is old or isinstance(value, Parameter | Part):
        return value
    if changed_before(old):
        return old
    what = f"{type(owner).__name__}.{name}"
    if within_vmap():
        raise BatchingError(
            f"the buffer {what} was to be replaced within vmap, where every example has numbers "
            "of its own; return them instead, or map over the module with its buffers as "
            "arguments of nn.functional_call"
        )
    if not isinstance(value, Buffer):
        value = Buffer(_numbers(what, value), old.persistent, name=old.name)
    for held in _sharing(owner, name, old):
        held[name] = value
        live.at_end(lambda held=held: _settle(what, held, name, old))  # type: ignore[misc]
    return value


def _numbers(what: str, value: Any) -> Any:
    if not isinstance(value, Tensor):
        return value
    if value.requires_grad:
        raise NonDifferentiableError(
            f"{what} is a buffer, which is not trained, and was assigned {value.describe()}, "
            "which carries a gradient that would be lost; assign x.detach(), or compute it inside "
            "`with autodiff.no_grad():`"
        )
    return raw(value)


def _sharing(owner: Part, name: str, old: Buffer) -> list[dict[str, Any]]:
    """The attributes of a module and of those that it was copied from, with whom it shares."""
    origins = [origin() for origin in vars(owner).get(ORIGINS, ())]
    parts = [part for part in (owner, *origins) if part is not None]
    return [vars(part) for part in parts if vars(part).get(name) is old]


def _settle(what: str, held: dict[str, Any], name: str, old: Buffer) -> None:
    new = held[name]
    if new is old or not isinstance(new, Buffer):
        return
    if (new.shape, new.dtype) != (old.shape, old.dtype):
        raise TracingError(
            f"in a compiled step the buffer {what} of shape {old.shape} and dtype {old.dtype} was "
            f"replaced by one of shape {new.shape} and dtype {new.dtype}; give it the same "
            "(x.astype(...)), or replace it outside the step"
        )
    with ad.no_grad():
        old.data = raw(new)
    held[name] = old
