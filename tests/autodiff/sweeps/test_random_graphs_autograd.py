"""Random programs beside an independent engine: gradients and second-order products.

The programs reuse results, broadcast, take powers and look at operands through views
(slices, reversals, transposes, reshapes).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.sweeps.test_random_graphs import (
    ARRAY,
    BINARY,
    SHAPES,
    UNARY,
    library,
    program,
    run,
    shape_after,
)

autograd = pytest.importorskip("autograd", reason="the independent engine, autograd, is missing")
anp = pytest.importorskip("autograd.numpy")

POWERS = ("cube", "root", "power")
VIEWS = ("row", "column", "flat", "swap")
NAMES = [*BINARY, *UNARY, *ARRAY, *POWERS, *VIEWS]

theirs: dict[str, Any] = {
    "add": anp.add,
    "subtract": anp.subtract,
    "multiply": anp.multiply,
    "divide": lambda a, b: a / (1.5 + b * b),
    "maximum": anp.maximum,
    "tanh": anp.tanh,
    "sin": anp.sin,
    "exp": lambda a: anp.exp(anp.sin(a)),
    "log": lambda a: anp.log(1.0 + a * a),
    "sigmoid": lambda a: 0.5 * (1 + anp.tanh(0.5 * a)),
    "relu": lambda a: anp.where(a > 0, a, 0.0 * a),
    "sum": anp.sum,
    "mean_rows": lambda a: anp.mean(a, axis=0),
    "transpose": anp.transpose,
    "reverse": lambda a: a[..., ::-1],
    "gather": lambda a: a[np.array([0, -1, 0])],
    "gram": lambda a: anp.dot(a, anp.transpose(a)) / 9,
    "softmax": lambda a: _softmax(a),
    "pair": lambda a, b: _pair(a, b),
    "cube": lambda a: a**3 / 9,
    "root": lambda a: (1.0 + a * a) ** 0.5,
    "power": lambda a: (1.1 + anp.sin(a)) ** anp.cos(a),
    "row": lambda a: a[:1],
    "column": lambda a: a[..., 0:1],
    "flat": lambda a: anp.reshape(a, (-1,)),
    "swap": lambda a: anp.swapaxes(a, 0, -1),
}
ours: dict[str, Any] = library | {
    "cube": lambda a: a**3 / 9,
    "root": lambda a: (1.0 + a * a) ** 0.5,
    "power": lambda a: (1.1 + ad.sin(a)) ** ad.cos(a),
    "row": lambda a: a[:1],
    "column": lambda a: a[..., 0:1],
    "flat": lambda a: a.reshape(-1),
    "swap": lambda a: a.swapaxes(0, -1),
}


def _softmax(a: Any) -> Any:
    e = anp.exp(a - anp.max(a, axis=-1, keepdims=True))
    return e / anp.sum(e, axis=-1, keepdims=True)


def _pair(a: Any, b: Any) -> Any:
    zero = anp.zeros(np.broadcast_shapes(a.shape, b.shape))
    return anp.stack([a + zero, b + zero])


def shape_of(name: str, shapes: list[tuple[int, ...]]) -> tuple[int, ...] | None:
    (first,) = shapes if len(shapes) == 1 else (shapes[0],)
    if name in POWERS:
        return first
    if name in VIEWS:
        if not first:
            return None
        return {
            "row": (1, *first[1:]),
            "column": (*first[:-1], 1),
            "flat": (int(np.prod(first)),),
            "swap": (first[-1], *first[1:-1], first[0]) if len(first) > 1 else first,
        }[name]
    return shape_after(name, shapes)


def drawn(rng: np.random.Generator, length: int) -> tuple[list[Any], list[Any]]:
    """Inputs, and steps that fit their shapes."""
    shapes = [SHAPES[rng.integers(len(SHAPES))] for _ in range(rng.integers(1, 4))]
    inputs = [np.asarray(rng.uniform(-2, 2, shape)) for shape in shapes]
    known: list[tuple[int, ...]] = list(shapes)
    steps: list[Any] = []
    while len(steps) < length:
        name = NAMES[rng.integers(len(NAMES))]
        count = 2 if name in BINARY or name == "pair" else 1
        chosen = tuple(int(i) for i in rng.integers(max(0, len(known) - 8), len(known), count))
        shape = shape_of(name, [known[i] for i in chosen])
        if shape is not None and np.prod(shape) <= 200:
            steps.append((name, chosen))
            known.append(shape)
    return inputs, steps


def total(f: Any, y: Any) -> Any:
    """One bounded number, so that sizes stay comparable."""
    return f.sum(f.tanh(y) * (1.0 + f.tanh(y)))


def compare(seed: int, length: int) -> None:
    rng = np.random.default_rng(seed)
    inputs, steps = drawn(rng, length)
    directions = [np.asarray(rng.standard_normal(x.shape)) for x in inputs]

    def their_total(*xs: Any) -> Any:
        return total(anp, run(steps, xs, theirs)[-1])

    places = tuple(range(len(inputs)))
    expected = autograd.grad(their_total, places)(*inputs)

    def slope(*xs: Any) -> Any:
        gradients = autograd.grad(their_total, places)(*xs)
        return sum(anp.sum(g * u) for g, u in zip(gradients, directions, strict=True))

    expected_second = autograd.grad(slope, places)(*inputs)

    leaves = [ad.Tensor(x, requires_grad=True) for x in inputs]
    y = total(ad, run(steps, leaves, ours)[-1])
    found = ad.gradients(y, inputs=leaves, create_graph=True)
    for g, e in zip(found, expected, strict=True):
        numbers = g.data if isinstance(g, ad.Tensor) else g
        np.testing.assert_allclose(numbers, e, rtol=1e-9, atol=1e-11 * _size(expected))
    nodes = [(g, u) for g, u in zip(found, directions, strict=True) if isinstance(g, ad.Tensor)]
    roots = [(g, u) for g, u in nodes if g.requires_grad]
    second = (
        ad.gradients([g for g, _ in roots], [u for _, u in roots], inputs=leaves)
        if roots
        else [np.zeros_like(x) for x in inputs]
    )
    for g, e in zip(second, expected_second, strict=True):
        np.testing.assert_allclose(np.asarray(g), e, rtol=1e-8, atol=1e-9 * _size(expected_second))


def _size(arrays: Any) -> float:
    return max(1.0, *(float(np.max(np.abs(a), initial=0.0)) for a in arrays))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(150))
def test_tensor_programs(seed: int) -> None:
    compare(seed, int(np.random.default_rng(seed).integers(2, 25)))


@pytest.mark.parametrize("seed", range(80))
def test_scalar_programs(seed: int) -> None:
    rng = np.random.default_rng(7000 + seed)
    numbers = rng.uniform(-2, 2, rng.integers(1, 5)).tolist()
    steps = program(rng, [()] * len(numbers), int(rng.integers(2, 60)), [*BINARY, *UNARY])
    names = {0: "cube", 1: "root", 2: "power"}
    for i in range(0, len(steps), 5):
        name = names[int(rng.integers(3))]
        steps[i] = (name, steps[i][1][:1])
    expected = autograd.grad(
        lambda *xs: anp.tanh(run(steps, xs, theirs)[-1]), tuple(range(len(numbers)))
    )(*numbers)
    values = [ad.Value(x) for x in numbers]
    ad.tanh(run(steps, values, ours)[-1]).backward()
    for x, e in zip(values, expected, strict=True):
        assert (x.grad or 0.0) == pytest.approx(float(e), rel=1e-9, abs=1e-11 * _size(expected))
