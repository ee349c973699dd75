"""Derivatives in float32 keep their digits, from 1e-4 to 1e6: each against float64."""

from __future__ import annotations

import numpy as np
import pytest

from autodiff.backends.arrays import arrays
from autodiff.backends.kernels import SPECIAL_FUNCTIONS
from autodiff.ops import Elementwise
from autodiff.ops.parameters import keyword_parameters
from autodiff.writers.kernels import make_kernel
from tests.autodiff.table.elementwise_samples import DIFFERENTIABLE, title

RELATIVE = 5e-6
ABSOLUTE = {
    # Written in terms of the result, as the textbook has them: 1 - y² of a y that rounds to 1.
    "sigmoid": 1e-7,
    "tanh": 2e-7,
    # Differences of two functions that approach each other.
    "gelu_tanh": 1e-6,
    "i0e": 1e-7,
    "i1e": 1e-7,
    # The angle πx is rounded first.
    "sinc": 5e-7,
}
OTHER = {"erfcx": 1e-4, "log_ndtr": 2e-5, "gelu": 2e-5, "ndtr": 2e-5, "logaddexp2": 2e-5}
LEFT_OUT = {"where"} | {
    name for name in SPECIAL_FUNCTIONS if not name.startswith(("erf", "i0e", "i1e"))
}
SIZES = np.concatenate([np.logspace(-4, 6, 41), [5.0, 8.0, 9.0, 12.0, 15.0, 20.0, 50.0, 80.0]])
POINTS = np.unique(np.concatenate([-SIZES, SIZES]).astype(np.float32))


def grids(arity: int) -> list[np.ndarray]:
    if arity == 1:
        return [POINTS]
    few = POINTS[:: 2 if arity == 2 else 9]
    made = [g.ravel() for g in np.meshgrid(*[few] * arity, indexing="ij")]
    if arity == 2:
        # And pairs that lie close together.
        beside = [few * np.float32(1.001), few + np.float32(1.5), few]
        made = [np.concatenate([made[0], *[few] * 3]), np.concatenate([made[1], *beside])]
    return made


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("entry", [e for e in DIFFERENTIABLE if e.name not in LEFT_OUT], ids=title)
def test_every_partial(entry: Elementwise) -> None:
    x = grids(entry.arity)
    wide = [op.astype(float) for op in x]
    params = keyword_parameters(entry)
    y, exact_y = entry.forward(arrays, *x, **params), entry.forward(arrays, *wide, **params)
    known = np.isfinite(exact_y) & (np.abs(exact_y) < 1e38)
    for i, partial in enumerate(entry.partials):
        kernel = make_kernel(entry, i)
        if kernel is None or not callable(partial):
            continue
        found = np.broadcast_to(kernel(np.ones_like(y), y, *x, **params), y.shape)
        exact = np.broadcast_to(partial(arrays, exact_y, *wide, **params), y.shape)
        assert found.dtype == np.float32
        size = np.abs(exact)
        good = known & np.isfinite(exact) & (size < 1e37) & (size > 1e-34)
        error = np.abs(found - exact)[good]
        if entry.name in ABSOLUTE:
            assert np.max(error) < ABSOLUTE[entry.name]
        else:
            assert np.max(error / size[good], initial=0) < OTHER.get(entry.name, RELATIVE)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("entry", DIFFERENTIABLE, ids=title)
def test_a_nan_comes_out_as_one(entry: Elementwise) -> None:
    for i in range(entry.arity):
        x = [np.array([(d.low + d.high) / 2]) for d in entry.domains]
        if entry.name == "where":
            x[0] = np.array([i == 1])
        if entry.name == "power":
            x[1] = np.array([1.5])
        if (entry.name, i) != ("where", 0):
            x[i] = np.array([np.nan])
            assert np.isnan(entry.forward(arrays, *x, **keyword_parameters(entry))).all()
