"""Pooling at irregular steps: PyTorch's results, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.images.test_pooling import normal
from tests.autodiff.reference import leaves, pull, same, weights

CASES: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((2, 3, 9, 7), {"kernel_size": 2, "output_size": (5, 4)}),
    ((2, 3, 9, 7), {"kernel_size": (3, 2), "output_ratio": (0.5, 0.7)}),
    ((1, 2, 6, 6), {"kernel_size": 3, "output_size": 1}),
    ((2, 2, 6, 7, 5), {"kernel_size": 2, "output_size": (4, 3, 3)}),
    ((1, 2, 8, 8, 8), {"kernel_size": (1, 2, 3), "output_ratio": 0.5}),
]


@pytest.mark.parametrize(("shape", "settings"), CASES)
def test_irregular_windows_are_those_of_torch(shape: Any, settings: dict[str, Any]) -> None:
    torch = pytest.importorskip("torch")
    n = len(shape) - 2
    x, draws = normal(shape), np.random.default_rng(3).random((*shape[:2], n))
    (leaf,) = leaves([x])
    name = f"fractional_max_pool{n}d"
    y, places = getattr(ad, name)(leaf, **settings, return_indices=True, _random_samples=draws)
    theirs = torch.tensor(x, requires_grad=True)
    z, expected = getattr(torch.nn.functional, name)(
        theirs, **settings, return_indices=True, _random_samples=torch.tensor(draws)
    )
    same(y.data, z.detach().numpy())
    same(places.data, expected.numpy())
    z.backward(torch.tensor(weights(y.shape)))
    same(pull(y, [leaf])[0], theirs.grad.numpy(), rtol=1e-13, atol=1e-15)


def test_steps_are_drawn_from_a_generator_and_cover_the_ends() -> None:
    x = np.arange(81.0).reshape(1, 9, 9)
    ys = [ad.fractional_max_pool2d(x, 2, 5, rng=np.random.default_rng(k)).data for k in range(20)]
    again = ad.fractional_max_pool2d(x, 2, 5, rng=np.random.default_rng(0)).data
    same(ys[0], again)
    assert len({y.tobytes() for y in ys}) > 1
    assert all(y[0, -1, -1] == 80 and y[0, 0, 0] == 10 for y in ys)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({}, ValueError, "give one of the two"),
        ({"output_size": 5}, ad.ShapeError, r"windows of \(2, 2\) at \(5, 5\) places"),
        ({"output_ratio": 1.5}, ValueError, "a number between 0 and 1"),
        ({"output_ratio": (0.5,)}, ValueError, "or 2 of them"),
        ({"output_size": 2, "_random_samples": [0.5]}, ad.ShapeError, r"must be \(1, 2, 2\)"),
    ],
)
def test_what_does_not_fit_is_explained(settings: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        ad.fractional_max_pool2d(normal((1, 2, 5, 5)), 2, **settings)


def test_no_samples_give_no_results() -> None:
    (x,) = leaves([np.zeros((0, 2, 5, 5))])
    y, places = ad.fractional_max_pool2d(x, 2, 3, return_indices=True)
    assert y.shape == places.shape == (0, 2, 3, 3)
    assert pull(y, [x])[0].shape == x.shape


def test_complex_numbers_are_refused() -> None:
    with pytest.raises(ad.NonDifferentiableError, match="no largest one"):
        ad.fractional_max_pool2d(np.ones((1, 3, 3)) * 1j, 2, 2)
