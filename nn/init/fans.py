"""How many connections enter and leave a unit, and how much an activation shrinks."""

from __future__ import annotations

import math
import numbers
from collections.abc import Callable

from autodiff.errors import ShapeError
from nn.init.plain import integer

__all__ = ["calculate_fan", "calculate_gain"]


def calculate_fan(
    shape: tuple[int, ...], in_axis: int = 1, out_axis: int = 0, groups: int = 1
) -> tuple[int, int]:
    """Fan-in and fan-out of a weight.

    The axes other than ``in_axis`` and ``out_axis`` are the receptive field of a
    convolution kernel; both fans are multiplied by its size.

    Args:
        shape: shape of the weight, ``(out, in)`` for a linear layer and
            ``(out, in / groups, *kernel)`` for a convolution.
        in_axis: the axis of the input channels; 0 for a transposed convolution.
        out_axis: the axis of the output channels; 1 for a transposed convolution.
        groups: groups of a grouped convolution. The input axis already counts one
            group only; each input meets only ``out / groups`` of the outputs. Of a transposed
            convolution, ``in_axis=0``, it is the other way round.

    Returns:
        ``(fan_in, fan_out)``: the number of inputs that one output sums over, and the
        number of outputs that one input reaches.

    Raises:
        ShapeError: the weight has fewer than two axes, or the axes or groups do not fit.

    Example:
        >>> calculate_fan((16, 2))
        (2, 16)
        >>> calculate_fan((8, 3, 5, 5))
        (75, 200)
        >>> calculate_fan((8, 1, 3), groups=4)
        (3, 6)
        >>> calculate_fan((8, 1, 3), in_axis=0, out_axis=1, groups=4)
        (6, 3)
        >>> calculate_fan((5, 5, 3, 6), in_axis=2, out_axis=3)
        (75, 150)
    """
    shape, groups = tuple(shape), integer("groups", groups)
    if len(shape) < 2:
        raise ShapeError(
            f"a weight of shape {shape} has no fan: fan-in and fan-out need an input axis and an "
            "output axis; give biases and other vectors `zeros`, `constant` or `normal` instead"
        )
    for axis in (integer("in_axis", in_axis), integer("out_axis", out_axis)):
        if not -len(shape) <= axis < len(shape):
            raise ShapeError(f"axis {axis} does not exist in a weight of shape {shape}")
    in_axis, out_axis = in_axis % len(shape), out_axis % len(shape)
    if in_axis == out_axis:
        raise ShapeError(
            f"in_axis and out_axis are both axis {in_axis} of a weight of shape {shape}; "
            "they must be two different axes"
        )
    side, whole = ("input", in_axis) if in_axis == 0 else ("output", out_axis)
    if groups < 1 or shape[whole] % groups:
        raise ShapeError(
            f"{shape[whole]} {side} channels cannot be divided into {groups} groups; "
            f"groups must be a positive divisor of the {side} channels"
        )
    field = math.prod(n for axis, n in enumerate(shape) if axis not in (in_axis, out_axis))
    fan_in, fan_out = field * shape[in_axis], field * shape[out_axis]
    return (fan_in // groups, fan_out) if in_axis == 0 else (fan_in, fan_out // groups)


_GAINS: dict[str, Callable[[float], float]] = {
    **dict.fromkeys(("linear", "identity", "sigmoid"), lambda _: 1.0),
    **{f"conv{kind}{n}d": lambda _: 1.0 for kind in ("", "_transpose") for n in (1, 2, 3)},
    "tanh": lambda _: 5.0 / 3.0,
    "relu": lambda _: math.sqrt(2.0),
    "leaky_relu": lambda a: math.sqrt(2.0 / (1.0 + a * a)),
    "selu": lambda _: 0.75,
}


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Factor by which weights are enlarged to make up for an activation.

    Args:
        nonlinearity: ``linear``, ``identity``, ``sigmoid``, ``tanh``, ``relu``,
            ``leaky_relu`` or ``selu``; or ``conv1d``, ``conv_transpose1d`` and so on, which
            are linear.
        param: the negative slope of ``leaky_relu``; 0.01 if not given.

    Returns:
        The gain, with the values of PyTorch's function of that name.

    Raises:
        ValueError: the name is unknown, or the slope is no number.

    Example:
        >>> round(calculate_gain("relu"), 4)
        1.4142
    """
    if nonlinearity not in _GAINS:
        raise ValueError(
            f"no gain is known for {nonlinearity!r}; choose one of {', '.join(_GAINS)}, "
            "or pass the gain as a number"
        )
    if isinstance(param, bool) or not isinstance(param, numbers.Real | None):
        raise ValueError(f"calculate_gain takes a number as negative slope, not {param!r}")
    return _GAINS[nonlinearity](0.01 if param is None else param)
