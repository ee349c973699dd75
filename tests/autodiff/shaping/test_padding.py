"""Borders in all of NumPy's modes: values, and gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.backends.arrays import arrays
from tests.autodiff.reference import normal, same
from tests.sampled import sampled

X, ROW = normal((3, 4), (3,))
CASES: list[tuple[Any, dict[str, Any]]] = [
    (1, {"mode": "edge"}),
    (((2, 1), (0, 3)), {"mode": "reflect"}),
    (7, {"mode": "reflect"}),
    (((2, 1), (0, 3)), {"mode": "symmetric"}),
    (5, {"mode": "wrap"}),
    ((1, 2), {"mode": "reflect", "reflect_type": "odd"}),
    ((3, 0), {"mode": "symmetric", "reflect_type": "odd"}),
    ((0, 9), {"mode": "reflect", "reflect_type": "odd"}),
    (7, {"mode": "symmetric", "reflect_type": "odd"}),
    ((2, 3), {"mode": "linear_ramp"}),
    (((2, 0), (1, 3)), {"mode": "linear_ramp", "end_values": ((5.0, -4.0), (0.5, 2.0))}),
    (((2, 0), (1, 3)), {"mode": "constant", "constant_values": ((5.0, -4.0), (0.5, 2.0))}),
    (2, {"mode": "constant", "constant_values": (1.0, 2.0)}),
    *(
        (((2, 1), (1, 3)), {"mode": mode, "stat_length": length})
        for mode in ("maximum", "mean", "median", "minimum")
        for length in (None, 2, ((1, 3), (2, 9)))
    ),
]


@pytest.mark.parametrize(("width", "options"), CASES)
def test_value_and_gradients(width: Any, options: dict[str, Any]) -> None:
    same(np.pad(ad.Tensor(X), width, **options).data, np.pad(X, width, **options), 1e-13, 1e-14)
    same(ad.pad(ROW, 2, **_for_row(options)).data, np.pad(ROW, 2, **_for_row(options)), 1e-13)
    assert ad.gradcheck(lambda x: ad.square(ad.pad(x, width, **options)), X)


@pytest.mark.parametrize(("width", "options"), sampled(CASES, 5))
def test_second_derivatives(width: Any, options: dict[str, Any]) -> None:
    assert ad.gradcheck(lambda x: ad.square(ad.pad(x, width, **options)), X, order=2)


def _for_row(options: dict[str, Any]) -> dict[str, Any]:
    return {k: v[0] if isinstance(v, tuple) and k != "mode" else v for k, v in options.items()}


@pytest.mark.parametrize("mode", ["constant", "linear_ramp"])
def test_what_a_border_is_made_of_has_gradients(mode: str) -> None:
    name = "constant_values" if mode == "constant" else "end_values"
    for values in (np.array([0.5, 2.0]), np.array([[1.0, 2.0], [3.0, 4.0]])):
        assert ad.gradcheck(
            lambda x, v: ad.square(ad.pad(x, ((2, 1), (0, 3)), mode, **{name: v})),
            X,
            values,
            order=2,
        )


def test_widths_by_axis() -> None:
    expected = np.pad(X, ((0, 0), (1, 2)), "edge")
    same(ad.pad(X, {-1: (1, 2)}, "edge").data, expected)
    same(ad.pad(X, {0: 2}).data, np.pad(X, ((2, 2), (0, 0))))
    same(ad.pad(X, 0, "mean").data, X)


@pytest.mark.parametrize("mode", ["mean", "linear_ramp", "edge", "median"])
def test_types(mode: str) -> None:
    whole = np.array([[1, 5, 2], [7, 3, 3]])
    found = ad.pad(whole, 2, mode)
    same(found.data, np.pad(whole, 2, mode))
    assert found.dtype == whole.dtype
    assert ad.pad(X.astype(np.float32), 2, mode).dtype == np.float32
    if mode != "median":
        z = X + 1j * X[::-1]
        same(ad.pad(z, 2, mode).data, np.pad(z, 2, mode), 1e-13)


def test_what_does_not_fit_is_explained() -> None:
    for options, message in [
        ({"mode": "cubic"}, "knows the modes constant, edge, .*not 'cubic'"),
        ({"mode": "mean", "end_values": 1}, "end_values= with the mode 'mean', which takes stat"),
        ({"mode": "wrap", "stat_length": 1}, "which takes no option"),
        ({"mode": "reflect", "reflect_type": "square"}, "give 'even' or 'odd'"),
    ]:
        with pytest.raises(ValueError, match=message):
            ad.pad(X, 1, **options)
    with pytest.raises(ad.ShapeError, match="no elements to take it of"):
        ad.pad(X, 1, "maximum", stat_length=0)
    with pytest.raises(ad.ShapeError, match="of length 0"):
        ad.pad(np.zeros((0, 2)), 1, "linear_ramp")


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "complex128", "bool"])
@pytest.mark.parametrize(
    ("shape", "width"),
    [((3,), ((1, 2),)), ((2, 3), ((0, 1), (2, 0))), ((2, 0, 3), ((1, 1), (0, 2), (0, 0)))],
)
@pytest.mark.parametrize("order", ["C", "F"])
def test_the_border_of_the_namespace_is_numpys(
    dtype: str, shape: tuple[int, ...], width: tuple[tuple[int, int], ...], order: str
) -> None:
    x = np.asarray(np.random.default_rng(0).normal(size=shape) * 3, dtype, order=order)  # type: ignore[call-overload]
    for value in (0.0, 1.5):
        wanted = np.pad(x, width, constant_values=value)
        found = arrays.pad(x, width, constant_values=value)
        assert found.dtype == wanted.dtype
        assert found.flags.f_contiguous == wanted.flags.f_contiguous
        np.testing.assert_array_equal(found, wanted)
    for other in (1, (1, 2), ((1, 2),)):
        np.testing.assert_array_equal(arrays.pad(x, other), np.pad(x, other))
