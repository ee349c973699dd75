"""NaN and infinities that forward mode makes, named where they arise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad

pytestmark = [
    pytest.mark.filterwarnings("ignore:divide by zero"),
    pytest.mark.filterwarnings("ignore:invalid value"),
]


@pytest.mark.parametrize("x", [np.array([0.0, 4.0]), 0.0], ids=["array", "number"])
def test_the_operation_that_makes_an_infinite_tangent_is_named(x: Any) -> None:
    def f(x: Any) -> Any:
        return ad.sin(ad.sqrt(x) * 2)

    one = np.ones_like(x) if isinstance(x, np.ndarray) else 1.0
    with ad.detect_anomaly(), pytest.raises(ad.NonFiniteError, match="tangent of the res") as error:
        ad.jvp(f, (x,), (one,))
    assert (error.value.op, error.value.phase) == ("sqrt", "tangent")
    assert "tangent of operand 0" in str(error.value)
    assert __file__ in str(error.value)


def test_finite_tangents_pass() -> None:
    def f(a: Any, x: Any) -> Any:
        return ad.sum(ad.sqrt(x) * a) + a * a

    with ad.detect_anomaly():
        _, t = ad.jvp(f, (2.0, np.array([1.0, 4.0])), (1.0, np.ones(2)))
    assert float(t) == 3 + 1.5 + 4
    _, plain = ad.jvp(f, (2.0, np.array([1.0, 4.0])), (1.0, np.ones(2)))
    assert float(plain) == float(t)
