"""An independent reference for the tests: finite differences, and runs of the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import autodiff as ad

__all__ = [
    "check_multilinear",
    "derivative",
    "differentiate",
    "gradient",
    "leaves",
    "normal",
    "pull",
    "same",
    "slopes",
    "weights",
]

Array = Any
Function = Callable[..., Any]

# Central differences of sixth order: the error is about h⁶/140 · f⁽⁷⁾.
_STENCIL = ((1, 45 / 60), (2, -9 / 60), (3, 1 / 60))


def derivative(f: Callable[[Array], Array], x: Array, h: float = 2e-3) -> Array:
    """The derivative of an elementwise function, at all elements at once."""
    total: Any = 0.0
    for step, weight in _STENCIL:
        total = total + weight * (f(x + step * h) - f(x - step * h))
    return total / h


def slopes(
    f: Function, operands: Sequence[Array], position: int, g: Array, h: float = 2e-3
) -> tuple[list[Any], list[Any]]:
    """Of a function that returns one number: what a gradient says, and what differences say.

    Up to four entries are moved one by one; more of them all at once, along random
    directions, which notice a wrong entry wherever it is.
    """
    x = operands[position]
    if x.size <= 4:
        directions = np.eye(x.size).reshape(x.size, *x.shape)
    else:
        directions = np.random.default_rng(x.size).uniform(-1, 1, (4, *x.shape))
    if x.dtype.kind == "c":
        directions = [d * unit for d in directions for unit in (1, 1j)]

    def along(step: float, direction: Array) -> Any:
        moved = [x + step * direction if i == position else o for i, o in enumerate(operands)]
        return f(*moved)

    said = [np.sum(g.real * d.real + g.imag * d.imag) for d in directions]
    return said, [derivative(lambda step, d=d: along(step, d), 0.0, h) for d in directions]


def gradient(f: Function, operands: Sequence[Array], position: int, h: float = 2e-3) -> Array:
    """The gradient of a function that returns one number, entry by entry."""
    found = np.zeros_like(operands[position])
    for place in np.ndindex(*found.shape):

        def along(step: float, place: tuple[int, ...] = place) -> Any:
            moved = [np.array(operand) for operand in operands]
            moved[position][place] += step
            return f(*moved)

        found[place] = derivative(along, 0.0, h)
    return found


def weights(shape: tuple[int, ...], dtype: Any = np.float64) -> Array:
    """Cotangents that are all different, the first 1, so that a swap of two is noticed."""
    count = int(np.prod(shape, dtype=np.int64))
    return (0.9 * np.sin(np.arange(count) * 1.7) + 1).reshape(shape).astype(dtype)


def leaves(operands: Sequence[Array]) -> list[Any]:
    """A leaf for every floating operand, a constant for the others."""
    return [
        ad.Tensor(operand, requires_grad=np.asarray(operand).dtype.kind == "f")
        for operand in operands
    ]


def pull(y: Any, wanted: Sequence[Any], cotangent: Array | None = None) -> list[Any]:
    """Gradients by one backward pass, zeros for what it does not reach."""
    for node in wanted:
        node.zero_grad()
    if y.requires_grad:
        y.backward(weights(y.shape, y.dtype) if cotangent is None else cotangent)
    return [np.zeros_like(node.data) if node.grad is None else node.grad for node in wanted]


def differentiate(y: Any, wanted: Sequence[Any], cotangent: Any = None) -> list[Any]:
    """Gradients as nodes of a graph, zeros for what is not reached."""
    for node in wanted:
        node.zero_grad()
    if y.requires_grad:
        seed = weights(y.shape, y.dtype) if cotangent is None else cotangent
        y.backward(seed, create_graph=True)
    found = [ad.Tensor(np.zeros_like(n.data)) if n.grad is None else n.grad for n in wanted]
    for node in wanted:
        node.zero_grad()
    return found


def same(found: Any, expected: Any, rtol: float = 1e-12, atol: float = 0.0) -> None:
    """Assert equality of shape, and of numbers up to rounding (NaN equals NaN)."""
    found, expected = (
        np.asarray(x.data if isinstance(x, ad.Node) else x) for x in (found, expected)
    )
    assert found.shape == expected.shape, f"shape {found.shape}, expected {expected.shape}"
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=atol)


def check_multilinear(function: Function, counterpart: Function, operands: Sequence[Array]) -> None:
    """Compare a function that is linear in each operand with NumPy's, and its gradients.

    The gradient is the transpose: ⟨w, f(u)⟩ = ⟨fᵀ(w), u⟩ for every direction u.
    """
    nodes = leaves(operands)
    y = function(*nodes)
    expected = counterpart(*operands)
    same(y.data, expected, rtol=1e-13, atol=1e-13)
    w = weights(y.shape)
    directions = np.random.default_rng(y.size)
    for i, g in enumerate(pull(y, nodes)):
        assert g.shape == operands[i].shape
        u = directions.standard_normal(operands[i].shape)
        moved = [u if i == k else operand for k, operand in enumerate(operands)]
        same(np.sum(g * u), np.sum(w * counterpart(*moved)), rtol=1e-10, atol=1e-10)


def normal(*shapes: tuple[int, ...], seed: int = 3) -> list[Any]:
    """Standard normal arrays."""
    rng = np.random.default_rng(seed)
    return [np.asarray(rng.standard_normal(shape)) for shape in shapes]
