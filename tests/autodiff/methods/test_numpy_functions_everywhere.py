"""NumPy's functions in compiled steps, under vmap and in forward mode: as in ordinary code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import normal, same

A, B, DIRECTION = normal((3, 4), (3, 4), (3, 4))
(W,) = np.abs(normal((3, 4), seed=9))
P = np.array([0.0, 0.3, 1.0, 1.2])
S = np.array([0.0, 2.0, 1.0, 5.0])


def gaps(x: Any) -> Any:
    return ad.where(x > 0.5, np.nan, x)


def squares(row: Any) -> Any:
    return row[:2] * row[1]


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "nansum": lambda x: ad.nansum(gaps(x), 1),
    "nanprod": lambda x: ad.nanprod(gaps(x), 1),
    "nancumsum": lambda x: ad.nancumsum(gaps(x), 1),
    "nanmean": lambda x: ad.nanmean(gaps(x), 1),
    "nanstd": lambda x: ad.nanstd(gaps(x), 1),
    "nanmax": lambda x: ad.nanmax(gaps(x), 1),
    "nanargmax": lambda x: x[0, ad.nanargmax(gaps(x))[None] % 4],
    "nan_to_num": lambda x: ad.nan_to_num(gaps(x)),
    "median": lambda x: ad.median(x, 1),
    "nanmedian": lambda x: ad.nanmedian(gaps(x), 1),
    "quantile": lambda x: ad.quantile(x, [0.3, 0.7], 1),
    "weighted quantile": lambda x: ad.quantile(x, 0.3, 1, method="inverted_cdf", weights=W[0]),
    "average": lambda x: ad.average(x, 1, W),
    "average by weights": lambda x: ad.average(W, 1, x * x),
    "ptp": lambda x: ad.ptp(x, 1),
    "cov": lambda x: ad.cov(x),
    "corrcoef": lambda x: ad.corrcoef(x),
    "diagonal": lambda x: ad.diagonal(x, 1),
    "diag": lambda x: ad.diag(x[0]),
    "diag_embed": lambda x: ad.diag_embed(x),
    "trace": lambda x: ad.trace(x),
    "ediff1d": lambda x: ad.ediff1d(x),
    "gradient": lambda x: ad.gradient(x, P, axis=1),
    "trapezoid": lambda x: ad.trapezoid(x, P),
    "unwrap": lambda x: ad.unwrap(5 * x),
    "interp": lambda x: ad.interp(x, P, S),
    "interp of samples": lambda x: ad.interp(W, P, x[0]),
    "interp at places": lambda x: ad.interp(W, ad.cumsum(x[0] * x[0]), P),
    "interp with a period": lambda x: ad.interp(x, P, P, period=2.0),
    "convolve": lambda x: ad.convolve(x[0], x[1]),
    "correlate": lambda x: ad.correlate(x[0], x[1], "same"),
    "hstack": lambda x: ad.hstack([x, x]),
    "block": lambda x: ad.block([[x, x], [x, 2 * x]]),
    "array_split": lambda x: ad.array_split(x, 3, 1)[0],
    "rot90": lambda x: ad.rot90(x),
    "vander": lambda x: ad.vander(x[0]),
    "unflatten": lambda x: ad.unflatten(x, 1, (2, 2)),
    "insert": lambda x: ad.insert(x, [0, 2], 1.0, 1),
    "delete": lambda x: ad.delete(x, 1, 0),
    "resize": lambda x: ad.resize(x, (5, 4)),
    "apply_along_axis": lambda x: ad.apply_along_axis(squares, 1, x),
    "apply_over_axes": lambda x: ad.apply_over_axes(ad.sum, x, (0, 1)),
    "vectorize": lambda x: ad.vectorize(lambda a: a * a)(x),
    "geomspace": lambda x: ad.geomspace(x[0] * x[0] + 1, 5.0, 4),
    "logspace": lambda x: ad.logspace(x[0], 1.0, 4),
    "renorm": lambda x: ad.renorm(x, 2, 0, 1.0),
    "sort": lambda x: x.sort(1),
    "take": lambda x: x.take([0, 1], 1),
    **{
        f"pad {mode}": (lambda x, mode=mode: ad.pad(x, ((1, 2), (0, 1)), mode))
        for mode in "edge reflect wrap mean median maximum linear_ramp".split()
    },
}
each = pytest.mark.parametrize("name", FUNCTIONS)


def value(function: Callable[[Any], Any], x: Any) -> Any:
    return function(ad.Tensor(x)).data


@each
def test_in_a_compiled_step(name: str) -> None:
    function = FUNCTIONS[name]
    shift = ad.Tensor(np.zeros((3, 4)), requires_grad=True)

    def step(x: Any) -> Any:
        shift.zero_grad()
        y = function(x + shift)
        ad.sum(ad.square(y)).backward()
        return y

    compiled = ad.compile(step)
    for x in (A, B, A):
        expected, gradient = step(x), shift.grad
        found = compiled(x)
        same(found.data, expected.data, 1e-12, 1e-14)
        same(shift.grad, gradient, 1e-10, 1e-12)


@each
def test_of_every_example_of_a_batch(name: str) -> None:
    function = FUNCTIONS[name]
    found = ad.vmap(function)(ad.Tensor(np.stack([A, B])))
    same(found.data, np.stack([value(function, A), value(function, B)]), 1e-12, 1e-13)


@each
def test_in_forward_mode(name: str) -> None:
    function = FUNCTIONS[name]
    y, tangent = ad.jvp(function, (ad.Tensor(A),), (ad.Tensor(DIRECTION),))
    same(y.data, value(function, A), 1e-13)
    h = 1e-6
    slope = value(function, A + h * DIRECTION) - value(function, A - h * DIRECTION)
    same(tangent.data, slope / (2 * h), 1e-5, 1e-6)


@each
def test_in_single_precision(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for constant in "PSW":
        given = globals()[constant]
        monkeypatch.setitem(globals(), constant, given.astype(np.float32))
    x = ad.Tensor(A.astype(np.float32), requires_grad=True)
    y = FUNCTIONS[name](x)
    assert y.dtype == np.float32
    ad.sum(y).backward()
    assert x.grad.dtype == np.float32
    whole = FUNCTIONS[name](ad.Tensor(np.arange(12).reshape(3, 4) % 5))
    assert not whole.requires_grad
