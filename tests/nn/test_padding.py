"""Borders: PyTorch's results for every mode, gradients, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

X = np.random.default_rng(2).standard_normal((2, 3, 4, 5))
CASES: list[tuple[Any, str, float | None]] = [
    ((1, 2), "constant", None),
    ((1, 0, 2, 3), "constant", 1.5),
    ((-1, 2, 0, -2), "constant", 0.5),
    ((0, 0, 0, 0, 1, -1), "constant", None),
    ((1, 2, 3, 0), "reflect", None),
    ((4, 4), "reflect", None),
    ((1, 2, 3, 0), "replicate", None),
    ((7, 9, 0, -2), "replicate", None),
    ((5, 2, 1, 4), "circular", None),
    ((-1, 3), "circular", None),
]


@pytest.mark.parametrize(("widths", "mode", "value"), CASES)
def test_borders_are_those_of_torch(widths: Any, mode: str, value: float | None) -> None:
    torch = pytest.importorskip("torch")
    x = X if len(widths) != 2 or mode == "constant" else X[0]
    mine, theirs = ad.Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    y = nn.functional.pad(mine, widths, mode, value)
    z = torch.nn.functional.pad(theirs, widths, mode, value)
    np.testing.assert_array_equal(y.data, z.detach().numpy())
    w = np.cos(np.arange(y.size)).reshape(y.shape)
    ad.sum(y * w).backward()
    (z * torch.tensor(w)).sum().backward()
    np.testing.assert_allclose(mine.grad, theirs.grad.numpy(), rtol=1e-12, atol=1e-14)


def test_a_single_number_is_for_both_ends_of_the_last_axis() -> None:
    assert nn.functional.pad([1.0, 2.0], 1, value=9.0).tolist() == [9.0, 1.0, 2.0, 9.0]
    assert nn.functional.pad(np.array([1, 2]), (0, 1)).dtype.kind == "i"


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: nn.functional.pad(X, (1, 1), "wrap"), ValueError, "not 'wrap'"),
        (lambda: nn.functional.pad(X, (1, 1), "reflect", 2.0), ValueError, "'constant' only"),
        (lambda: nn.functional.pad(X, (1, 1, 1)), ad.ShapeError, r"give pairs \(before, after\)"),
        (lambda: nn.functional.pad(X[0, 0, 0], (1,) * 4), ad.ShapeError, "no more axes"),
        (lambda: nn.functional.pad(X, (5, 0), "reflect"), ad.ShapeError, "at most 4 with"),
        (lambda: nn.functional.pad(X, (0, 6), "circular"), ad.ShapeError, "at most 5 with"),
        (lambda: nn.functional.pad(X, (-3, -3)), ad.ShapeError, "no negative length"),
        (lambda: nn.functional.pad(X[..., :0], (1, 1), "replicate"), ad.ShapeError, r"\(1, 1\)"),
    ],
)
def test_what_does_not_fit_is_explained(call: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        call()
