"""Initial values scaled by the fans, so that signals keep their size through the layers."""

from __future__ import annotations

from typing import Any

from nn.init.fans import calculate_gain
from nn.init.plain import Array, Rng, Shape, number
from nn.init.scaling import variance_scaling

__all__ = [
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "kaiming_normal",
    "kaiming_uniform",
    "lecun_normal",
    "lecun_uniform",
    "xavier_normal",
    "xavier_uniform",
]


def lecun_normal(
    shape: Shape,
    *,
    in_axis: int = 1,
    out_axis: int = 0,
    groups: int = 1,
    rng: Rng = None,
    dtype: Any = None,
) -> Array:
    """Normal with variance 1 / fan_in.

    Source: LeCun et al., "Efficient BackProp", 1998, section 4.6.

    Args:
        shape: shape of the weight.
        in_axis: its input axis.
        out_axis: its output axis.
        groups: groups of a grouped convolution, see `calculate_fan`.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        The array.

    Example:
        >>> bool(abs(lecun_normal((400, 100)).std() - 0.1) < 0.01)
        True
    """
    return variance_scaling(
        shape,
        1.0,
        "fan_in",
        "normal",
        in_axis=in_axis,
        out_axis=out_axis,
        groups=groups,
        rng=rng,
        dtype=dtype,
    )


def lecun_uniform(
    shape: Shape,
    *,
    in_axis: int = 1,
    out_axis: int = 0,
    groups: int = 1,
    rng: Rng = None,
    dtype: Any = None,
) -> Array:
    """Uniform on ±√(3 / fan_in), which has variance 1 / fan_in; see `lecun_normal`.

    Example:
        >>> bool(abs(lecun_uniform((400, 300))).max() <= 0.1)
        True
    """
    return variance_scaling(
        shape,
        1.0,
        "fan_in",
        "uniform",
        in_axis=in_axis,
        out_axis=out_axis,
        groups=groups,
        rng=rng,
        dtype=dtype,
    )


def xavier_normal(
    shape: Shape,
    gain: float = 1.0,
    *,
    in_axis: int = 1,
    out_axis: int = 0,
    groups: int = 1,
    rng: Rng = None,
    dtype: Any = None,
) -> Array:
    """Normal with variance 2 gain² / (fan_in + fan_out); also called Glorot.

    Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward
    neural networks", 2010, equation 12.

    Args:
        shape: shape of the weight.
        gain: factor on the standard deviation, see `calculate_gain`.
        in_axis: its input axis.
        out_axis: its output axis.
        groups: groups of a grouped convolution, see `calculate_fan`.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        The array.

    Raises:
        ValueError: ``gain`` is negative or not finite.

    Example:
        >>> bool(abs(xavier_normal((150, 50)).std() - 0.1) < 0.01)
        True
    """
    return variance_scaling(
        shape,
        number("gain", gain, 0) ** 2,
        "fan_avg",
        "normal",
        in_axis=in_axis,
        out_axis=out_axis,
        groups=groups,
        rng=rng,
        dtype=dtype,
    )


def xavier_uniform(
    shape: Shape,
    gain: float = 1.0,
    *,
    in_axis: int = 1,
    out_axis: int = 0,
    groups: int = 1,
    rng: Rng = None,
    dtype: Any = None,
) -> Array:
    """Uniform on ±gain √(6 / (fan_in + fan_out)); also called Glorot, see `xavier_normal`.

    Example:
        >>> bool(abs(xavier_uniform((400, 200))).max() <= 0.1)
        True
    """
    return variance_scaling(
        shape,
        number("gain", gain, 0) ** 2,
        "fan_avg",
        "uniform",
        in_axis=in_axis,
        out_axis=out_axis,
        groups=groups,
        rng=rng,
        dtype=dtype,
    )


def _kaiming_scale(mode: str, nonlinearity: str, a: float) -> float:
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"mode must be 'fan_in' or 'fan_out', not {mode!r}")
    return calculate_gain(nonlinearity, number("a", a)) ** 2


def kaiming_normal(
    shape: Shape,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    in_axis: int = 1,
    out_axis: int = 0,
    groups: int = 1,
    rng: Rng = None,
    dtype: Any = None,
) -> Array:
    """Normal with standard deviation gain / √fan; also called He.

    Source: He et al., "Delving deep into rectifiers", 2015, equations 10 and 14.

    Args:
        shape: shape of the weight.
        a: negative slope of the leaky ReLU that follows; 0 is the ReLU.
        mode: ``fan_in`` keeps the size of the signal on the way forward, ``fan_out``
            that of the gradient on the way back.
        nonlinearity: what follows, see `calculate_gain`.
        in_axis: its input axis.
        out_axis: its output axis.
        groups: groups of a grouped convolution, see `calculate_fan`.
        rng: a generator or a seed; the library's generator if not given.
        dtype: floating dtype; `nn.get_default_dtype` if not given.

    Returns:
        The array.

    Raises:
        ValueError: the mode or the nonlinearity is unknown.

    Example:
        >>> bool(abs(kaiming_normal((100, 200)).std() - 0.1) < 0.01)
        True
    """
    return variance_scaling(
        shape,
        _kaiming_scale(mode, nonlinearity, a),
        mode,
        "normal",
        in_axis=in_axis,
        out_axis=out_axis,
        groups=groups,
        rng=rng,
        dtype=dtype,
    )


def kaiming_uniform(
    shape: Shape,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    *,
    in_axis: int = 1,
    out_axis: int = 0,
    groups: int = 1,
    rng: Rng = None,
    dtype: Any = None,
) -> Array:
    """Uniform on ±gain √(3 / fan); also called He, see `kaiming_normal`.

    Example:
        >>> bool(abs(kaiming_uniform((100, 600))).max() <= 0.1)
        True
    """
    return variance_scaling(
        shape,
        _kaiming_scale(mode, nonlinearity, a),
        mode,
        "uniform",
        in_axis=in_axis,
        out_axis=out_axis,
        groups=groups,
        rng=rng,
        dtype=dtype,
    )


glorot_normal = xavier_normal
glorot_uniform = xavier_uniform
he_normal = kaiming_normal
he_uniform = kaiming_uniform
