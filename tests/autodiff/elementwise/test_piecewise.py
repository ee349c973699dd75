"""Piecewise activation functions: kinks, edges, and those that are composed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import derivative, same

# function, where, value and derivative there
KINKS: list[tuple[Callable[[Any], Any], float, float, float]] = [
    (ad.relu6, 0.0, 0.0, 0.0),
    (ad.relu6, 6.0, 6.0, 0.0),
    (ad.hardtanh, -1.0, -1.0, 0.0),
    (ad.hardtanh, 1.0, 1.0, 0.0),
    (lambda x: ad.hardtanh(x, -2.0, 3.0), 2.5, 2.5, 1.0),
    (ad.hardsigmoid, -3.0, 0.0, 0.0),
    (ad.hardsigmoid, 3.0, 1.0, 0.0),
    (ad.hardswish, -3.0, 0.0, 0.0),
    (ad.hardswish, 3.0, 3.0, 1.0),
    (ad.hardswish, 0.0, 0.0, 0.5),
    (ad.celu, 0.0, 0.0, 1.0),
    (lambda x: ad.celu(x, alpha=2.0), -2000.0, -2.0, 0.0),
    (ad.softshrink, 0.5, 0.0, 0.0),
    (ad.softshrink, -0.5, 0.0, 0.0),
    (lambda x: ad.softshrink(x, lambd=0.0), 1.0, 1.0, 1.0),
    (ad.hardshrink, 0.5, 0.0, 0.0),
    (ad.hardshrink, -0.5, 0.0, 0.0),
    (ad.threshold, 0.0, 0.0, 0.0),
    (lambda x: ad.threshold(x, 1.0, 20.0), 1.0, 20.0, 0.0),
    (lambda x: ad.threshold(x, 1.0, 20.0), 2.0, 2.0, 1.0),
    (ad.tanhshrink, 0.0, 0.0, 0.0),
    (ad.softsign, 0.0, 0.0, 1.0),
    (ad.squareplus, 0.0, 1.0, 0.5),
    (ad.squareplus, -1e10, 1e-10, 1e-20),
    (lambda x: ad.prelu(x, 0.25), 0.0, 0.0, 0.25),
    (lambda x: ad.prelu(x, -0.25), 0.0, 0.0, 0.0),
    (lambda x: ad.prelu(x, 2.0), 0.0, 0.0, 1.0),
    (lambda x: ad.prelu(x, 0.25), 3.0, 3.0, 1.0),
    (lambda w: ad.prelu(-2.0, w), 0.25, -0.5, -2.0),
    (lambda w: ad.prelu(2.0, w), 0.25, 2.0, 0.0),
    (ad.rrelu, -48.0, -11.0, 11 / 48),
    (ad.rrelu, 0.0, 0.0, 11 / 48),
]


@pytest.mark.parametrize(("function", "at", "value", "slope"), KINKS)
def test_at_kinks(function: Callable[[Any], Any], at: float, value: float, slope: float) -> None:
    x = ad.Tensor(np.array([at]), requires_grad=True)
    y = function(x)
    y.sum().backward()
    same(y.data, [value], rtol=1e-15)
    same(x.grad, [slope], rtol=1e-14)
    v = ad.Value(at)
    z = function(v)
    z.backward(create_graph=True)
    assert isinstance(v.grad, ad.Value)
    assert (z.data, v.grad.data) == pytest.approx((value, slope), rel=1e-14)


def test_a_nan_stays_one() -> None:
    names = "relu6 hardtanh hardsigmoid hardswish celu softsign squareplus tanhshrink".split()
    for name in names:
        assert np.isnan(getattr(ad, name)(np.array([np.nan])).data).all(), name


def test_prelu_has_a_slope_per_channel() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((2, 3, 4)), rng.uniform(0, 1, 3)
    weight = ad.Tensor(w, requires_grad=True)
    y = ad.prelu(x, weight)
    same(y.data, np.where(x > 0, x, x * w[:, None]))
    y.sum().backward()
    same(weight.grad, np.minimum(x, 0).sum((0, 2)))
    same(ad.prelu(x[:, :, 0], w).data, np.where(x > 0, x, x * w[:, None])[:, :, 0])
    with pytest.raises(ad.ShapeError, match="'prelu' was given"):
        ad.prelu(x, np.ones(5))


def test_rrelu_draws_slopes_in_training() -> None:
    x = ad.Tensor(-np.ones(1000), requires_grad=True)
    y = ad.rrelu(x, 0.2, 0.4, training=True, rng=np.random.default_rng(1))
    y.sum().backward()
    same(x.grad, -y.data)
    assert 0.2 <= x.grad.min() < 0.21
    assert 0.39 < x.grad.max() <= 0.4001
    assert ad.rrelu(np.ones(3), training=True).tolist() == [1.0] * 3
    with pytest.raises(ValueError, match=r"lower=0\.5 and upper=0\.1"):
        ad.rrelu(x, 0.5, 0.1)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_glu(axis: int) -> None:
    x = np.random.default_rng(2).standard_normal((4, 6))

    def theirs(v: Any) -> Any:
        a, b = np.split(v, 2, axis)
        return a / (1 + np.exp(-b))

    node = ad.Tensor(x, requires_grad=True)
    y = ad.glu(node, axis)
    same(y.data, theirs(x), rtol=1e-14)
    y.sum().backward()
    u = np.random.default_rng(3).standard_normal(x.shape)
    same(np.sum(node.grad * u), derivative(lambda h: theirs(x + h * u).sum(), 0.0), rtol=1e-9)
    with pytest.raises(ad.ShapeError, match="cannot be halved"):
        ad.glu(np.ones((3, 5)), axis)


def test_softmin_and_logsigmoid() -> None:
    x = np.array([[0.5, -1.0, 2.0]])
    same(ad.softmin(x).data, np.exp(-x) / np.exp(-x).sum())
    same(ad.softmin(x, 0).data, [[1.0, 1.0, 1.0]])
    same(ad.logsigmoid(x).data, -np.log1p(np.exp(-x)), rtol=1e-14)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda x: ad.hardtanh(x, 1.0, -1.0), r"min_val=1.0 is above max_val=-1.0"),
        (lambda x: ad.hardtanh(x, min_val=2.0), r"min_val=2.0 is above max_val=1.0"),
        (lambda x: ad.softshrink(x, -0.5), r"lambd=-0.5 would move it away"),
        (lambda x: ad.celu(x, alpha=0.0), r"alpha=0 was given"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(call: Any, said: str) -> None:
    for x in (0.3, ad.Value(0.3), np.ones(2), ad.Tensor([0.3], requires_grad=True)):
        with pytest.raises(ValueError, match=said):
            call(x)
    with pytest.raises(ValueError, match=said):
        ad.grad(lambda v: ad.sum(call(v)))(np.ones(2))
