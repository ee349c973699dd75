"""Special functions at 0, at infinity and outside their domains, as SciPy has them."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same

INF, NAN = math.inf, math.nan
LINE = np.array([-INF, -3.0, -1.0, -0.25, -0.0, 0.0, 1e-300, 1e-9, 0.25, 0.5, 1.0, 2.0, INF, NAN])


def _quiet(function: Callable[..., Any], *operands: Any) -> Any:
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*operands)


@pytest.mark.parametrize("name", ["entr", "exprel", "logit", "log_expit", "expit", "cbrt"])
def test_on_the_whole_line(name: str) -> None:
    special = pytest.importorskip("scipy.special", reason="SciPy is what it is compared with")
    found = _quiet(getattr(ad.special, name), LINE).data
    same(found, _quiet(getattr(special, name), LINE), rtol=1e-14)
    for x, y in zip(LINE, found, strict=True):
        same(_quiet(getattr(ad.special, name), ad.Value(x)).data, y, rtol=1e-14)


@pytest.mark.parametrize("name", ["xlogy", "xlog1py", "rel_entr", "kl_div"])
def test_on_the_whole_plane(name: str) -> None:
    special = pytest.importorskip("scipy.special", reason="SciPy is what it is compared with")
    finite = LINE[np.abs(LINE) != INF]
    a, b = (np.append(g, NAN) for g in (finite, finite))
    x, y = a[:, None], b[None, :]
    with np.errstate(all="ignore"):
        found = getattr(ad.special, name)(x, y).data
        same(found, getattr(special, name)(x, y), rtol=1e-13)


# function, where, the first and the second derivative there
AT: list[tuple[Callable[[Any], Any], float, float, float]] = [
    (ad.sinc, 0.0, 0.0, -(math.pi**2) / 3),
    (ad.exprel, 0.0, 0.5, 1 / 3),
    (ad.log_sigmoid, 0.0, 0.5, -0.25),
    (ad.log_sigmoid, -800.0, 1.0, 0.0),
    (ad.logit, 0.5, 4.0, 0.0),
    (ad.entr, 0.5, math.log(2) - 1, -2.0),
    (lambda x: ad.xlogy(x, 2.0), 0.0, math.log(2), 0.0),
    (lambda x: ad.xlogy(x, x), 0.0, 0.0, 0.0),
    (lambda x: ad.xlogy(x, 0.0), 0.0, 0.0, 0.0),
    (lambda y: ad.xlogy(0.0, y), 0.0, 0.0, 0.0),
    (lambda x: ad.xlogy(x, 1.0 + x), 0.0, 0.0, 2.0),
    (lambda x: ad.xlog1py(x, -1.0), 0.0, 0.0, 0.0),
    (lambda x: ad.xlog1py(x, x), 0.0, 0.0, 2.0),
    (lambda y: ad.rel_entr(0.0, y), 0.0, 0.0, 0.0),
    (lambda y: ad.rel_entr(0.0, y), 2.0, 0.0, 0.0),
    (lambda y: ad.kl_div(0.0, y), 2.0, 1.0, 0.0),
    (lambda x: ad.kl_div(x, 2.0), 2.0, 0.0, 0.5),
]


@pytest.mark.parametrize(("function", "at", "first", "second"), AT)
def test_derivatives_at_a_point(
    function: Callable[[Any], Any], at: float, first: float, second: float
) -> None:
    found = ad.grad(function)(at), ad.grad(ad.grad(function))(at)
    assert found == pytest.approx((first, second), rel=1e-14, abs=1e-15)
    x = ad.Tensor(np.array([at]), requires_grad=True)
    function(x).sum().backward(create_graph=True)
    g = x.grad
    assert isinstance(g, ad.Tensor)
    x.zero_grad()
    same(g.data, [first], rtol=1e-14, atol=1e-15)
    if g.requires_grad:
        g.sum().backward()
        same(x.grad, [second], rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("name", ["sinc", "exprel"])
def test_the_series_meets_the_formula(name: str) -> None:
    """First to third derivative on both sides of where one takes over."""
    function = getattr(ad, name)
    at = 0.25 if name == "sinc" else 0.1
    f = function
    for order, tolerance in ((1, 1e-13), (2, 1e-11), (3, 1e-9)):
        f = ad.grad(f)
        assert f(at * (1 - 1e-15)) == pytest.approx(f(at * (1 + 1e-15)), rel=tolerance), order


def test_the_names_of_scipy() -> None:
    assert set(dir(ad.special)) >= set(ad.special.__all__)
    for name in ("expit", "log_expit", "logsumexp", "softmax"):
        assert callable(getattr(ad.special, name))
    same(np.sinc(ad.Tensor(LINE[1:-2])).data, np.sinc(LINE[1:-2]), rtol=1e-14, atol=1e-16)
    same(np.degrees(ad.Tensor([math.pi])).data, [180.0])
    same(np.radians(ad.Tensor(np.array([180.0]))).data, [math.pi])


def test_the_divergence_of_distributions() -> None:
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.5, 0.25])
    logits = ad.Tensor(np.log(q), requires_grad=True)
    loss = ad.rel_entr(p, ad.softmax(logits)).sum()
    assert loss.item() == pytest.approx(0.5 * math.log(2))
    loss.backward()
    same(logits.grad, q - p, atol=1e-15)
