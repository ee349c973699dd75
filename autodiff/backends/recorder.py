"""The recording under way, if there is one, and what it offers to those whom it records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Any, Protocol

import numpy as np

__all__ = ["RECORDER", "Recorder", "at_end", "ended", "telling_backward"]


class Recorder(Protocol):
    """What a recording offers to what runs within it: to operations, sweeps and optimizers.

    Attributes:
        subject: the tensor that is being updated, said by an optimizer.
    """

    subject: Any

    def operation(self, entry: Any) -> None:
        """An operation of the table was carried out by the calls made last."""

    def apart(self) -> AbstractContextManager[None]:
        """What is done inside is a part of its own, although it runs within a sweep."""

    def backward(self, node: Any = None) -> AbstractContextManager[None]:
        """What is done inside is the backward pass, of one node where one is given."""

    def update(self, owner: Any) -> AbstractContextManager[None]:
        """What is done inside is the update by an optimizer."""

    def stand_in(self, array: Any) -> Any:
        """A stand-in for an array from outside, whose numbers are read anew in every call."""

    def live_number(self, owner: Mapping[str, Any], key: str, dtype: Any) -> Any:
        """A stand-in for a number that is read anew in every call."""

    def guard(self, owner: Mapping[str, Any], key: str, *, exact: bool) -> None:
        """Record the step anew once ``owner[key]``, or only its truth, is another."""

    def uniform(self, rng: np.random.Generator, shape: tuple[int, ...], dtype: Any) -> Any:
        """A stand-in for numbers drawn anew in every call."""


RECORDER: ContextVar[Recorder | None] = ContextVar("glassgrad_recorder", default=None)


def telling_backward(node: Any = None) -> AbstractContextManager[None]:
    """Tell the recording under way, if there is one, that what is done inside goes backward.

    Args:
        node: the node whose cotangent is sent on.
    """
    recorder = RECORDER.get()
    return nullcontext() if recorder is None else recorder.backward(node)


_AT_END: ContextVar[list[Callable[[], None]] | None] = ContextVar(
    "glassgrad_at_end_of_step", default=None
)


def ended(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run the code of a compiled step, and after it what it put off, the last first."""
    put_off: list[Callable[[], None]] = []
    token = _AT_END.set(put_off)
    try:
        return function(*args, **kwargs)
    finally:
        while put_off:
            put_off.pop()()
        _AT_END.reset(token)


def at_end(action: Callable[[], None]) -> bool:
    """Put something off until the compiled step under way has run its code.

    Args:
        action: what is to be done then.

    Returns:
        Whether there is such a step, being recorded or compared; if not, nothing is done.

    Example:
        >>> at_end(lambda: None)
        False
    """
    put_off = _AT_END.get()
    if put_off is not None:
        put_off.append(action)
    return put_off is not None
