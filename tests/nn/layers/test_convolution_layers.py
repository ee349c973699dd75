"""Convolution layers: PyTorch's numbers for all settings, how they begin, what they refuse."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

RNG = np.random.default_rng(3)
SPACES = {1: (9,), 2: (7, 8), 3: (4, 5, 6)}

# kind, axes, arguments
CONVOLUTIONS: list[tuple[int, dict[str, Any]]] = [
    *((n, {}) for n in SPACES),
    *((n, {"stride": 2, "padding": 1, "dilation": 2, "bias": False}) for n in SPACES),
    *((n, {"groups": 2, "padding": "same"}) for n in SPACES),
    *(
        (n, {"padding": 2 if n < 3 else 1, "padding_mode": mode})
        for n, mode in itertools.product(SPACES, ("reflect", "replicate", "circular"))
    ),
    (1, {"padding": "valid", "padding_mode": "reflect"}),
    (2, {"padding": "same", "padding_mode": "circular", "dilation": (2, 1)}),
    (2, {"kernel_size": (2, 3), "padding": "same", "padding_mode": "reflect"}),
    (2, {"kernel_size": (1, 3), "stride": (2, 1), "padding": (0, 2)}),
    (2, {"groups": 4, "padding": 1}),
    (2, {"kernel_size": 1}),
    (3, {"kernel_size": (1, 3, 2), "stride": (1, 2, 1), "padding": (0, 1, 0)}),
]
TRANSPOSED: list[tuple[int, dict[str, Any]]] = [
    *((n, {}) for n in SPACES),
    *((n, {"stride": 2, "padding": 1, "output_padding": 1}) for n in SPACES),
    *((n, {"groups": 2, "dilation": 2, "bias": False}) for n in SPACES),
    (2, {"kernel_size": (2, 3), "stride": (3, 2), "padding": (0, 1), "output_padding": (2, 0)}),
    (2, {"groups": 4, "stride": 2}),
    (1, {"stride": 3, "output_padding": 1, "dilation": 2}),
]
CASES = [("Conv", *c) for c in CONVOLUTIONS] + [("ConvTranspose", *c) for c in TRANSPOSED]


def pair(torch: Any, name: str, arguments: dict[str, Any], dtype: str) -> tuple[Any, Any]:
    """A layer and PyTorch's, with the same numbers in both."""
    arguments = {"in_channels": 4, "out_channels": 8, "kernel_size": 3, **arguments}
    mine = getattr(nn, name)(**arguments, dtype=dtype, rng=0)
    theirs = getattr(torch.nn, name)(**arguments, dtype=getattr(torch, dtype))
    theirs.load_state_dict({k: torch.tensor(v) for k, v in mine.state_dict().items()})
    return mine, theirs


def compare(torch: Any, mine: Any, theirs: Any, x: Any, *more: Any) -> None:
    """Outputs, and gradients of the input and of all parameters."""
    a, b = ad.Tensor(x, requires_grad=True), torch.tensor(x, requires_grad=True)
    y, z = mine(a, *more), theirs(b, *more)
    assert y.dtype == x.dtype
    rtol = 1e-10 if x.dtype == np.float64 else 2e-4
    w = np.cos(np.arange(y.size)).reshape(y.shape).astype(x.dtype)
    np.testing.assert_allclose(y.data, z.detach().numpy(), rtol=rtol, atol=rtol)
    ad.sum(y * w).backward()
    (z * torch.tensor(w)).sum().backward()
    np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=rtol, atol=rtol * 10)
    for (name, p), q in zip(mine.named_parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=rtol, atol=rtol * 50, err_msg=name)


@pytest.mark.parametrize(("kind", "axes", "arguments"), CASES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_numbers_are_those_of_torch(
    kind: str, axes: int, arguments: dict[str, Any], dtype: str
) -> None:
    torch = pytest.importorskip("torch")
    mine, theirs = pair(torch, f"{kind}{axes}d", arguments, dtype)
    x = RNG.standard_normal((3, 4, *SPACES[axes])).astype(dtype)
    for given in (x, x[0], x[:0]):
        compare(torch, mine, theirs, given)


@pytest.mark.parametrize(("axes", "size"), [(1, (19,)), (2, (2, 8, 13, 16)), (3, (9, 12, 14))])
def test_the_size_of_a_transposed_convolution_is_chosen_in_the_call(axes: int, size: Any) -> None:
    torch = pytest.importorskip("torch")
    arguments = {"stride": 2, "padding": 1 if axes == 2 else 0}
    mine, theirs = pair(torch, f"ConvTranspose{axes}d", arguments, "float64")
    x = RNG.standard_normal((2, 4, *SPACES[axes]))
    compare(torch, mine, theirs, x, size)
