"""What a step does beside computing with arrays, noticed while it is recorded."""

from __future__ import annotations

import builtins
import random
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import CodeType
from typing import Any

import numpy as np

from autodiff.compiler.code_names import where_drawn
from autodiff.compiler.refusals import draws_directly
from autodiff.errors import TracingWarning
from autodiff.graph.origin import Origin, user_frame
from autodiff.random import generator

__all__ = ["Effects", "watching_effects"]


class Effects:
    """What was noticed.

    Attributes:
        printed: file and line where this thread printed something first; None if it did not.
        unseeded: the same of where it made a generator without a seed.
    """

    def __init__(self) -> None:
        self.printed: Origin | None = None
        self.unseeded: Origin | None = None
        self._before = _states()

    def check_draws(
        self, step: str, known: Callable[[Any, Any], bool], codes: list[CodeType]
    ) -> None:
        """Refuse random numbers that the recording does not draw anew.

        Args:
            step: its name.
            known: whether the recording draws from a generator in every call.
            codes: of the step and its helpers, to find the line.

        Raises:
            TracingError: some were drawn from what is not named in the step.
        """
        if self.unseeded is not None:
            where = "{}:{}".format(*self.unseeded)
            raise draws_directly(step, "a Generator made in it without a seed", where)
        pairs = zip(self._before, _states(), strict=True)
        for (source, owner, before), (_, _, now) in pairs:
            if now != before and not known(owner, None):
                raise draws_directly(step, source, where_drawn(codes, source))

    def tell(self, step: str) -> bool:
        """Warn of what later calls will not do.

        Args:
            step: its name.

        Returns:
            Whether there was something to say.
        """
        if self.printed is not None:
            warnings.warn_explicit(
                f"the compiled step {step!r} prints here, which it does while it is recorded and "
                "compared, and not in later calls; return what is to be shown, and print it "
                "outside the step",
                TracingWarning,
                *self.printed,
            )
        return self.printed is not None


def _states() -> list[tuple[str, Any, Any]]:
    """The generators that a step reaches without naming them, with the states they are in."""
    library = generator()
    return [
        ("the global generator of numpy.random", None, _comparable(np.random.get_state())),
        ("the global generator of random", None, random.getstate()),
        ("autodiff.random.generator()", library, repr(library.bit_generator.state)),
    ]


def _comparable(state: Any) -> list[Any]:
    """A state of a generator in parts that can be compared."""
    return [part.tobytes() if isinstance(part, np.ndarray) else part for part in state]


_watching: list[tuple[int, Effects]] = []
_lock = threading.RLock()
# What is noticed, where it is found, and whether a call with these arguments is meant.
_NOTICED: tuple[tuple[str, Any, str, Callable[..., bool]], ...] = (
    ("printed", builtins, "print", lambda *args, **kwargs: True),
    ("unseeded", np.random, "default_rng", lambda seed=None: seed is None),
)
_plain: dict[str, Any] = {}


def _telling(what: str, plain: Any, meant: Callable[..., bool]) -> Any:
    """A function that does what a plain one does, and tells those who watch this thread."""

    @wraps(plain)
    def told(*args: Any, **kwargs: Any) -> Any:
        result = plain(*args, **kwargs)
        this = threading.get_ident()
        for thread, effects in tuple(_watching):
            if thread == this and getattr(effects, what) is None and meant(*args, **kwargs):
                frame = user_frame(2)
                setattr(effects, what, (frame.f_code.co_filename, frame.f_lineno))
        return result

    return told


@contextmanager
def watching_effects() -> Iterator[Effects]:
    """Notice what this thread prints and draws inside the block."""
    watcher = threading.get_ident(), Effects()
    with _lock:
        # Threads end in any order, so the first that begins puts them in, the last takes them out.
        if not _watching:
            for what, owner, name, meant in _NOTICED:
                _plain[what] = getattr(owner, name)
                setattr(owner, name, _telling(what, _plain[what], meant))
        _watching.append(watcher)
    try:
        yield watcher[1]
    finally:
        with _lock:
            _watching.remove(watcher)
            for what, owner, name, _ in _NOTICED if not _watching else ():
                # Unless somebody else has replaced it in the meantime.
                if getattr(getattr(owner, name), "__wrapped__", None) is _plain[what]:
                    setattr(owner, name, _plain[what])
