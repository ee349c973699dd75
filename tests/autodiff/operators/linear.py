"""Operators of linear algebra and Fourier transforms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autodiff as ad
from tests.autodiff.operators.elementwise import whole

__all__ = ["ADAPTERS"]

linalg = ad.linalg


def _transforms() -> dict[str, Callable[..., Any]]:
    found = {}
    for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
        for kind in ("2", "n"):
            found[f"fft.{name}{kind}"] = _transform(getattr(ad.fft, name + kind))
    for name in ("fftshift", "ifftshift"):
        found[f"fft.{name}"] = _shift(getattr(ad.fft, name))
    return found


def _transform(function: Callable[..., Any]) -> Callable[..., Any]:
    def transform(x: Any, s: Any = None, dim: Any = None, norm: Any = None) -> Any:
        if dim is None and s is not None:
            dim = tuple(range(-len(s), 0))
        dim, s = ((v,) if isinstance(v, int) else v for v in (dim, s))
        options = {} if dim is None else {"axes": tuple(dim)}
        kind = function.__name__[:-1] + "n"
        return getattr(ad.fft, kind)(x, s=s, norm=norm, **_axes_of(function, options))

    return transform


def _axes_of(function: Callable[..., Any], options: dict[str, Any]) -> dict[str, Any]:
    plane = function.__name__.endswith("2") and not options
    return {"axes": (-2, -1)} if plane else options


def _slopes(x: Any, *, spacing: Any = None, dim: Any = None, edge_order: int = 1) -> Any:
    every = tuple(range(x.ndim)) if dim is None else dim
    axes = every if isinstance(every, (tuple, list)) else (every,)
    steps = spacing if isinstance(spacing, (tuple, list)) else [1.0 if spacing is None else spacing]
    steps = list(steps) * (len(axes) if len(steps) == 1 else 1)
    found = ad.gradient(x, *steps, axis=tuple(axes), edge_order=edge_order)
    return found if isinstance(found, (tuple, list)) else (found,)


def _shift(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, dim=None: function(x, axes=dim)


def _matrix_norm(x: Any, ord: Any = "fro", dim: Any = (-2, -1), keepdim: bool = False) -> Any:
    return linalg.norm(x, ord, axis=tuple(dim), keepdims=keepdim)


def _solved(a: Any, b: Any, *, left: bool = True) -> Any:
    if b.ndim == 1 or (b.ndim == a.ndim - 1 and b.shape == a.shape[:-1]):
        return linalg.solve(a, b[..., None])[..., 0]
    return linalg.solve(a, b) if left else linalg.solve(a.mT, b.mT).mT


def _triangular(
    a: Any, b: Any, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Any:
    options: dict[str, Any] = {"unit_diagonal": unitriangular}
    if left:
        return linalg.solve_triangular(a, b, lower=not upper, **options)
    return linalg.solve_triangular(a.mT, b.mT, lower=upper, **options).mT


def _old_triangular(
    b: Any, a: Any, upper: bool = True, transpose: bool = False, unitriangular: bool = False
) -> Any:
    return linalg.solve_triangular(
        a, b, trans=int(transpose), lower=not upper, unit_diagonal=unitriangular
    )


def _cholesky(a: Any, upper: bool = False) -> Any:
    factor = linalg.cholesky(a)
    return factor.mT if upper else factor


def _factor(x: Any, upper: bool) -> Any:
    return x.mT if upper else x


def _cholesky_solved(b: Any, factor: Any, upper: bool = False) -> Any:
    lower = _factor(factor, upper)
    half = linalg.solve_triangular(lower, b, lower=True)
    return linalg.solve_triangular(lower, half, trans="T", lower=True)


def _cholesky_inverse(factor: Any, upper: bool = False) -> Any:
    lower = ad.tril(_factor(factor, upper))
    return linalg.inv(lower @ lower.mT)


def _tensordot(a: Any, b: Any, dims: Any = 2) -> Any:
    if not isinstance(dims, int):
        # An axis of length 1 is summed against one of any length.
        for i, j in zip(*dims, strict=True):
            a = (
                a
                if a.shape[i] == b.shape[j] or a.shape[i] > 1
                else ad.repeat(a, b.shape[j], axis=i)
            )
            b = (
                b
                if a.shape[i] == b.shape[j] or b.shape[j] > 1
                else ad.repeat(b, a.shape[i], axis=j)
            )
    return ad.tensordot(a, b, dims)


def _lstsq(a: Any, b: Any, driver: str | None = None, rcond: Any = None) -> Any:
    return linalg.pinv(a) @ b


def _powers(x: Any, count: int | None) -> Any:
    return ad.stack([x**k for k in range(x.shape[-1] if count is None else count)], axis=-1)


def _old_norm(x: Any, p: Any, dim: Any, keepdim: bool) -> Any:
    axis = tuple(dim) if isinstance(dim, (list, tuple)) else dim
    if p == "nuc":
        return linalg.norm(x, "nuc", axis=axis, keepdims=keepdim)
    order = 2 if p in ("fro", None) else p
    axis = axis if x.ndim else None
    return linalg.vector_norm(x, ord=order, axis=axis, keepdims=keepdim if x.ndim else False)


ADAPTERS: dict[str, Callable[..., Any]] = {
    **_transforms(),
    "cdist": lambda a, b, p=2.0, mode=None: ad.cdist(a, b, p),
    "cholesky": _cholesky,
    "cholesky_inverse": _cholesky_inverse,
    "cholesky_solve": _cholesky_solved,
    "linalg.cholesky": lambda a, upper=False: _cholesky(a, upper),
    "linalg.cholesky_ex": lambda a, upper=False, check_errors=False: _cholesky(a, upper),
    "einsum": lambda operands, subscripts: ad.einsum(subscripts, *operands),
    "linalg.inv_ex": lambda a, check_errors=False: linalg.inv(a),
    "linalg.lstsq": _lstsq,
    "linalg.matrix_norm": _matrix_norm,
    "linalg.multi_dot": lambda tensors: linalg.multi_dot(list(tensors)),
    "linalg.solve": _solved,
    "linalg.solve_ex": lambda a, b, left=True, check_errors=False: _solved(a, b, left=left),
    "linalg.solve_triangular": _triangular,
    "triangular_solve": _old_triangular,
    "linalg.tensorsolve": lambda a, b, dims=None: linalg.tensorsolve(a, b, dims),
    "gradient": _slopes,
    "matrix_exp": lambda a: linalg.expm(a),
    "linalg.vander": lambda x, N=None: _powers(x if x.ndim else x.reshape(1), N),  # noqa: N803
    "linalg.lu": lambda a, pivot=True: linalg.lu(a),
    "linalg.lu_factor": lambda a, pivot=True: linalg.lu_factor(a)[:1],
    "linalg.lu_factor_ex": lambda a, pivot=True, check_errors=False: linalg.lu_factor(a)[:1],
    "norm": lambda x, p="fro", dim=None, keepdim=False, dtype=None: _old_norm(x, p, dim, keepdim),
    "tensordot": _tensordot,
}


def _lu_solved(lu: Any, pivots: Any, b: Any, *, left: bool = True, adjoint: bool = False) -> Any:
    if not left:
        return _lu_solved(lu, pivots, b.mT, adjoint=not adjoint).mT
    return linalg.lu_solve((lu, whole(pivots) - 1), b, trans=int(adjoint))


ADAPTERS["linalg.lu_solve"] = _lu_solved
ADAPTERS["lu_solve"] = lambda b, lu, pivots: _lu_solved(lu, pivots, b)
