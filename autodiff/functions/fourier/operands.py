"""What the Fourier transforms share: lengths, axes and scales as they are given."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from autodiff.errors import ShapeError
from autodiff.functions.shaping.padding import pad
from autodiff.functions.shaping.shaping import place_of_axis
from autodiff.tensors.operands import as_operand

__all__: list[str] = []

_SCALES = ("backward", "ortho", "forward")
_OTHER_WAY = {"backward": "forward", "ortho": "ortho", "forward": "backward"}


def scale_of(norm: str | None, *, other_way: bool = False) -> str:
    """The name of a scale, None being ``"backward"``.

    Args:
        norm: as it was given.
        other_way: give the scale of the transform in the other direction.

    Raises:
        ValueError: there is no such scale.

    Example:
        >>> scale_of(None), scale_of("forward", other_way=True)
        ('backward', 'backward')
    """
    scale = "backward" if norm is None else norm
    if scale not in _SCALES:
        raise ValueError(f"norm={norm!r} is no scale; give 'backward', 'ortho' or 'forward'")
    return _OTHER_WAY[scale] if other_way else scale


def resized(x: Any, n: Any, axis: int) -> Any:
    """A tensor cut or filled up with zeros at the end, to ``n`` elements along an axis.

    Raises:
        ShapeError: there is no such axis.
        ValueError: there is no such length.
    """
    x = as_operand(x)
    place = place_of_axis(operator.index(axis), x.ndim)
    if n is None:
        return x
    wanted, given = operator.index(n), x.shape[place]
    if wanted < 1:
        raise ValueError(f"a Fourier transform was given {n} points; give at least 1")
    if wanted < given:
        return x[(slice(None),) * place + (slice(0, wanted),)]
    if wanted == given:
        return x
    return pad(x, [(0, wanted - given if i == place else 0) for i in range(x.ndim)])


def lengths(
    x: Any, s: Sequence[int] | None, axes: Sequence[int] | None
) -> tuple[Any, list[int | None], list[int]]:
    """A tensor, its length to use along each axis (None: its own), and the axes.

    Raises:
        ShapeError: lengths and axes differ in number.
    """
    x = as_operand(x)
    if axes is None:
        axes = range(x.ndim) if s is None else range(-len(s), 0)
    places = [operator.index(a) for a in axes]
    if s is None:
        return x, [None] * len(places), places
    if len(s) != len(places):
        raise ShapeError(
            f"a Fourier transform was given {len(s)} lengths s={tuple(s)} for {len(places)} axes; "
            "give one for each"
        )
    return x, [None if n == -1 else operator.index(n) for n in s], places
