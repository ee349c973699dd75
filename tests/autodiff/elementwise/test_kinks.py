"""Ties, kinks and edges of the domain: the published rule, for Values and Tensors alike.

Where a function is differentiable, its derivative; at a kink of a convex or concave
function the subgradient of least norm; what was not chosen gets nothing, whatever its
own derivative.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import TABLE, Elementwise
from tests.autodiff.reference import differentiate, same
from tests.autodiff.table.elementwise_samples import DIFFERENTIABLE, apply, operands_for, title

INF, NAN = np.inf, np.nan
Function = Callable[..., Any]


def chosen(c: Any, a: Any, b: Any) -> Any:
    return ad.where(c > 0.5, a, b) + 0 * c


# function, operands, gradient of each operand
POINTS: dict[str, tuple[Function, tuple[float, ...], tuple[float, ...]]] = {
    "relu at 0": (ad.relu, (0.0,), (0.0,)),
    "relu at −0": (ad.relu, (-0.0,), (0.0,)),
    "leaky_relu at 0": (ad.leaky_relu, (0.0,), (0.01,)),
    "leaky_relu, slope 0.3": (lambda x: ad.leaky_relu(x, negative_slope=0.3), (0.0,), (0.3,)),
    "leaky_relu, slope −0.3": (lambda x: ad.leaky_relu(x, negative_slope=-0.3), (0.0,), (0.0,)),
    "leaky_relu, slope 2": (lambda x: ad.leaky_relu(x, negative_slope=2.0), (0.0,), (1.0,)),
    "elu at 0": (ad.elu, (0.0,), (1.0,)),
    "elu at 0, alpha 0.5": (lambda x: ad.elu(x, alpha=0.5), (0.0,), (0.5,)),
    "elu at 0, alpha 2": (lambda x: ad.elu(x, alpha=2.0), (0.0,), (1.0,)),
    "selu at 0": (ad.selu, (0.0,), (1.0507009873554805,)),
    "abs at 0": (ad.abs, (0.0,), (0.0,)),
    "sign at 0": (ad.sign, (0.0,), (0.0,)),
    "maximum of equals": (ad.maximum, (1.5, 1.5), (0.5, 0.5)),
    "minimum of equals": (ad.minimum, (1.5, 1.5), (0.5, 0.5)),
    "maximum(x, 0) at 0": (lambda x: ad.maximum(x, 0.0), (0.0,), (0.5,)),
    "maximum of infinities": (ad.maximum, (INF, INF), (0.5, 0.5)),
    "clip at the lower edge": (ad.clip, (-1.0, -1.0, 1.0), (0.0, 0.0, 0.0)),
    "clip at the upper edge": (ad.clip, (1.0, -1.0, 1.0), (0.0, 0.0, 0.0)),
    "clip below": (ad.clip, (-2.0, -1.0, 1.0), (0.0, 1.0, 0.0)),
    "clip above": (ad.clip, (2.0, -1.0, 1.0), (0.0, 0.0, 1.0)),
    "clip between crossed edges": (ad.clip, (0.0, 1.0, -1.0), (0.0, 0.0, 1.0)),
    "clip with one edge": (ad.clip, (0.5, 1.0, 1.0), (0.0, 0.0, 1.0)),
    "x**y at 0, 0": (ad.power, (0.0, 0.0), (0.0, 0.0)),
    "x**y at 0, 1": (ad.power, (0.0, 1.0), (1.0, 0.0)),
    "x**y at 0, 2": (ad.power, (0.0, 2.0), (0.0, 0.0)),
    "x**y at 0, 3.5": (ad.power, (0.0, 3.5), (0.0, 0.0)),
    "x**y at −2, 3": (lambda x: ad.power(x, 3.0), (-2.0,), (12.0,)),
    "x**0 at −2": (lambda x: x**0, (-2.0,), (0.0,)),
    "hypot at the origin": (ad.hypot, (0.0, 0.0), (0.0, 0.0)),
    "hypot on an axis": (ad.hypot, (0.0, -2.0), (0.0, -1.0)),
    "arctan2 at the origin": (ad.arctan2, (0.0, 0.0), (0.0, 0.0)),
    "arctan2 on an axis": (ad.arctan2, (1.0, 0.0), (0.0, -1.0)),
    "x·x at 0": (lambda x: x * x, (0.0,), (0.0,)),
    "floor at an integer": (ad.floor, (2.0,), (0.0,)),
    "sigmoid far out": (ad.sigmoid, (-1000.0,), (0.0,)),
    "softplus far out": (ad.softplus, (1000.0,), (1.0,)),
    "logaddexp of infinity": (ad.logaddexp, (-INF, 1.0), (0.0, 1.0)),
    "where chooses the first": (chosen, (1.0, 2.0, 3.0), (0.0, 1.0, 0.0)),
    "where chooses the second": (chosen, (0.0, 2.0, 3.0), (0.0, 0.0, 1.0)),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", POINTS)
def test_gradient_at_a_kink(case: str) -> None:
    function, at, expected = POINTS[case]
    tensors = [ad.Tensor(np.array([x]), requires_grad=True) for x in at]
    function(*tensors).sum().backward()
    values = [ad.Value(x) for x in at]
    function(*values).backward()
    as_graph = [ad.Value(x) for x in at]
    function(*as_graph).backward(create_graph=True)
    for tensor, value, node, g in zip(tensors, values, as_graph, expected, strict=True):
        same(tensor.grad, [g], rtol=1e-15)
        same(value.grad, g, rtol=1e-15)
        same(node.grad.data, g, rtol=1e-15)


@pytest.mark.parametrize(
    "entry", [e for e in DIFFERENTIABLE if e.kinks and e.arity == 1], ids=title
)
def test_gradient_at_a_kink_lies_between_the_one_sided_ones(entry: Elementwise) -> None:
    for kink in entry.kinks:
        nodes = [ad.Tensor(np.array(kink + h), requires_grad=True) for h in (-1e-9, 0.0, 1e-9)]
        for node in nodes:
            apply(entry, node).backward()
        left, at, right = (node.grad.item() for node in nodes)
        low, high = sorted((left, right))
        assert low - 1e-8 <= at <= high + 1e-8
        if left <= right:
            least = min(max(low, 0.0), high)
            assert at == pytest.approx(least, abs=1e-8), "not the subgradient of least norm"


def _slopes(entry: Elementwise, at: float) -> list[float]:
    nodes = [ad.Tensor(np.array(at + h), requires_grad=True) for h in (-1e-9, 1e-9)]
    for node in nodes:
        # Away from the special case that a parameter of 1 makes of `elu`.
        apply(entry, node, **({"alpha": 0.5} if entry.name == "elu" else {})).backward()
    return [node.grad.item() for node in nodes]


@pytest.mark.parametrize("entry", [e for e in DIFFERENTIABLE if e.arity == 1], ids=title)
def test_kinks_are_declared_where_the_slope_jumps_and_nowhere_else(entry: Elementwise) -> None:
    if entry.name == "sign":
        return  # The value itself jumps, the slope is 0 on both sides.
    low, high = entry.domains[0].low, entry.domains[0].high
    points = {0.0, 1.0, -1.0, *entry.kinks}
    for point in (p for p in points if low < p < high):
        left, right = _slopes(entry, point)
        assert (abs(left - right) > 1e-6) == (point in entry.kinks), point


# function of a list of numbers, the numbers, the gradient
REDUCTIONS: dict[str, tuple[Function, list[float], list[float]]] = {
    "max of ties": (ad.max, [1.0, 1.0, 0.0], [0.5, 0.5, 0.0]),
    "min of ties": (ad.min, [1.0, 0.0, 0.0], [0.0, 0.5, 0.5]),
    "max of three ties": (ad.max, [2.0, 2.0, 2.0], [1 / 3, 1 / 3, 1 / 3]),
    "prod with one zero": (ad.prod, [0.0, 2.0, 3.0], [6.0, 0.0, 0.0]),
    "prod with two zeros": (ad.prod, [0.0, 2.0, 0.0], [0.0, 0.0, 0.0]),
    "std of a constant": (ad.std, [3.0, 3.0, 3.0], [0.0, 0.0, 0.0]),
    "var of a constant": (ad.var, [3.0, 3.0, 3.0], [0.0, 0.0, 0.0]),
    "std of one number": (ad.std, [3.0], [0.0]),
    "norm of zero": (lambda x: ad.hypot(ad.hypot(x[0], x[1]), x[2]), [0.0] * 3, [0.0] * 3),
    "logsumexp of −inf": (ad.logsumexp, [-INF, 1.0, -INF], [0.0, 1.0, 0.0]),
    "logsumexp of nothing but −inf": (ad.logsumexp, [-INF, -INF], [0.0, 0.0]),
    "softmax far out": (lambda x: ad.softmax(x)[0], [1000.0, 0.0], [0.0, 0.0]),
    "log_softmax far out": (lambda x: ad.log_softmax(x)[1], [1000.0, 0.0], [-1.0, 1.0]),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", REDUCTIONS)
def test_gradient_of_a_reduction_at_a_kink(case: str) -> None:
    function, at, expected = REDUCTIONS[case]
    x = ad.Tensor(np.array(at), requires_grad=True)
    function(x).backward()
    same(x.grad, expected, rtol=1e-15, atol=1e-300)
    y = ad.Tensor(np.array(at), requires_grad=True)
    function(y).backward(create_graph=True)
    same(y.grad.data, expected, rtol=1e-15, atol=1e-300)


def test_second_derivative_of_a_product_with_a_zero() -> None:
    x = ad.Tensor(np.array([0.0, 2.0, 3.0]), requires_grad=True)
    (g,) = differentiate(ad.prod(x), [x])
    g[0].backward()
    same(x.grad, [0.0, 3.0, 2.0])
    y = ad.Tensor(np.array([0.0, 0.0, 3.0]), requires_grad=True)
    (g,) = differentiate(ad.prod(y), [y])
    g[0].backward()
    same(y.grad, [0.0, 3.0, 0.0])


# Points outside the domain or at its edge, where value or derivative is infinite or NaN.
OUTSIDE = {
    "log": [0.0, -1.0],
    "log2": [0.0, -1.0],
    "log10": [0.0, -1.0],
    "log1p": [-1.0, -2.0],
    "sqrt": [0.0, -1.0],
    "reciprocal": [0.0],
    "divide": [0.0],
    "power": [0.0],
    "arcsin": [1.0, 2.0],
    "arccos": [-1.0, 2.0],
    "arccosh": [1.0, 0.0],
    "arctanh": [1.0, 2.0],
    "exp": [1000.0],
    "exp2": [2000.0],
    "expm1": [1000.0],
    "sinh": [1000.0],
    "cosh": [1000.0],
}
SPECIAL: dict[str, Function] = {
    "divide": lambda x: 1.0 / x,
    "power": lambda x: x**-0.5,
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", OUTSIDE)
def test_what_where_did_not_choose_cannot_poison_the_gradient(name: str) -> None:
    function = SPECIAL.get(name) or (lambda x: apply(TABLE[name], x))  # type: ignore[arg-type]
    inside = operands_for(TABLE[name], np.random.default_rng(1), ())[-1].item()  # type: ignore[arg-type]
    plain = ad.grad(function)(inside)
    second = ad.grad(ad.grad(function))(inside)
    points = np.array([*OUTSIDE[name], inside])
    allowed = points == inside

    x = ad.Tensor(points, requires_grad=True)
    y = ad.where(allowed, function(x), 0.0).sum()
    y.backward(retain_graph=True)
    same(x.grad, np.where(allowed, plain, 0.0), rtol=1e-14)
    (g,) = differentiate(y, [x])
    same(g.data, np.where(allowed, plain, 0.0), rtol=1e-14)
    if g.requires_grad:
        g.sum().backward()
        same(x.grad, np.where(allowed, second, 0.0), rtol=1e-13)

    for point in OUTSIDE[name]:
        v = ad.Value(point)
        z = ad.where(False, function(v), 2.0 * v)
        z.backward(retain_graph=True)
        assert v.grad == 2.0
        v.zero_grad()
        (z * v).backward(create_graph=True)
        g, v.grad = v.grad, None
        assert g.data == 4.0 * point
        g.backward()
        assert v.grad == pytest.approx(4.0)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("entry", [e for e in DIFFERENTIABLE if e.arity == 1], ids=title)
def test_a_nan_that_was_not_chosen_is_stopped_by_every_function(entry: Elementwise) -> None:
    x = ad.Tensor(np.array([-1.0, 0.5]), requires_grad=True)
    v = ad.Value(-1.0)
    for y in (
        ad.where(x > 0, apply(entry, ad.log(x)), x).sum(),
        ad.where(v > 0, apply(entry, ad.log(v)), v),
    ):
        y.backward()
    assert x.grad[0] == 1.0
    assert v.grad == 1.0
    (g,) = differentiate(ad.where(x > 0, apply(entry, ad.log(x)), x).sum(), [x])
    assert g.data[0] == 1.0


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("entry", [e for e in DIFFERENTIABLE if e.arity == 2], ids=title)
def test_a_nan_operand_that_was_not_chosen_is_stopped(entry: Elementwise) -> None:
    for nan_first in (True, False):
        x = ad.Tensor(np.array([-1.0, 0.5]), requires_grad=True)
        pair = (ad.log(x), x) if nan_first else (x, ad.log(x))
        ad.where(x > 0, apply(entry, *pair), x).sum().backward()
        assert x.grad[0] == 1.0


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_an_overflow_that_was_not_chosen_is_stopped() -> None:
    x = ad.Tensor(np.array([1e150, 0.5]), requires_grad=True)
    v = ad.Value(1e150)
    ad.where(x < 1, ad.square(ad.square(ad.square(x))) + x * x * x * x, x).sum().backward()
    ad.where(v < 1, ad.square(ad.square(ad.square(v))) + v * v * v * v, v).backward()
    same(x.grad, [1.0, 8 * 0.5**7 + 4 * 0.5**3])
    assert v.grad == 1.0


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_what_maximum_did_not_choose_cannot_poison_the_gradient() -> None:
    x = ad.Tensor(np.array([0.0, 4.0]), requires_grad=True)
    ad.maximum(ad.log(x), 1.0).sum().backward()
    same(x.grad, [0.0, 0.25])
    v = ad.Value(0.0)
    ad.maximum(ad.log(v), 1.0).backward()
    assert v.grad == 0.0


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_an_infinite_derivative_that_counts_is_not_hidden() -> None:
    x = ad.Tensor(np.array([0.0, 1.0]), requires_grad=True)
    ad.sqrt(x).sum().backward()
    same(x.grad, [INF, 0.5])
    v = ad.Value(0.0)
    ad.sqrt(v).backward()
    assert v.grad == INF
    y = ad.Tensor(np.array([0.0]), requires_grad=True)
    ad.where(True, ad.log(y), 0.0).sum().backward()
    same(y.grad, [INF])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_nan_reaches_the_gradient_where_it_is_chosen() -> None:
    x = ad.Tensor(np.array([NAN, 2.0]), requires_grad=True)
    (x * x).sum().backward()
    same(x.grad, [NAN, 4.0])
    v = ad.Value(NAN)
    (v * v).backward()
    assert np.isnan(v.grad)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("hessian", [ad.hessian, lambda f: ad.jacfwd(ad.jacfwd(f))])
def test_a_zero_beside_what_was_not_chosen_keeps_its_second_derivative(hessian: Any) -> None:
    """Only products that are not finite are left out, element by element."""

    def f(w: Any) -> Any:
        return ad.sum((ad.where(w > 0, ad.sqrt(w), 1.0) - 1.0) ** 2)

    point = np.array([1.0, 0.0])
    for function in (hessian(f), ad.compile(hessian(f))):
        same(function(point), [[0.5, 0.0], [0.0, 0.0]])
