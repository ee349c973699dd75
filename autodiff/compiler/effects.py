"""What a step does beside computing with arrays, noticed while it is recorded."""

from __future__ import annotations

import builtins
import random
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autodiff.errors import TracingError

__all__ = ["Effects", "direct_draws", "watching_effects"]


class Effects:
    """What was noticed.

    Attributes:
        printed: whether this thread printed something.
    """

    def __init__(self) -> None:
        self.printed = False
        self._before = _global_states()

    def tell(self, name: str) -> None:
        """Warn of what later calls will not do, and refuse what they would do wrongly.

        Args:
            name: of the step.

        Raises:
            TracingError: it drew from a generator that all programs share.
        """
        for (owner, before), (_, now) in zip(self._before, _global_states(), strict=True):
            if now != before:
                raise direct_draws(f"the global generator of {owner}")
        if self.printed:
            warnings.warn(
                f"the compiled step {name!r} prints, which it does while it is recorded and "
                "compared, and not in later calls; return what is to be shown, and print it there",
                stacklevel=5,
            )


def direct_draws(source: str) -> TracingError:
    """The error for random numbers that a recording would repeat in every call."""
    return TracingError(
        f"a compiled step takes random numbers drawn directly from {source}, which would be the "
        "same in every call; draw through autodiff.live.uniform, use the layers of nn, or give "
        "the numbers as an argument"
    )


def _global_states() -> list[tuple[str, Any]]:
    return [("numpy.random", _comparable(np.random.get_state())), ("random", random.getstate())]


def _comparable(state: Any) -> list[Any]:
    """A state of a generator in parts that can be compared."""
    return [part.tobytes() if isinstance(part, np.ndarray) else part for part in state]


_watching: list[tuple[int, Effects]] = []
_lock = threading.RLock()
_prints: list[Any] = []


def _telling(plain: Any) -> Any:
    """A function to print with that tells those who watch this thread."""

    def print_and_tell(*args: Any, **kwargs: Any) -> None:
        this = threading.get_ident()
        for thread, effects in tuple(_watching):
            effects.printed = effects.printed or thread == this
        plain(*args, **kwargs)

    return print_and_tell


@contextmanager
def watching_effects() -> Iterator[Effects]:
    """Notice what this thread prints and draws inside the block."""
    watcher = threading.get_ident(), Effects()
    with _lock:
        # Threads end in any order, so the first that begins puts it in, the last takes it out.
        if not _watching:
            _prints[:] = builtins.print, _telling(builtins.print)
            builtins.print = _prints[1]
        _watching.append(watcher)
    try:
        yield watcher[1]
    finally:
        with _lock:
            _watching.remove(watcher)
            if not _watching and builtins.print is _prints[1]:
                builtins.print = _prints[0]
