"""Parts of floating-point numbers, extrema that leave NaN out, remainders, steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import NonDifferentiableError
from autodiff.functions.elementwise import comparison, elementwise
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "bitwise_count",
    "divmod",
    "fabs",
    "fix",
    "float_power",
    "fmax",
    "fmin",
    "fmod",
    "frac",
    "frexp",
    "gcd",
    "heaviside",
    "isneginf",
    "isposinf",
    "lcm",
    "ldexp",
    "modf",
    "spacing",
]

_where, _isnan = elementwise.where, comparison.isnan


def fmax(a: Any, b: Any) -> Tensor:
    """The larger of two operands, of a number and NaN the number; ties share the gradient.

    Example:
        >>> fmax([1.0, float("nan")], [0.0, 2.0]).tolist()
        [1.0, 2.0]
    """
    a, b = operands_of((a, b))
    return _numbers_first(a, b, elementwise.maximum(a, b))


def fmin(a: Any, b: Any) -> Tensor:
    """The smaller of two operands, of a number and NaN the number; ties share the gradient.

    Example:
        >>> fmin([1.0, float("nan")], [0.0, 2.0]).tolist()
        [0.0, 2.0]
    """
    a, b = operands_of((a, b))
    return _numbers_first(a, b, elementwise.minimum(a, b))


def _numbers_first(a: Tensor, b: Tensor, extremum: Tensor) -> Tensor:
    found: Tensor = _where(_isnan(b), a, _where(_isnan(a), b, extremum))
    return found


def fmod(a: Any, b: Any) -> Tensor:
    """What is left of the first operand after division, with its sign, as C has it.

    The derivative is 1 by the first operand and minus the quotient, rounded towards 0, by
    the second.

    Example:
        >>> fmod([5.0, -5.0], 3.0).tolist()
        [2.0, -2.0]
    """
    a, b = operands_of((a, b))
    if a.dtype.kind not in "fc" and b.dtype.kind not in "fc":
        return constant(np.fmod(a._data, b._data))
    if "c" in (a.dtype.kind, b.dtype.kind):
        raise NonDifferentiableError(
            "fmod() was given complex numbers, for which there is no remainder; give real ones, "
            "such as autodiff.real(z) or autodiff.abs(z)"
        )
    size = elementwise.absolute(b)
    below = comparison.less(a, 0)
    left: Tensor = _where(below, -elementwise.remainder(-a, size), elementwise.remainder(a, size))
    return left


def heaviside(x: Any, middle: Any) -> Tensor:
    """The step: 0 below 0, 1 above, ``middle`` at 0, where its gradient goes.

    Example:
        >>> heaviside([-1.0, 0.0, 2.0], 0.5).tolist()
        [0.0, 0.5, 1.0]
    """
    x, middle = operands_of((x, middle))
    step = np.heaviside(x._data, np.nan)
    found: Tensor = _where(comparison.equal(x, 0), middle, constant(step))
    return found


def fabs(x: Any) -> Tensor:
    """Absolute value of real numbers, as floats; derivative 0 at 0.

    Example:
        >>> fabs([-2, 3]).tolist()
        [2.0, 3.0]
    """
    x = as_operand(x)
    return elementwise.absolute(x if x.dtype.kind == "f" else x.astype(np.float64))  # type: ignore[no-any-return]


def float_power(a: Any, b: Any) -> Tensor:
    """Power in float64 (complex128 for complex operands), whatever the operands' types.

    Example:
        >>> float_power([2, 4], -1).tolist()
        [0.5, 0.25]
    """
    a, b = operands_of((a, b))
    dtype = np.result_type(a.dtype, b.dtype, np.float64)
    return elementwise.power(a.astype(dtype), b.astype(dtype))  # type: ignore[no-any-return]


def ldexp(x: Any, exponent: Any) -> Tensor:
    """``x`` times 2 to an integer power, to which no gradient flows.

    Example:
        >>> ldexp([1.0, 3.0], [2, -1]).tolist()
        [4.0, 1.5]
    """
    x = as_operand(x)
    whole = np.asarray(as_operand(exponent)._data)
    if x.dtype.kind != "f":
        x = x.astype(np.float64)
    # In two steps, since a power alone may be too large where the product is not.
    half = whole // 2
    factors = [constant(np.ldexp(np.ones((), x.dtype), part)) for part in (half, whole - half)]
    return x * factors[0] * factors[1]  # type: ignore[no-any-return]


def frexp(x: TensorLike) -> tuple[Tensor, Tensor]:
    """Mantissas of size 0.5 to 1, and integer exponents, with x = mantissa · 2^exponent.

    The mantissa's derivative is 2^−exponent.

    Example:
        >>> mantissa, exponent = frexp([8.0, 0.75])
        >>> mantissa.tolist(), exponent.tolist()
        ([0.5, 0.75], [4, 0])
    """
    x = as_operand(x)
    exponent = np.asarray(np.frexp(x._data)[1])
    return ldexp(x, -exponent), constant(exponent)


def modf(x: TensorLike) -> tuple[Tensor, Tensor]:
    """Fractional part, with derivative 1, and integer part, with derivative 0.

    Example:
        >>> fraction, whole = modf([2.5, -1.25])
        >>> fraction.tolist(), whole.tolist()
        ([0.5, -0.25], [2.0, -1.0])
    """
    x = as_operand(x)
    if x.dtype.kind != "f":
        x = x.astype(np.float64)
    sign = constant(np.copysign(np.ones_like(x._data), x._data))
    size = x * sign
    whole = comparison.trunc(size)
    infinite = comparison.isinf(x)
    # By the size, so that a zero keeps the sign that C gives it.
    fraction = _where(infinite, 0.0, size - _where(infinite, 0.0, whole))
    return sign * fraction, sign * whole


def frac(x: TensorLike) -> Tensor:
    """What is left of a number without its integer part, with its sign; the derivative is 1.

    Example:
        >>> frac([2.5, -1.25]).tolist()
        [0.5, -0.25]
    """
    return modf(x)[0]


def divmod(a: Any, b: Any) -> tuple[Any, Any]:
    """Quotient rounded down and remainder; Values of Values.

    Example:
        >>> quotient, rest = divmod([7.0, -7.0], 2.0)
        >>> quotient.tolist(), rest.tolist()
        ([3.0, -4.0], [1.0, 1.0])
    """
    return elementwise.floor_divide(a, b), elementwise.remainder(a, b)


def fix(x: TensorLike) -> Tensor:
    """The integer towards 0, derivative 0; also called `trunc`.

    Example:
        >>> fix([1.7, -1.7]).tolist()
        [1.0, -1.0]
    """
    return comparison.trunc(as_operand(x))


def isposinf(x: TensorLike) -> Tensor:
    """Whether each element is +∞.

    Example:
        >>> isposinf([float("inf"), float("-inf"), 0.0]).tolist()
        [True, False, False]
    """
    return constant(np.isposinf(as_operand(x)._data))


def isneginf(x: TensorLike) -> Tensor:
    """Whether each element is −∞.

    Example:
        >>> isneginf([float("inf"), float("-inf"), 0.0]).tolist()
        [False, True, False]
    """
    return constant(np.isneginf(as_operand(x)._data))


def _without_gradient(name: str, *operands: Any) -> Tensor:
    found = getattr(np, name)(*(x._data for x in operands_of(operands)))
    return constant(np.asarray(found))


def spacing(x: TensorLike) -> Tensor:
    """Distance to the next floating-point number; no gradient.

    Example:
        >>> spacing([1.0]).dtype.name
        'float64'
    """
    return _without_gradient("spacing", x)


def gcd(a: TensorLike, b: TensorLike) -> Tensor:
    """Greatest common divisor of integers.

    Example:
        >>> gcd([12, 7], 8).tolist()
        [4, 1]
    """
    return _without_gradient("gcd", a, b)


def lcm(a: TensorLike, b: TensorLike) -> Tensor:
    """Least common multiple of integers.

    Example:
        >>> lcm([4, 3], 6).tolist()
        [12, 6]
    """
    return _without_gradient("lcm", a, b)


def bitwise_count(x: TensorLike) -> Tensor:
    """How many bits of each integer are set.

    Example:
        >>> bitwise_count([7, 8]).tolist()
        [3, 1]
    """
    return _without_gradient("bitwise_count", x)
