"""Draws whose variance is a number divided by a fan: what the scaled schemes have in common."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from nn.init.fans import calculate_fan
from nn.init.plain import Array, Rng, Shape, checked_shape, normal, number, uniform
from nn.init.truncated import truncated_normal

__all__ = ["variance_scaling"]

_WIDE: float = math.sqrt(3.0)
"""Half the width of a uniform distribution of variance 1."""
_MODES: dict[str, Callable[[int, int], float]] = {
    "fan_in": lambda fan_in, fan_out: fan_in,
    "fan_out": lambda fan_in, fan_out: fan_out,
    "fan_avg": lambda fan_in, fan_out: (fan_in + fan_out) / 2,
    "fan_geo_avg": lambda fan_in, fan_out: math.sqrt(fan_in * fan_out),
}
_DISTRIBUTIONS: dict[str, Callable[..., Array]] = {
    "normal": lambda shape, std, **how: normal(shape, 0.0, std, **how),
    "uniform": lambda shape, std, **how: uniform(shape, -_WIDE * std, _WIDE * std, **how),
    "truncated_normal": truncated_normal,
}


def variance_scaling(
    shape: Shape,
    scale: float = 1.0,
    mode: str = "fan_in",
    distribution: str = "normal",
    *,
    in_axis: int = 1,
    out_axis: int = 0,
    groups: int = 1,
    rng: Rng = None,
    dtype: Any = None,
) -> Array:
    """Draws with mean 0 and variance scale / fan: what all schemes of this kind are.

    Args:
        shape: shape of the weight.
        scale: the variance for a fan of 1, not negative.
        mode: the fan: ``fan_in``, ``fan_out``, ``fan_avg`` (their mean) or ``fan_geo_avg``
            (their geometric mean).
        distribution: ``normal``, ``uniform``, or ``truncated_normal``, whose variance is that
            after the cut.
        in_axis: its input axis.
        out_axis: its output axis.
        groups: groups of a grouped convolution, see `calculate_fan`.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        The array.

    Raises:
        ValueError: the mode or the distribution is unknown, or ``scale`` is negative.

    Example:
        >>> bool(abs(variance_scaling((400, 100), 2.0).std() - 0.02**0.5) < 0.01)
        True
    """
    for name, given, known in (
        ("mode", mode, _MODES),
        ("distribution", distribution, _DISTRIBUTIONS),
    ):
        if given not in known:
            *most, last = map(repr, known)
            raise ValueError(f"{name} must be {', '.join(most)} or {last}, not {given!r}")
    number("scale", scale, 0)
    fan = _MODES[mode](*calculate_fan(checked_shape(shape), in_axis, out_axis, groups))
    std = math.sqrt(scale / max(fan, 1))
    return _DISTRIBUTIONS[distribution](shape, std, rng=rng, dtype=dtype)
