"""The numbers of the special functions, over their whole ranges, beside SciPy's."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import same

INF, NAN = math.inf, math.nan
RNG = np.random.default_rng(12)


def spread(low: float, high: float, n: int = 400) -> Any:
    """Numbers of both signs that differ in size."""
    return RNG.choice([-1.0, 1.0], n) * 10 ** RNG.uniform(low, high, n)


POSITIVE = np.abs(spread(-12, 6))
NEAR = np.concatenate([1 + spread(-15, -1, 40), 2 + spread(-15, -1, 40), RNG.uniform(0, 12, 400)])
EDGES = np.array([0.0, -0.0, 1.0, 0.5, INF, NAN])
BELOW = np.array([-1.0, -2.0, -INF])

# name, operands, relative and absolute tolerance
RANGES: list[tuple[str, Any, float, float]] = [
    ("gamma", np.concatenate([RNG.uniform(-9.9, 171, 600), NEAR, EDGES]), 2e-14, 0.0),
    ("gamma", np.concatenate([RNG.uniform(-170, -10, 200), BELOW]), 2e-13, 0.0),
    ("gammaln", np.concatenate([POSITIVE, NEAR, EDGES]), 1e-14, 2e-15),
    ("gammaln", np.append(RNG.uniform(-100, 0, 300), BELOW[:2]), 1e-13, 1e-13),
    ("psi", np.concatenate([POSITIVE, NEAR, EDGES, [1.4616321449683622]]), 2e-14, 1e-17),
    ("psi", np.concatenate([RNG.uniform(-20, 0, 300), BELOW]), 1e-12, 1e-12),
    ("erfcx", np.concatenate([RNG.uniform(-26, 26, 300), POSITIVE, EDGES, BELOW]), 2e-13, 0.0),
    ("erfinv", np.concatenate([RNG.uniform(-1, 1, 300), spread(-300, 0), EDGES]), 1e-14, 0.0),
    (
        "erfcinv",
        np.concatenate([RNG.uniform(0, 1.5, 300), 10 ** RNG.uniform(-300, 0, 99)]),
        1e-13,
        0,
    ),
    # The counterpart rounds x/√2 before it is squared.
    ("ndtr", np.concatenate([RNG.uniform(-37, 9, 300), EDGES, BELOW]), 1e-12, 0.0),
    ("log_ndtr", np.concatenate([RNG.uniform(-40, 9, 300), -POSITIVE, EDGES[:-2]]), 1e-13, 0.0),
    ("ndtri", np.concatenate([RNG.uniform(0, 1, 300), 10 ** RNG.uniform(-300, 0, 99)]), 1e-13, 0.0),
    ("i0", np.concatenate([spread(-12, 2.8), EDGES[[0, 1, 2, -1]]]), 1e-14, 0.0),
    ("i1", np.concatenate([spread(-12, 2.8), EDGES[[0, 1, 2, -1]]]), 1e-14, 0.0),
    ("i0e", np.concatenate([spread(-12, 12), EDGES, BELOW]), 1e-14, 0.0),
    ("i1e", np.concatenate([spread(-12, 12), EDGES, BELOW]), 1e-14, 0.0),
    ("j0", np.concatenate([spread(-12, 2), EDGES[[0, 1, 2, -1]]]), 1e-13, 1e-15),
    ("j1", np.concatenate([spread(-12, 2), EDGES[[0, 1, 2, -1]]]), 1e-13, 1e-15),
    ("ndtri", np.array([0.0, 1.0, -0.1, 1.1, NAN]), 0.0, 0.0),
]


# From sums with 40 digits.
EXACT: list[tuple[str, tuple[float, ...], float]] = [
    ("j0", (2.404825557695773,), -6.10876525973673e-17),
    ("j1", (7.015586669815619,), 2.825339409478929e-17),
    ("j0", (1000000000.0,), 2.4687471886269195e-05),
    ("j1", (-8.25,), -0.2622035519927438),
    ("i0", (712.0,), 2.4684110577627523e307),
    ("i1", (-7.75,), -315.85248092400343),
    ("i1e", (100000.0,), 0.0012615615301218171),
    ("i0e", (2.5,), 0.27004644161220276),
    ("gammaln", (1.0000152587890625,), -8.807420580197905e-06),
    ("gammaln", (1.9999990463256836,), -4.0319826848018475e-07),
    ("erfcx", (-25.75,), 1.842531420776813e288),
    ("erfcx", (25.75,), 0.02189379029714581),
    ("betaln", (1000000.0, 3.5), -47.15331772552351),
    ("betaln", (30000000.0, 500000000.0), -115284850.46878923),
    ("digamma", (1.4616321449683622,), -9.241265521729427e-17),
    ("gamma", (171.5,), 9.4833675668248e307),
    ("gamma", (-170.5,), -3.3127395215386074e-308),
    ("log_ndtr", (-40.0,), -804.6084420137538),
    ("erfinv", (0.9999999999999991,), 5.686128441310391),
]


@pytest.mark.parametrize(("name", "x", "expected"), EXACT)
def test_exact_numbers(name: str, x: tuple[float, ...], expected: float) -> None:
    operands = [np.array([v]) for v in x]
    same(getattr(ad, name)(*operands).data, [expected], rtol=2e-15)
    same(getattr(ad, name)(*map(ad.Value, x)).data, expected, rtol=2e-15)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("name", "x", "rtol", "atol"), RANGES)
def test_one_operand(name: str, x: Any, rtol: float, atol: float) -> None:
    special = pytest.importorskip("scipy.special", reason="SciPy is what it is compared with")
    expected = getattr(special, name)(x)
    same(getattr(ad.special, name)(x).data, expected, rtol=rtol, atol=atol)
    for point, value in zip(x[-8:], expected[-8:], strict=True):
        same(getattr(ad.special, name)(ad.Value(point)).data, value, rtol=rtol, atol=atol)


@pytest.mark.parametrize("s", [1.5, 2.0, 3.0, 7.0, 30.0])
def test_zeta(s: float) -> None:
    special = pytest.importorskip("scipy.special", reason="SciPy is what it is compared with")
    q = np.concatenate([np.abs(spread(-3, 4)), NEAR[:80], [0.0, -1.0, INF, NAN]])
    same(ad.zeta(s, q).data, special.zeta(s, q), rtol=1e-13)
    same(ad.zeta(s).item(), special.zeta(s), rtol=1e-13)


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_polygamma(n: int) -> None:
    special = pytest.importorskip("scipy.special", reason="SciPy is what it is compared with")
    x = np.concatenate([np.abs(spread(-3, 4)), RNG.uniform(-8, 0, 100), [0.5, -1.0]])
    expected = special.polygamma(n, x)
    if n == 0:
        expected[-1] = NAN
    same(ad.polygamma(n, x).data, expected, rtol=1e-12, atol=1e-12)
    y = ad.polygamma(n, ad.Value(1.5))
    y.backward()
    assert isinstance(y, ad.Value)


def test_beta() -> None:
    special = pytest.importorskip("scipy.special", reason="SciPy is what it is compared with")
    a, b = np.abs(spread(-3, 1.4)), np.abs(spread(-3, 1.4))
    same(ad.beta(a, b).data, special.beta(a, b), rtol=1e-12)
    same(ad.beta(-a, b).data, special.beta(-a, b), rtol=1e-9)
    a, b = np.abs(spread(-3, 8)), np.abs(spread(-3, 8))
    same(ad.betaln(a, b).data, special.betaln(a, b), rtol=1e-7, atol=1e-6)
    same(ad.betaln([0.0, 1.0], [1.0, NAN]).data, [INF, NAN])
    same(ad.multigammaln(a[:50] + 2, 3).data, special.multigammaln(a[:50] + 2, 3), rtol=1e-12)


def test_identities() -> None:
    """What holds without another library."""
    x = np.linspace(0.1, 9.0, 90)
    same(ad.gamma(x + 1).data, x * ad.gamma(x).data, rtol=2e-14)
    same(ad.gamma(np.arange(1.0, 20)).data, [math.factorial(n) for n in range(19)], rtol=1e-14)
    same(ad.digamma(x + 1).data, ad.digamma(x).data + 1 / x, rtol=1e-13, atol=1e-14)
    same(ad.zeta(2.0).item(), math.pi**2 / 6, rtol=1e-15)
    same(ad.zeta(4.0).item(), math.pi**4 / 90, rtol=1e-15)
    same(ad.polygamma(1, 0.5).item(), math.pi**2 / 2, rtol=1e-14)
    same(ad.erfinv(ad.erf(x / 4)).data, x / 4, rtol=1e-12)
    same(ad.ndtri(ad.ndtr(-x)).data, -x, rtol=1e-13)
    same(ad.beta(x, 1.0).data, 1 / x, rtol=1e-13)
    same(ad.betaln(1e10, 2.0).item(), -math.log(1e10) - math.log(1e10 + 1), rtol=1e-15)


def slope(f: Callable[[Any], Any], x: float) -> float:
    return float(ad.grad(f)(x))


def test_derivatives_far_out() -> None:
    same(slope(ad.log_ndtr, -1e6), 1e6, rtol=1e-11)
    same(slope(ad.log_ndtr, 50.0), 0.0)
    same(slope(ad.log_ndtr, -INF), INF)
    for x in (11.9, 12.1, 1e3, 1e150):
        # 2x·erfcx(x) - 2/√π by the continued fraction of erfcx.
        f = 0.0
        for k in range(400, 0, -1):
            f = 0.5 * k / (x + f)
        same(slope(ad.erfcx, x), -2 / math.sqrt(math.pi) * f / (x + f), rtol=2e-13)
    same(slope(ad.gammaln, -0.5), math.log(1) + 0.03648997397857652, rtol=1e-13)
    same(slope(ad.erfinv, 0.0), math.sqrt(math.pi) / 2)
    same(slope(ad.ndtri, 0.0), INF)


def test_derivatives_of_bessel_functions_at_zero() -> None:
    expected = {
        "i0": (0.0, 0.5, 0.0),
        "i1": (0.5, 0.0, 0.375),
        "j0": (0.0, -0.5, 0.0),
        "j1": (0.5, 0.0, -0.375),
        "i0e": (0.0, 0.5, 0.0),
    }
    for name, orders in expected.items():
        f = getattr(ad, name)
        for wanted in orders[: 1 if name == "i0e" else 3]:
            f = ad.grad(f)
            assert f(0.0) == pytest.approx(wanted, abs=1e-14), name
    assert ad.j0(INF).item() == ad.j1(-INF).item() == 0.0
    assert ad.i0(-INF).item() == -ad.i1(-INF).item() == INF
    same(np.i0(ad.Tensor(np.array([1.5]))).data, np.i0(1.5).reshape(1), rtol=1e-14)


def test_where_the_series_of_the_bessel_functions_end() -> None:
    for name in ("i1", "j1", "i1e"):
        f = getattr(ad, name)
        for tolerance in (1e-13, 1e-12, 1e-10):
            f = ad.grad(f)
            assert f(0.5 - 1e-16) == pytest.approx(f(0.5 + 1e-15), rel=tolerance), name


@pytest.mark.parametrize("name", ["gamma", "digamma", "erfcx", "i1e", "j0"])
def test_large_arrays_are_those_of_their_parts(name: str) -> None:
    x = np.random.default_rng(4).uniform(-9.5, 20.0, (3, 5, 1201))
    function = getattr(ad, name)
    whole = function(x).data
    assert whole.shape == x.shape
    for part, row in zip(whole, x, strict=True):
        same(part, function(row).data, rtol=0)
    same(function(x.transpose()).data, whole.transpose(), rtol=1e-15)
    assert function(x[:, :0]).shape == (3, 0, 1201)


def test_single_precision() -> None:
    for name in ("gamma", "gammaln", "digamma", "erfcx", "erfinv", "ndtri", "log_ndtr", "i1", "j0"):
        x = np.array([0.25, 0.5, 0.75], np.float32)
        y = getattr(ad, name)(x)
        assert y.dtype == np.float32
        same(y.data, getattr(ad, name)(x.astype(np.float64)).data, rtol=1e-6)


def test_errors_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="n=-1"):
        ad.polygamma(-1, 1.0)
    with pytest.raises(ValueError, match=r"s=1\.0"):
        ad.zeta(1.0, 2.0)
    with pytest.raises(TypeError, match="no derivative by s"):
        ad.zeta(ad.Value(2.0), 2.0)
    with pytest.raises(ValueError, match="d=0"):
        ad.multigammaln(1.0, 0)
    with pytest.raises(ad.NonDifferentiableError, match="'gammaln' was given complex"):
        ad.gammaln(np.array([1j]))
