"""Polynomials by their coefficients, highest power first, as NumPy has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.linalg import eigen, inverses
from autodiff.functions.shaping import joining
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "poly",
    "polyadd",
    "polyder",
    "polydiv",
    "polyfit",
    "polyint",
    "polymul",
    "polysub",
    "polyval",
    "roots",
]


def _coefficients(p: Any, name: str) -> Tensor:
    p = as_operand(p)
    if p.ndim > 1:
        raise ShapeError(
            f"{name}() was given coefficients of shape {p.shape}; give one axis of them, that of "
            "the highest power first"
        )
    p = p.reshape(-1)
    return p if p.dtype.kind in "fc" else p.astype(np.float64)  # type: ignore[no-any-return]


def _pair(a: Any, b: Any, name: str) -> Any:
    return (_coefficients(p, name) for p in operands_of((a, b)))


def polyval(p: Any, x: Any) -> Tensor:
    """Values of a polynomial, by Horner's rule.

    Args:
        p: coefficients, that of the highest power first, of shape (n,).
        x: where, of any shape.

    Returns:
        The values, of the shape of ``x``; gradients flow to both.

    Example:
        >>> polyval([1.0, 0.0, -1.0], [2.0, 3.0]).tolist()
        [3.0, 8.0]
    """
    p, x = operands_of((p, x))
    p = _coefficients(p, "polyval")
    y: Any = x * 0
    for i in range(p.shape[0]):
        y = y * x + p[i]
    return y  # type: ignore[no-any-return]


def _filled(p: Tensor, count: int) -> Tensor:
    if p.shape[0] == count:
        return p
    return joining.concatenate([constant(np.zeros(count - p.shape[0], p.dtype)), p])


def polyadd(a: Any, b: Any) -> Tensor:
    """Coefficients of the sum of two polynomials.

    Example:
        >>> polyadd([1.0, 2.0], [3.0]).tolist()
        [1.0, 5.0]
    """
    a, b = _pair(a, b, "polyadd")
    count = max(a.shape[0], b.shape[0])
    return _filled(a, count) + _filled(b, count)


def polysub(a: Any, b: Any) -> Tensor:
    """Coefficients of the difference of two polynomials.

    Example:
        >>> polysub([1.0, 2.0], [3.0]).tolist()
        [1.0, -1.0]
    """
    a, b = _pair(a, b, "polysub")
    return polyadd(a, -b)


def polymul(a: Any, b: Any) -> Tensor:
    """Coefficients of the product of two polynomials.

    Example:
        >>> polymul([1.0, 1.0], [1.0, -1.0]).tolist()
        [1.0, 0.0, -1.0]
    """
    a, b = _pair(a, b, "polymul")
    m, n = a.shape[0], b.shape[0]
    products = a.reshape(m, 1) * b
    # Each row one place further: the antidiagonals become columns.
    rows = joining.concatenate([products, constant(np.zeros((m, m), products.dtype))], axis=1)
    return rows.reshape(-1)[: m * (m + n - 1)].reshape(m, m + n - 1).sum(0)


def polydiv(a: Any, b: Any) -> tuple[Tensor, Tensor]:
    """Quotient and remainder of two polynomials.

    Args:
        a: the dividend's coefficients.
        b: the divisor's; the first must not be 0.

    Returns:
        The quotient's coefficients and those of the remainder, leading zeros left out as
        NumPy does.

    Raises:
        ZeroDivisionError: the divisor's first coefficient is 0.

    Example:
        >>> quotient, rest = polydiv([1.0, 0.0, -1.0], [1.0, -1.0])
        >>> quotient.tolist(), rest.tolist()
        ([1.0, 1.0], [0.0])
    """
    a, b = _pair(a, b, "polydiv")
    if not b.shape[0] or b._data[0] == 0:
        raise ZeroDivisionError(
            f"polydiv() was given a divisor with the first coefficient 0 ({b.tolist()}); "
            "leave leading zeros out"
        )
    n = b.shape[0]
    quotient = []
    rest: Any = a
    while rest.shape[0] >= n:
        factor = rest[0] / b[0]
        quotient.append(factor)
        rest = rest.at[:n].add(-(factor * b))[1:]
    found = joining.stack(quotient) if quotient else constant(np.zeros(1, a.dtype))
    small = np.flatnonzero(~np.isclose(rest._data, 0, rtol=1e-14))
    first = int(small[0]) if small.size else max(rest.shape[0] - 1, 0)
    left = rest[first:] if rest.shape[0] else constant(np.zeros(1, a.dtype))
    return found, left


def polyder(p: Any, m: int = 1) -> Tensor:
    """Coefficients of a polynomial's derivative.

    Args:
        p: coefficients.
        m: how often to differentiate.

    Example:
        >>> polyder([1.0, 2.0, 3.0]).tolist()
        [2.0, 2.0]
    """
    p = _coefficients(p, "polyder")
    if m < 0:
        raise ValueError(f"polyder() was given m={m}; give 0 or more")
    for _ in range(m):
        powers = np.arange(p.shape[0] - 1, 0, -1).astype(p.dtype)
        p = p[:-1] * constant(powers)
    return p  # type: ignore[no-any-return]


def polyint(p: Any, m: int = 1, k: Any = None) -> Tensor:
    """Coefficients of a polynomial's integral.

    Args:
        p: coefficients.
        m: how often to integrate.
        k: constants of integration, one or ``m``; 0 by default.

    Example:
        >>> polyint([2.0, 2.0]).tolist()
        [1.0, 2.0, 0.0]
    """
    p, constants = operands_of((p, 0.0 if k is None else k))
    p = _coefficients(p, "polyint")
    if m < 0:
        raise ValueError(f"polyint() was given m={m}; give 0 or more")
    constants = constants.astype(p.dtype).reshape(-1)
    if constants.shape[0] not in (1, m) and m:
        raise ShapeError(
            f"polyint() was given {constants.shape[0]} constants of integration for m={m}; give "
            "one, or one for each integration"
        )
    for i in range(m):
        powers = np.arange(p.shape[0], 0, -1).astype(p.dtype)
        last = constants[min(i, constants.shape[0] - 1)]
        p = joining.concatenate([p / constant(powers), last.reshape(1)])
    return p  # type: ignore[no-any-return]


def polyfit(x: Any, y: Any, deg: int, *, w: Any = None) -> Tensor:
    """Coefficients of the polynomial that fits points best, in the sense of least squares.

    Args:
        x: where the points are, of shape (n,).
        y: their values, of shape (n,) or (n, k); gradients flow to both.
        deg: degree of the polynomial.
        w: weights of the residuals (not of their squares), of shape (n,).

    Returns:
        Coefficients, that of the highest power first, of shape (deg + 1,) or (deg + 1, k).

    Raises:
        ShapeError: the shapes do not fit, or there are fewer points than coefficients.

    Example:
        >>> polyfit([0.0, 1.0, 2.0], [1.0, 3.0, 5.0], 1).numpy().round(5).tolist()
        [2.0, 1.0]
    """
    x, y, w = operands_of((x, y, w))
    if x.ndim != 1 or y.ndim not in (1, 2) or x.shape[0] != y.shape[0] or x.shape[0] <= deg:
        raise ShapeError(
            f"polyfit() was given x of shape {x.shape}, y of shape {y.shape} and deg={deg}; give "
            "x of shape (n,), y of shape (n,) or (n, k), with n above the degree"
        )
    if x.dtype.kind not in "fc":
        x = x.astype(np.float64)
    powers = joining.stack([x**n for n in range(deg, -1, -1)], axis=1)
    if w is not None:
        powers = powers * w.reshape(-1, 1)
        y = y * (w.reshape(-1, 1) if y.ndim == 2 else w)
    # Columns of like size make the problem as well conditioned as it can be.
    scale = constant(np.sqrt((np.abs(powers._data) ** 2).sum(0)))
    solution = inverses.lstsq(powers / scale, y)[0]
    return solution / (scale if y.ndim == 1 else scale.reshape(-1, 1))


def roots(p: TensorLike) -> Tensor:
    """Roots of a polynomial, as eigenvalues of its companion matrix.

    Args:
        p: coefficients, that of the highest power first.

    Returns:
        The complex roots; those of multiplicity above 1 have no derivative.

    Example:
        >>> import autodiff as ad
        >>> sorted(ad.real(roots([1.0, 0.0, -1.0])).numpy().round(5).tolist())
        [-1.0, 1.0]
    """
    p = _coefficients(p, "roots")
    filled = np.flatnonzero(p._data)
    if not filled.size:
        return constant(np.zeros(0, p.dtype))
    zeros = p.shape[0] - 1 - int(filled[-1])
    p = p[int(filled[0]) : int(filled[-1]) + 1]
    n = p.shape[0] - 1
    dtype = np.result_type(p.dtype, np.complex64)
    trailing = constant(np.zeros(zeros, dtype))
    if n == 0:
        return trailing
    first = -(p[1:] / p[0])
    below = constant(np.eye(n, dtype=p.dtype)[:-1])
    companion = joining.concatenate([first.reshape(1, n), below])
    found = eigen.eigvals(companion).astype(dtype)
    return joining.concatenate([found, trailing]) if zeros else found


def poly(x: TensorLike) -> Tensor:
    """Coefficients of the polynomial with given roots, or of a matrix's characteristic one.

    Args:
        x: roots of shape (n,), or a square matrix.

    Returns:
        n + 1 coefficients, the first 1.

    Example:
        >>> poly([1.0, -1.0]).tolist()
        [1.0, 0.0, -1.0]
    """
    x = as_operand(x)
    if x.ndim == 2:
        x = eigen.eigvals(x)
    x = _coefficients(x, "poly")
    found: Any = constant(np.ones(1, x.dtype))
    for i in range(x.shape[0]):
        found = polymul(found, joining.stack([constant(np.ones((), x.dtype)), -x[i]]))
    return found  # type: ignore[no-any-return]
