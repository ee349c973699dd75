"""How many threads NumPy's linear algebra uses."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any

__all__ = ["single_thread"]


def single_thread() -> AbstractContextManager[Any]:
    """Inside, linear algebra runs on one thread, where the package threadpoolctl is there.

    Matrices of a few hundred rows are multiplied faster by one thread than by several
    that wait for each other, all the more on a machine that has other work to do. And
    results then cannot depend on the number of processors.

    Returns:
        A context manager; it comes with scikit-learn, and without it changes nothing.

    Example:
        >>> with single_thread():
        ...     pass
    """
    try:
        limits: AbstractContextManager[Any] = import_module("threadpoolctl").threadpool_limits(1)
    except ImportError:
        return nullcontext()
    return limits
