"""Light algebra on formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from autodiff.symbolic import Apply, Constant, Expression, simplify
from autodiff.writers.text import to_text
from tests.autodiff.symbolic.symbolic_formulas import a, b, close, formulas, points, value, x, xp, y

SIMPLER = [
    (x * 1, x), (1 * x, x), (x * 0, Constant(0)), (x + 0, x), (0 + x, x), (x - 0, x), (0 - x, -x),
    (xp.negative(-x), x), (x**1, x), (x**0, Constant(1)), (x * x, x**2), (x * x * x, x**3),
    (x / 1, x), (-1 * x, -x), (a * -b, -(a * b)), (-a * -b, a * b), (a + -b, a - b),
    (-a + b, b - a), (a - -b, a + b), (-(a - b), b - a), (1 / x, 1 / x), (-1 / x, -(1 / x)),
    (a / -b, -(a / b)),
    (2 * (3 * x), 6 * x), (x * 2 * y * 3, 6 * x * y), (-2 * x, -(2 * x)), (x + x, 2 * x),
    (x - x, Constant(0)), (x * (1 / y), x / y), (2 * (0.5 / y), 1 / y), ((-x) ** 2, x**2),
    ((-x) ** 3, -(x**3)), ((x**2) ** 3, x**6), (xp.square(x), x**2), (xp.reciprocal(x), 1 / x),
    (xp.positive(x), x), (xp.where(True, a, b), a), (xp.where(Constant(2) > 3, a, b), b),
    (xp.where(x > 0, a, a), a), (~(~(x > 0)), x > 0), ((x > 0) & True, x > 0),
    (False & (x > 0), Constant(False)), ((x > 0) | True, Constant(True)), (x & True, x & True),
    (xp.sqrt(Constant(4)), Constant(2)), (xp.sqrt(Constant(2)), xp.sqrt(2)),
    (Constant(1) / 3, Constant(1) / 3), (Constant(1) / 4, Constant(0.25)),
    (Constant(1) / 0, Constant(1) / 0), (Constant(2) + 3, Constant(5)),
    (xp.maximum(Constant(2), 3), Constant(3)), (x * (y * x), x * y * x), (x**-1 * x, x**-1 * x),
]  # fmt: skip


def _length(e: Expression) -> int:
    # A sign costs nothing, and x² is kept as a power with an exponent.
    weights = {"square": 2, "negative": 0}
    return sum(weights.get(p.name, 1) if isinstance(p, Apply) else 1 for p in e.walk())


class TestSimplify:
    @pytest.mark.parametrize(("given", "wanted"), SIMPLER, ids=lambda e: to_text(e))
    def test_rule(self, given: Expression, wanted: Expression) -> None:
        assert simplify(given) == wanted

    @given(formulas, points)
    def test_the_value_stays(self, e: Expression, env: dict[str, float]) -> None:
        wanted = value(e, env)
        if np.all(np.isfinite(wanted)) and abs(wanted) < 1e6:
            assert close(value(simplify(e), env), wanted)

    @given(formulas)
    def test_nothing_is_left_to_simplify(self, e: Expression) -> None:
        once = simplify(e)
        assert simplify(once) == once

    @given(formulas)
    def test_it_never_becomes_longer(self, e: Expression) -> None:
        assert _length(simplify(e)) <= _length(e)
