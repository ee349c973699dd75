"""Initialisation schemes by name."""

from __future__ import annotations

import difflib
import functools
import inspect
from typing import Any, Protocol

import numpy as np

from nn.init import plain, scaled, scaling, structured, truncated

__all__ = ["SCHEMES", "Initializer", "get_initializer"]


class Initializer(Protocol):
    """What an initialisation scheme is: a shape becomes an array."""

    def __call__(
        self,
        shape: tuple[int, ...],
        *,
        rng: np.random.Generator | int | None = None,
        dtype: Any = None,
    ) -> np.ndarray[Any, Any]:
        """The initial array of this shape and dtype, drawn from ``rng``."""


def _unit_uniform(
    shape: tuple[int, ...], *, rng: plain.Rng = None, dtype: Any = None
) -> np.ndarray[Any, Any]:
    return plain.uniform(shape, -1.0, 1.0, rng=rng, dtype=dtype)


SCHEMES: dict[str, Initializer] = {
    "zeros": plain.zeros,
    "ones": plain.ones,
    "normal": plain.normal,
    "small_normal": plain.small_normal,
    "truncated_normal": truncated.truncated_normal,
    "trunc_normal": truncated.trunc_normal,
    "uniform": _unit_uniform,
    "orthogonal": structured.orthogonal,
    "eye": structured.eye,
    "dirac": structured.dirac,
    "variance_scaling": scaling.variance_scaling,
    "lecun_normal": scaled.lecun_normal,
    "lecun_uniform": scaled.lecun_uniform,
    "xavier_normal": scaled.xavier_normal,
    "xavier_uniform": scaled.xavier_uniform,
    "glorot_normal": scaled.glorot_normal,
    "glorot_uniform": scaled.glorot_uniform,
    "he_normal": scaled.he_normal,
    "he_uniform": scaled.he_uniform,
    "kaiming_normal": scaled.kaiming_normal,
    "kaiming_uniform": scaled.kaiming_uniform,
}
"""Every scheme that needs no further argument. ``normal`` is N(0, 1), ``small_normal``
N(0, 0.01²) and ``uniform`` draws from [-1, 1)."""


def get_initializer(scheme: str | Initializer, **fans: int) -> Initializer:
    """The scheme of a name; a function is passed through.

    Args:
        scheme: a name out of `SCHEMES`, or a function ``(shape, *, rng, dtype) -> array``.
        **fans: ``in_axis``, ``out_axis`` and ``groups``, for those that are scaled by the fans
            of a weight whose axes are not the usual ones; see `calculate_fan`.

    Returns:
        The function.

    Raises:
        ValueError: no scheme has that name.

    Example:
        >>> get_initializer("zeros")((2,))
        array([0., 0.], dtype=float32)
    """
    if callable(scheme):
        return scheme
    if scheme not in SCHEMES:
        near = difflib.get_close_matches(str(scheme), SCHEMES, n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        raise ValueError(
            f"unknown initialisation {scheme!r}{hint}; choose one of {', '.join(SCHEMES)}"
        )
    found = SCHEMES[scheme]
    taken = inspect.signature(found).parameters
    known: Any = {name: value for name, value in fans.items() if name in taken}
    return functools.partial(found, **known) if known else found
