"""Weights of a given length, of spectral norm 1, or orthogonal, whatever is learned."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np

import autodiff as ad
from autodiff import Tensor
from autodiff.extending import changed_before, constant, raw
from nn.module.base import Module
from nn.module.parameter import Buffer
from nn.utils.parametrize import register_parametrization

__all__ = ["orthogonal", "spectral_norm", "weight_norm"]

Array = np.ndarray[Any, Any]
M = TypeVar("M", bound=Module)


def weight_norm(module: M, name: str = "weight", dim: int | None = 0) -> M:
    """Learn length and direction of a weight apart: w = g v / ‖v‖.

    Source: Salimans and Kingma, "Weight Normalization", 2016, equation 2.

    Args:
        module: a layer.
        name: its parameter.
        dim: the axis along which each slice has a length of its own; None (or −1, as in
            PyTorch) for one length of the whole.

    Returns:
        The module; g is ``parametrizations.NAME.original0``, v ``original1``, and at first w is
        what it was.

    Raises:
        ValueError: there is no such parameter, or no such axis.

    Example:
        >>> import nn
        >>> layer = weight_norm(nn.Linear(20, 40))
        >>> {name: p.shape for name, p in layer.parametrizations.named_parameters()}
        {'weight.original0': (40, 1), 'weight.original1': (40, 20)}
    """
    ndim = _tensor(module, name).ndim
    if dim is not None and not -1 <= dim < ndim:
        raise ValueError(f"weight_norm() was given dim={dim} for a {name} with {ndim} axes")
    return register_parametrization(module, name, _WeightNorm(ndim, dim))


class _WeightNorm(Module):
    def __init__(self, ndim: int, dim: int | None) -> None:
        super().__init__()
        self.axes: tuple[int, ...] | None = None
        if dim is not None and dim >= 0:
            self.axes = tuple(axis for axis in range(ndim) if axis != dim)

    def forward(self, g: Tensor, v: Tensor) -> Tensor:
        """w."""
        squares = ad.sum(ad.square(v), axis=self.axes, keepdims=self.axes is not None)
        w: Tensor = v * (g / ad.sqrt(squares))
        return w

    def right_inverse(self, w: Array) -> tuple[Array, Array]:
        """g and v, for a w."""
        squares = np.sum(np.square(w), axis=self.axes, keepdims=self.axes is not None)
        return np.sqrt(squares), w


def spectral_norm(
    module: M,
    name: str = "weight",
    n_power_iterations: int = 1,
    eps: float = 1e-12,
    dim: int | None = None,
    *,
    rng: np.random.Generator | int | None = None,
) -> M:
    """Divide a weight by its largest singular value: w / (uᵀ W v).

    u and v come from power iterations, of which every call in training makes some; W is the weight
    as a matrix. A vector is divided by its length.

    Source: Miyato et al., "Spectral Normalization for Generative Adversarial Networks", 2018,
    algorithm 1.

    Args:
        module: a layer.
        name: its parameter.
        n_power_iterations: how many there are in a call.
        eps: keeps the divisions by lengths finite.
        dim: the axis of the rows of W; by default that of the outputs.
        rng: where u and v begin, before 15 iterations: a generator or a seed; the library's
            generator if not given.

    Returns:
        The module; what is learned is ``parametrizations.NAME.original``, and u and v are buffers
        ``parametrizations.NAME.0._u`` and ``_v``.

    Raises:
        ValueError: there is no such parameter, no such axis, or no iteration.

    Example:
        >>> import nn
        >>> layer = spectral_norm(nn.Linear(20, 40), rng=0)
        >>> bool(np.linalg.svd(layer.weight.data).S[0] < 1.1)
        True
    """
    weight = _tensor(module, name)
    if isinstance(n_power_iterations, bool) or n_power_iterations < 1:
        raise ValueError(
            f"spectral_norm(): n_power_iterations must be 1 or more, not {n_power_iterations!r}"
        )
    if dim is None:
        dim = 1 if getattr(module, "_transposed", False) else 0
    if not -weight.ndim <= dim < weight.ndim:
        raise ValueError(f"spectral_norm() was given dim={dim} for a {name} of {weight.shape}")
    made = _SpectralNorm(
        weight.data, n_power_iterations, dim % weight.ndim, eps, ad.random.generator(rng)
    )
    return register_parametrization(module, name, made)


class _SpectralNorm(Module):
    _u: Buffer
    _v: Buffer

    def __init__(
        self, weight: Array, iterations: int, dim: int, eps: float, rng: np.random.Generator
    ) -> None:
        super().__init__()
        self.n_power_iterations = iterations
        self.eps = eps
        self.axes = (dim, *(axis for axis in range(weight.ndim) if axis != dim))
        if weight.ndim > 1:
            matrix = np.transpose(weight, self.axes).reshape(weight.shape[dim], -1)
            u, v = (rng.standard_normal(n).astype(weight.dtype) for n in matrix.shape)
            u, v = self._iterated(matrix, u / np.linalg.norm(u), v / np.linalg.norm(v), 15)
            self._u, self._v = Buffer(u), Buffer(v)

    def _iterated(self, matrix: Any, u: Any, v: Any, times: int) -> tuple[Any, Any]:
        for _ in range(times):
            u = self._unit(np.matmul(matrix, v))
            v = self._unit(np.matmul(np.transpose(matrix), u))
        return u, v

    def _unit(self, x: Any) -> Any:
        return x / np.maximum(np.sqrt(np.sum(np.square(x))), self.eps)

    def forward(self, w: Tensor) -> Tensor:
        """The weight divided by its largest singular value."""
        if w.ndim == 1:
            divided: Tensor = w / ad.maximum(ad.sqrt(ad.sum(ad.square(w))), self.eps)
            return divided
        matrix = ad.reshape(ad.permute_dims(w, self.axes), (w.shape[self.axes[0]], -1))
        u, v = self._u, self._v
        if self.training and not changed_before(u):
            new = self._iterated(raw(matrix), raw(u), raw(v), self.n_power_iterations)
            self._u.data, self._v.data = new
            # The node keeps these: a later call replaces what is in the buffers.
            u, v = (constant(x) for x in new)  # type: ignore[assignment]
        divided = w / ad.sum(u * ad.matmul(matrix, v))
        return divided


def orthogonal(
    module: M,
    name: str = "weight",
    orthogonal_map: str | None = None,
    *,
    use_trivialization: bool = True,
    rng: np.random.Generator | int | None = None,
) -> M:
    """Keep a weight orthogonal: Qᵀ Q = 1, or Q Qᵀ = 1 if it has more columns than rows.

    Source: Lezcano-Casado, "Trivializations for Gradient-Based Optimization on Manifolds", 2019.

    Args:
        module: a layer.
        name: its parameter, a matrix or several.
        orthogonal_map: how a skew-symmetric matrix A = X − Xᵀ becomes orthogonal: by
            ``"matrix_exp"``, e^A; by ``"cayley"``, (1 − A/2)⁻¹ (1 + A/2); or, of reflections in
            the columns of X, by ``"householder"``. If not given "matrix_exp" for a square matrix,
            else "householder".
        use_trivialization: whether that is multiplied by where it began, so that the weight can
            be assigned. Without, only "householder" begins at the orthogonal matrix that is
            nearest in the sense of QR; the others read the weight as X.
        rng: completes a matrix that is not square: a generator or a seed; the library's
            generator if not given.

    Returns:
        The module; what is learned is ``parametrizations.NAME.original``, and where it began is
        the buffer ``parametrizations.NAME.0.base``.

    Raises:
        ValueError: there is no such parameter or map, or the parameter is a vector.

    Example:
        >>> import nn
        >>> q = orthogonal(nn.Linear(20, 40, dtype=np.float64)).weight.data
        >>> bool(np.allclose(q.T @ q, np.eye(20)))
        True
    """
    weight = _tensor(module, name)
    if weight.ndim < 2:
        raise ValueError(f"orthogonal() takes a matrix, and {name} is of shape {weight.shape}")
    square = weight.shape[-2] == weight.shape[-1]
    chosen = orthogonal_map or ("matrix_exp" if square else "householder")
    if chosen not in ("matrix_exp", "cayley", "householder"):
        raise ValueError(
            "orthogonal(): orthogonal_map must be 'matrix_exp', 'cayley' or 'householder', not "
            f"{orthogonal_map!r}"
        )
    made = _Orthogonal(chosen, use_trivialization, ad.random.generator(rng))
    return register_parametrization(module, name, made)


class _Orthogonal(Module):
    base: Buffer | None = None

    def __init__(self, name: str, moved: bool, rng: np.random.Generator) -> None:
        super().__init__()
        self.orthogonal_map = name
        self._moved = moved
        self._rng = rng

    def forward(self, x: Tensor) -> Tensor:
        """Q, for what is learned."""
        wide = x.shape[-2] < x.shape[-1]
        x = ad.swapaxes(x, -1, -2) if wide else x
        n, k = x.shape[-2:]
        if self.orthogonal_map == "householder":
            below = ad.tril(x, -1)
            tau = 2.0 / (1.0 + ad.sum(ad.square(below), axis=-2))
            signs = np.trunc(np.diagonal(raw(x), axis1=-2, axis2=-1))
            q = ad.linalg.householder_product(below, tau) * np.expand_dims(signs, -2)
        else:
            lower = ad.tril(x)
            if n != k:
                rest = np.zeros((*x.shape[:-1], n - k), x.dtype)
                lower = ad.concatenate([lower, rest], axis=-1)
            skew = lower - ad.swapaxes(lower, -1, -2)
            one = np.eye(n, dtype=x.dtype)
            if self.orthogonal_map == "matrix_exp":
                q = ad.linalg.expm(skew)
            else:
                q = ad.linalg.solve(one - skew * 0.5, one + skew * 0.5)
            q = q[..., :k]
        q = q if self.base is None else ad.matmul(self.base, q)
        found: Tensor = ad.swapaxes(q, -1, -2) if wide else q
        return found

    def right_inverse(self, q: Array) -> Array:
        """What is learned, for a Q; the base is set."""
        wide = q.shape[-2] < q.shape[-1]
        tall = np.swapaxes(q, -1, -2) if wide else q
        n, k = tall.shape[-2:]
        if self._moved:
            if n != k:
                more = self._rng.standard_normal((*tall.shape[:-1], n - k)).astype(q.dtype)
                tall = np.concatenate([tall, more], axis=-1)
            near = np.allclose(np.swapaxes(tall, -1, -2) @ tall, np.eye(n), atol=1e-5)
            base = tall if near else _nearest(tall)
            self.base = Buffer(base) if self.base is None else self.base
            self.base.data = base
            return -np.broadcast_to(np.eye(*q.shape[-2:], dtype=q.dtype), q.shape)
        if self.orthogonal_map != "householder":
            return q
        flat = tall.reshape(-1, n, k)
        found = np.empty_like(flat)
        for matrix, into in zip(flat, found, strict=True):
            reflectors, tau = np.linalg.qr(matrix, mode="raw")
            into[...] = reflectors.T
            signs = np.sign(np.diagonal(into))
            np.fill_diagonal(into, np.where(tau == 0, -signs, signs))
        found = found.reshape(tall.shape)
        return np.swapaxes(found, -1, -2) if wide else found


def _nearest(matrix: Array) -> Array:
    """The Q of a QR whose R has a positive diagonal."""
    q, r = np.linalg.qr(matrix)
    signs = np.sign(np.diagonal(r, axis1=-2, axis2=-1))
    found: Array = q * np.expand_dims(signs, -2)
    return found


def _tensor(module: Module, name: str) -> Tensor:
    found = getattr(module, name, None)
    if not isinstance(found, Tensor):
        raise ValueError(f"{type(module).__name__} has no parameter {name!r}")
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
