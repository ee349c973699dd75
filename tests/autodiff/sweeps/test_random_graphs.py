"""Random programs, scalar, tensor and mixed, against dual numbers.

A program is a list of steps on a growing list of results, so operands are used again and
again. The library runs it backward once; the dual numbers run it forward once for a random
direction of all inputs. The two give the same directional derivative.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.sweeps.dual_numbers import Dual, evaluate

BINARY = ("add", "subtract", "multiply", "divide", "maximum")
UNARY = ("tanh", "sin", "exp", "log", "sigmoid", "relu")
ARRAY = ("sum", "mean_rows", "transpose", "reverse", "gather", "gram", "softmax", "pair")
SHAPES = [(), (1,), (3,), (2, 3), (2, 1), (3, 1, 2)]
TINY = 1e-12

Step = tuple[str, tuple[int, ...]]

library: dict[str, Any] = {
    "add": ad.add,
    "subtract": ad.subtract,
    "multiply": ad.multiply,
    "divide": lambda a, b: a / (1.5 + b * b),
    "maximum": ad.maximum,
    "tanh": ad.tanh,
    "sin": ad.sin,
    "exp": lambda a: ad.exp(ad.sin(a)),
    "log": lambda a: ad.log(1.0 + a * a),
    "sigmoid": ad.sigmoid,
    "relu": ad.relu,
    "sum": ad.sum,
    "mean_rows": lambda a: ad.mean(a, axis=0),
    "transpose": ad.transpose,
    "reverse": lambda a: a[..., ::-1],
    "gather": lambda a: a[[0, -1, 0]],
    "gram": lambda a: a @ a.T / 9,
    "softmax": ad.softmax,
    "pair": lambda a, b: ad.stack([ad.broadcast_to(x, _common(a, b)) for x in (a, b)]),
}


def _common(a: Any, b: Any) -> tuple[int, ...]:
    return np.broadcast_shapes(a.shape, b.shape)


def shape_after(name: str, shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...] | None:
    """The shape of a step's result; None where the step does not apply."""
    first = shapes[0]
    try:
        common = np.broadcast_shapes(*shapes)
    except ValueError:
        return None
    if name in BINARY or name == "pair":
        found = common if name in BINARY else (2, *common)
        return found if np.prod(found) <= 200 and len(found) <= 4 else None
    if name in UNARY:
        return first
    if name == "sum":
        return ()
    if name == "transpose":
        return first[::-1]
    if not first:
        return None
    if name == "mean_rows":
        return first[1:]
    if name == "gather":
        return (3, *first[1:])
    if name == "gram":
        return (first[0], first[0]) if len(first) == 2 else None
    return first


def program(
    rng: np.random.Generator, shapes: list[tuple[int, ...]], length: int, names: Sequence[str]
) -> list[Step]:
    """Random steps that fit; operands are drawn mostly from recent results."""
    known, steps = list(shapes), []
    while len(steps) < length:
        name = names[rng.integers(len(names))]
        count = 2 if name in BINARY or name == "pair" else 1
        recent = rng.integers(max(0, len(known) - 6), len(known), count)
        anywhere = rng.integers(0, len(known), count)
        chosen = tuple(int(i) for i in np.where(rng.random(count) < 0.6, recent, anywhere))
        shape = shape_after(name, [known[i] for i in chosen])
        if shape is not None:
            steps.append((name, chosen))
            known.append(shape)
    return steps


def run(steps: Sequence[Step], inputs: Sequence[Any], functions: dict[str, Any]) -> list[Any]:
    results = list(inputs)
    for name, chosen in steps:
        results.append(functions[name](*(results[i] for i in chosen)))
    return results


def by_dual_numbers(
    steps: Sequence[Step], inputs: Sequence[Any], directions: Sequence[Any], cotangent: Any
) -> tuple[Any, float]:
    duals = [Dual(x, u) for x, u in zip(inputs, directions, strict=True)]
    last = run(steps, duals, evaluate)[-1]
    return last.value, float(np.sum(last.tangent * cotangent(last.value.shape)))


@pytest.mark.parametrize("seed", range(120))
def test_scalar_programs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    numbers = rng.uniform(-2, 2, rng.integers(1, 5)).tolist()
    directions = rng.standard_normal(len(numbers)).tolist()
    steps = program(rng, [()] * len(numbers), int(rng.integers(2, 60)), BINARY + UNARY)
    values = [ad.Value(x) for x in numbers]
    y = run(steps, values, library)[-1]
    y.backward()
    found = sum((x.grad or 0.0) * u for x, u in zip(values, directions, strict=True))
    expected_value, expected = by_dual_numbers(steps, numbers, directions, np.ones)
    assert y.data == pytest.approx(float(expected_value), rel=TINY, abs=TINY)
    size = max(1.0, *(abs(x.grad or 0.0) for x in values))
    assert found == pytest.approx(expected, rel=TINY, abs=TINY * size)
    _, forward = ad.jvp(lambda *xs: run(steps, xs, library)[-1], numbers, directions)
    assert forward == pytest.approx(expected, rel=TINY, abs=TINY * size)


@pytest.mark.parametrize("seed", range(120))
def test_tensor_programs(seed: int) -> None:
    rng = np.random.default_rng(1000 + seed)
    shapes = [SHAPES[rng.integers(len(SHAPES))] for _ in range(rng.integers(1, 4))]
    inputs = [rng.uniform(-2, 2, shape) for shape in shapes]
    directions = [rng.standard_normal(shape) for shape in shapes]
    steps = program(rng, shapes, int(rng.integers(2, 25)), BINARY + UNARY + ARRAY)
    tensors = [ad.Tensor(np.asarray(x), requires_grad=True) for x in inputs]
    y = run(steps, tensors, library)[-1]
    cotangent = np.random.default_rng(seed).standard_normal
    check_tensors(y, tensors, inputs, directions, steps, lambda s: np.asarray(cotangent(s)))


def check_tensors(
    y: Any, tensors: list[Any], inputs: Any, directions: Any, steps: Any, cotangent: Any
) -> None:
    drawn: list[Any] = []

    def once(shape: tuple[int, ...]) -> Any:
        if not drawn:
            drawn.append(cotangent(shape))
        return drawn[0]

    expected_value, expected = by_dual_numbers(steps, inputs, directions, once)
    np.testing.assert_allclose(y.data, expected_value, rtol=1e-11, atol=TINY)
    if y.requires_grad:
        y.backward(drawn[0])
    terms = [
        0.0 if x.grad is None else np.sum(x.grad * u)
        for x, u in zip(tensors, directions, strict=True)
    ]
    size = max(1.0, *(0.0 if x.grad is None else np.abs(x.grad).max() for x in tensors))
    assert np.sum(terms) == pytest.approx(expected, rel=1e-11, abs=10 * TINY * size)
    _, t = ad.jvp(lambda *xs: run(steps, xs, library)[-1], inputs, directions)
    forward = np.sum(t * drawn[0])
    assert forward == pytest.approx(expected, rel=1e-11, abs=10 * TINY * size)


@pytest.mark.parametrize("seed", range(60))
def test_mixed_programs(seed: int) -> None:
    """Half the inputs are Values; some results are taken apart into Values and put together."""
    rng = np.random.default_rng(2000 + seed)
    shapes = [(), (), (3,), (2, 3)]
    inputs = [rng.uniform(-2, 2, shape) for shape in shapes]
    directions = [rng.standard_normal(shape) for shape in shapes]
    names = [*BINARY, *UNARY, "sum", "reverse", "gather", "softmax"]
    steps = program(rng, shapes, int(rng.integers(4, 20)), names)
    leaves = [
        ad.Value(x.item()) if x.ndim == 0 else ad.Tensor(x, requires_grad=True) for x in inputs
    ]

    def crossing(name: str) -> Any:
        def function(*operands: Any) -> Any:
            if name in ARRAY:
                operands = tuple(
                    ad.stack([x])[0] if isinstance(x, ad.Value) else x for x in operands
                )
            y = library[name](*operands)
            if isinstance(y, ad.Tensor) and rng.random() < 0.4:
                taken = ad.values(y)
                y = taken if isinstance(taken, ad.Value) else ad.stack(taken)
            return y

        return function

    y = run(steps, leaves, {name: crossing(name) for name in library})[-1]
    total = ad.sum(y) if isinstance(y, ad.Tensor) else y
    total.backward()
    value, expected = by_dual_numbers(steps, inputs, directions, np.ones)
    assert float(total.item()) == pytest.approx(np.sum(value), rel=1e-11, abs=TINY)
    found = sum(
        np.sum((0.0 if x.grad is None else x.grad) * u)
        for x, u in zip(leaves, directions, strict=True)
    )
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-11)


@pytest.mark.parametrize("seed", range(40))
def test_second_derivatives_of_scalar_programs(seed: int) -> None:
    """uᵀHv by two backward passes, against differences of the first derivative."""
    rng = np.random.default_rng(3000 + seed)
    names = [n for n in BINARY + UNARY if n not in ("maximum", "relu")]
    numbers = rng.uniform(-1, 1, 3)
    u, v = rng.standard_normal(3), rng.standard_normal(3)
    steps = program(rng, [()] * 3, int(rng.integers(3, 20)), names)

    def curvature(u: Any, v: Any) -> float:
        values = [ad.Value(x) for x in numbers.tolist()]
        y = run(steps, values, library)[-1]
        y.backward(create_graph=True)
        slopes = [x.grad for x in values]
        for x in values:
            x.zero_grad()
        slope = sum((g * a for g, a in zip(slopes, u, strict=True) if g is not None), ad.Value(0.0))
        slope.backward()
        return float(sum((x.grad or 0.0) * b for x, b in zip(values, v, strict=True)))

    def slope(t: float) -> float:
        return by_dual_numbers(steps, (numbers + t * v).tolist(), u.tolist(), np.ones)[1]

    h = 1e-3
    numeric = (45 * (slope(h) - slope(-h)) - 9 * (slope(2 * h) - slope(-2 * h))) / (60 * h)
    numeric += (slope(3 * h) - slope(-3 * h)) / (60 * h)
    found = curvature(u, v)
    assert found == pytest.approx(numeric, rel=1e-7, abs=1e-7)
    assert found == pytest.approx(curvature(v, u), rel=1e-10, abs=1e-10)
