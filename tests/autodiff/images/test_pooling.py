"""Pooling and unfolding: PyTorch's results, ties, second order, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.reference import differentiate, leaves, pull, same, weights

SHAPES = {1: (2, 3, 9), 2: (2, 3, 7, 6), 3: (1, 2, 5, 6, 4)}
MAX: list[tuple[int, dict[str, Any]]] = [
    (1, {"kernel_size": 3}),
    (1, {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    (1, {"kernel_size": 2, "stride": 3, "dilation": 2, "ceil_mode": True}),
    (2, {"kernel_size": 2}),
    (2, {"kernel_size": (3, 2), "stride": (1, 2), "padding": (1, 0)}),
    (2, {"kernel_size": 3, "stride": 2, "padding": 1, "dilation": (1, 2), "ceil_mode": True}),
    (3, {"kernel_size": 2, "ceil_mode": True}),
    (3, {"kernel_size": (2, 3, 1), "stride": 1, "padding": (1, 1, 0)}),
]
AVERAGE: list[tuple[int, dict[str, Any]]] = [
    (1, {"kernel_size": 3}),
    (1, {"kernel_size": 4, "stride": 3, "padding": 2, "ceil_mode": True}),
    (1, {"kernel_size": 2, "padding": 1, "count_include_pad": False}),
    (2, {"kernel_size": 2}),
    (2, {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    (
        2,
        {
            "kernel_size": (3, 4),
            "stride": 3,
            "padding": 1,
            "ceil_mode": True,
            "count_include_pad": False,
        },
    ),
    (2, {"kernel_size": 3, "stride": 1, "padding": 1, "divisor_override": 5}),
    (3, {"kernel_size": 2, "stride": 1, "padding": 1, "count_include_pad": False}),
    (3, {"kernel_size": (3, 2, 3), "ceil_mode": True, "padding": 1}),
]


def normal(shape: tuple[int, ...], seed: int = 1) -> Any:
    return np.random.default_rng(seed).standard_normal(shape)


def compare(name: str, x: Any, *args: Any, **settings: Any) -> None:
    """Value and gradient against PyTorch's function of the same name."""
    torch = pytest.importorskip("torch")
    (node,) = leaves([x])
    y = getattr(ad, name)(node, *args, **settings)
    theirs = torch.tensor(x, requires_grad=True)
    z = getattr(torch.nn.functional, name)(theirs, *args, **settings)
    same(y.data, z.detach().numpy(), rtol=1e-12, atol=1e-14)
    z.backward(torch.tensor(weights(y.shape)))
    same(pull(y, [node])[0], theirs.grad.numpy(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(("n", "settings"), MAX)
def test_max_pool_is_that_of_torch(n: int, settings: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    for shape in (SHAPES[n], SHAPES[n][1:]):
        x = normal(shape)
        compare(f"max_pool{n}d", x, **settings)
        y, places = getattr(ad, f"max_pool{n}d")(x, **settings, return_indices=True)
        theirs = getattr(torch.nn.functional, f"max_pool{n}d")(
            torch.tensor(x), **settings, return_indices=True
        )
        same(places.data, theirs[1].numpy())
        flat = x.reshape(*x.shape[:-n], -1)
        taken = np.take_along_axis(flat, places.data.reshape(*flat.shape[:-1], -1), -1)
        same(taken.reshape(y.shape), y.data)


@pytest.mark.parametrize(("n", "settings"), AVERAGE)
def test_avg_pool_is_that_of_torch(n: int, settings: dict[str, Any]) -> None:
    if n == 1:
        assert "divisor_override" not in settings
    for shape in (SHAPES[n], SHAPES[n][1:]):
        compare(f"avg_pool{n}d", normal(shape), **settings)


@pytest.mark.parametrize(
    "settings",
    [
        {"kernel_size": 2},
        {"kernel_size": (3, 2), "stride": (2, 3)},
        {"kernel_size": 3, "padding": (1, 2), "dilation": (2, 1)},
    ],
)
def test_unfold_and_fold_are_those_of_torch(settings: dict[str, Any]) -> None:
    for x in (normal((2, 3, 7, 6)), normal((3, 7, 6))):
        compare("unfold", x, **settings)
        columns = normal(ad.unfold(x, **settings).shape, 2)
        compare("fold", columns, (7, 6), **settings)


@pytest.mark.parametrize(("n", "kernel"), [(1, (3,)), (3, (2, 1, 2))])
def test_fold_is_the_transpose_of_unfold(n: int, kernel: tuple[int, ...]) -> None:
    x = normal(SHAPES[n])
    setting = {"kernel_size": kernel, "stride": 2, "padding": 1}
    columns = ad.unfold(x, **setting)
    g = weights(columns.shape)
    back = ad.fold(g, SHAPES[n][2:], **setting)
    same(np.sum(columns.data * g), np.sum(x * back.data), rtol=1e-12)
    assert ad.gradcheck(lambda v: ad.unfold(v, **setting), x)
    assert ad.gradcheck(lambda v: ad.fold(v, SHAPES[n][2:], **setting), g)


@pytest.mark.parametrize(
    ("shape", "window", "axis"),
    [
        ((5,), 2, None),
        ((4, 5), (2, 3), None),
        ((4, 5, 3), 2, 1),
        ((4, 5, 3), (2, 1), (-1, 0)),
        ((6, 2), (2, 3), (0, 0)),
    ],
)
def test_windows_lie_as_in_numpy(shape: Any, window: Any, axis: Any) -> None:
    x = normal(shape)
    numpys = np.lib.stride_tricks.sliding_window_view
    same(ad.sliding_window_view(x, window, axis).data, numpys(x, window, axis))
    same(numpys(ad.Tensor(x), window, axis).data, numpys(x, window, axis))  # type: ignore[arg-type,attr-defined]
    assert ad.gradcheck(lambda v: ad.sliding_window_view(v, window, axis) ** 2, x)


def test_equal_largest_elements_share_the_gradient() -> None:
    (x,) = leaves([np.array([[[1.0, 1.0, 0.0], [1.0, 0.0, 1.0]]])])
    (g,) = pull(ad.max_pool2d(x, 2, stride=1), [x], np.array([[[6.0, 1.0]]]))
    same(g, [[[2.0, 2.5, 0.0], [2.0, 0.0, 0.5]]], rtol=1e-15)
    y, places = ad.max_pool2d(x, 2, stride=1, return_indices=True)
    assert places.tolist() == [[[0, 1]]]
    assert y.tolist() == [[[1.0, 1.0]]]


def test_a_window_of_nothing_but_minus_infinity_keeps_its_place_inside() -> None:
    y, places = ad.max_pool1d(np.full((1, 2), -np.inf), 3, 1, 1, return_indices=True)
    assert places.tolist() == [[0, 0]]
    assert np.all(y.data == -np.inf)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_an_infinite_gradient_goes_to_its_place_only(dtype: Any) -> None:
    (x,) = leaves([np.array([[1.0, 3.0, 2.0, 0.0]], dtype)])
    g = np.array([[np.inf, -2.0, -np.inf]], dtype)
    same(pull(ad.max_pool1d(x, 2, 1), [x], g)[0], [[0.0, np.inf, -np.inf, 0.0]])


def test_windows_with_nan_give_nothing_back() -> None:
    (x,) = leaves([np.array([[1.0, np.nan, 3.0, 0.0]])])
    same(pull(ad.max_pool1d(x, 2, 1), [x], np.ones((1, 3)))[0], [[0.0, 0.0, 1.0, 0.0]])


def test_equal_ones_share_also_where_another_window_has_none() -> None:
    (x,) = leaves([np.array([[1.0, np.nan, 3.0, 3.0]])])
    same(pull(ad.max_pool1d(x, 2), [x], np.ones((1, 2)))[0], [[0.0, 0.0, 0.5, 0.5]])


def test_nan_is_found_and_given() -> None:
    y, places = ad.max_pool1d([[1.0, np.nan, 3.0, 0.0]], 2, return_indices=True)
    same(y.data, [[np.nan, 3.0]])
    assert places.tolist() == [[1, 2]]


def test_same_padding_keeps_one_place_for_each_step() -> None:
    x = np.arange(5.0).reshape(1, 5)
    assert ad.max_pool1d(x, 3, 2, padding="same").tolist() == [[1.0, 3.0, 4.0]]
    assert ad.avg_pool1d(x, 3, 2, "same", count_include_pad=False).tolist() == [[0.5, 2.0, 3.5]]
    assert ad.avg_pool1d(x, 3, 2, "same").tolist() == [[1 / 3, 2.0, 7 / 3]]
    assert ad.max_pool1d(x, 2, padding="valid").tolist() == [[1.0, 3.0]]


def test_the_second_derivative_of_a_pooled_square() -> None:
    (x,) = leaves([normal((1, 2, 4, 4))])
    for pool in (ad.max_pool2d, ad.avg_pool2d):
        (g,) = differentiate(ad.sum(ad.square(pool(x, 3, 1, 1))), [x], np.float64(1.0))
        (second,) = pull(ad.sum(g * weights(x.shape)), [x], np.float64(1.0))
        h = 1e-5
        ends = []
        for sign in (1, -1):
            (moved,) = leaves([x.data + sign * h * weights(x.shape)])
            ends.append(pull(ad.sum(ad.square(pool(moved, 3, 1, 1))), [moved], np.float64(1.0))[0])
        same(second, (ends[0] - ends[1]) / (2 * h), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_dtypes_are_kept(dtype: Any) -> None:
    (x,) = leaves([normal((1, 2, 5, 5)).astype(dtype)])
    for y in (ad.max_pool2d(x, 3, 2, 1), ad.avg_pool2d(x, 3, 2, 1, True, False)):
        assert y.dtype == dtype
        assert pull(y, [x])[0].dtype == dtype


def test_integers_are_pooled_without_gradient() -> None:
    x = np.arange(4).reshape(1, 4) - 9
    assert ad.max_pool1d(x, 3, 1, 1).tolist() == [[-8, -7, -6, -6]]
    assert ad.avg_pool1d(x, 2).tolist() == [[-8.5, -6.5]]


def test_no_samples_give_no_results() -> None:
    (x,) = leaves([np.zeros((0, 2, 4, 4))])
    for y in (
        ad.max_pool2d(x, 2),
        ad.avg_pool2d(x, 2),
        ad.max_pool2d(x, 2, return_indices=True)[1],
    ):
        assert y.shape == (0, 2, 2, 2)
    assert pull(ad.max_pool2d(x, 2), [x])[0].shape == x.shape
    assert ad.unfold(x, 2).shape == (0, 8, 9)


def test_a_step_with_pooling_is_compiled() -> None:
    (w,) = leaves([normal((2, 4, 4)).astype(np.float32)])

    def step(batch: Any) -> Any:
        w.zero_grad()
        y = ad.avg_pool2d(ad.max_pool2d(batch * w, 3, 1, 1), 2)
        loss = ad.sum(ad.square(y))
        loss.backward()
        return loss

    x = normal((3, 2, 4, 4), 2).astype(np.float32)
    compiled = ad.compile(step)
    compiled(x)
    loss, g = compiled(2 * x), w.grad.copy()
    same(loss.data, step(2 * x).data, rtol=1e-6)
    same(g, w.grad, rtol=1e-5, atol=1e-6)
    assert "max_pool_input(" in compiled.source


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: ad.max_pool2d(x, 9), ad.ShapeError, "a kernel of 9, .* does not fit"),
        (lambda x: ad.max_pool1d(x, 2), ad.ShapeError, r"takes x of shape \(N, C, L\)"),
        (lambda x: ad.max_pool2d(x, 2, padding=2), ValueError, "at most half of that"),
        (lambda x: ad.max_pool2d(x, 2, padding="full"), ValueError, "not 'full'"),
        (lambda x: ad.max_pool2d(x, (2, 2, 2)), ValueError, r"kernel_size=\(2, 2, 2\)"),
        (lambda x: ad.max_pool2d(x * 1j, 2), ad.NonDifferentiableError, "complex numbers"),
        (lambda x: ad.avg_pool2d(x, 2, stride=0), ValueError, "stride=0"),
        (lambda x: ad.avg_pool2d(x, 2, divisor_override=0), ValueError, "divisor_override=0"),
        (lambda x: ad.sliding_window_view(x, 2), ad.ShapeError, "one length for each axis"),
        (lambda x: ad.sliding_window_view(x, 9, 3), ad.ShapeError, "does not fit"),
        (lambda x: ad.unfold(x, (1, 1, 1, 1)), ValueError, "one to three axes"),
        (lambda x: ad.fold(x[0], (4, 4), 2), ad.ShapeError, r"give a shape \(N, C·4, 9\)"),
        (lambda x: ad.fold(x[0], (1, 1), 2), ad.ShapeError, r"have 0 places"),
    ],
)
def test_what_does_not_fit_is_explained(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call(normal((1, 2, 5, 5)))
