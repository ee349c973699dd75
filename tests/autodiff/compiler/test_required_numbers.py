"""`require_finite`: a step ends where a number is not finite, recorded, compared and replayed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.errors import NonFiniteError
from autodiff.extending import require_finite


@pytest.mark.parametrize("calls", [0, 1, 2, 5])
def test_what_comes_later_is_not_done(calls: int) -> None:
    w = ad.Tensor([5.0, 6.0], requires_grad=True)

    def step(x: Any) -> Any:
        w.zero_grad()
        loss = ad.sum(w * x)
        loss.backward()
        require_finite(loss)
        w.data -= 0.5 * w.grad
        return loss

    compiled = ad.compile(step)
    x = np.ones(2, np.float32)
    for _ in range(calls):
        compiled(x)
    before = w.numpy()
    with pytest.raises(NonFiniteError, match=r"^inf$"):
        compiled(x * np.float32(np.inf))
    np.testing.assert_array_equal(w.numpy(), before)
    assert compiled(x).item() == before.sum()
    np.testing.assert_array_equal(w.numpy(), before - 0.5)


@pytest.mark.parametrize("bad", [np.nan, -np.inf])
def test_it_is_asked_of_all_numbers_and_within_vmap(bad: float) -> None:
    x = np.array([[1.0, 2.0], [3.0, bad]])
    require_finite(ad.Tensor(x[0]))
    for call in (lambda: require_finite(ad.Tensor(x)), lambda: require_finite(x[1, 1])):
        with pytest.raises(NonFiniteError, match=str(bad)) as caught:
            call()
        assert caught.value.phase == "required"

    def half(row: Any) -> Any:
        require_finite(row)
        return row / 2

    assert ad.vmap(half)(x[:1]).tolist() == [[0.5, 1.0]]
    with pytest.raises(NonFiniteError):
        ad.vmap(half)(x)
