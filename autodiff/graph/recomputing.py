"""Code that is run again for a backward pass: what lasts was changed when it ran first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from math import inf
from typing import Any

__all__ = ["changed_before", "recomputing"]

_SINCE: ContextVar[float] = ContextVar("glassgrad_recomputing_since", default=-inf)


@contextmanager
def recomputing(since: int) -> Iterator[None]:
    """Run code again, which does not change tensors that were there before it.

    Args:
        since: the clock's number at which this began.
    """
    token = _SINCE.set(since)
    try:
        yield
    finally:
        _SINCE.reset(token)


def changed_before(x: Any) -> bool:
    """Whether a change of a tensor was made already, when the code that makes it ran first.

    That is so while `autodiff.checkpoint` computes again, of tensors that were there before: a
    buffer such as a running mean keeps then what the first run gave it.

    Example:
        >>> import autodiff as ad
        >>> changed_before(ad.Tensor([1.0]))
        False
    """
    return bool(x.sequence < _SINCE.get())
