"""Python source of formulas over floats."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodiff.backends.arrays import arrays
from autodiff.symbolic import Expression, Symbol
from autodiff.writers.scalar_source import python_scalar
from tests.autodiff.symbolic.symbolic_formulas import (
    a,
    b,
    c,
    close,
    formulas,
    o,
    points,
    run,
    value,
    x,
    xp,
    y,
)

SCALARS = {
    "tanh": "math.tanh",
    "exp": "math.exp",
    "sqrt": "math.sqrt",
    "sigmoid": "logistic",
}


def logistic(v: float) -> float:
    return float(arrays.sigmoid(np.float64(v)))


class TestScalarSource:
    @given(st.lists(formulas, min_size=1, max_size=3), points)
    def test_it_computes_the_formulas(self, es: list[Expression], env: dict[str, float]) -> None:
        statements, results = python_scalar(es, SCALARS)
        scope = {**env, "math": math, "logistic": logistic}
        for e, result in zip(es, results, strict=True):
            wanted = value(e, env)
            if np.isfinite(wanted) and abs(wanted) < 1e6:
                assert close(run(statements, result, scope), wanted)

    @pytest.mark.parametrize(
        ("e", "wanted"),
        [
            (1 - o * o, "1.0 - o * o"),
            (x**3, "x * x * x"),
            (x**-2, "1.0 / (x * x)"),
            (x**5, "x ** 5.0"),
            ((-x) ** 0.5, "(-x) ** 0.5"),
            (-(x**0.5), "-x ** 0.5"),
            (a - (b + c), "a - (b + c)"),
            (a * (b / c), "a * b / c"),
            (-3 * x, "-3.0 * x"),
            (xp.maximum(x, 0.0), "x if x >= 0.0 or x != x else 0.0"),
            (xp.minimum(0.0, x), "x if x <= 0.0 or x != x else 0.0"),
            (xp.where(x > 0, 1.0, xp.exp(x)), "1.0 if x > 0.0 else exp(x)"),
            (2 * xp.where(x > 0, 1.0, y), "2.0 * (1.0 if x > 0.0 else y)"),
            (xp.where((x > 0) & ~(y > 0), a, b), "a if x > 0.0 and not y > 0.0 else b"),
            (xp.where(x & y, a, b), "a if x != 0.0 and y != 0.0 else b"),
            (xp.equal(x > 0, y > 0), "(x > 0.0) == (y > 0.0)"),
            (x * xp.inf, "float('inf') * x"),
            (xp.clip(x, a, b) * 1, None),
            (xp.isnan(x), "isnan(x)"),
        ],
    )
    def test_source(self, e: Expression, wanted: str | None) -> None:
        statements, (result,) = python_scalar([e], {})
        if wanted is not None:
            assert (statements, result) == ([], wanted)
        else:
            assert run(statements, result, {"x": 3.0, "a": -1.0, "b": 1.0}) == 1.0

    def test_what_is_shared_is_computed_once(self) -> None:
        s = xp.exp(x - y)
        statements, results = python_scalar([s / (1 + s), -s], {})
        assert statements == ["t0 = exp(x - y)"]
        assert results == ["t0 / (1.0 + t0)", "-t0"]

    def test_names_that_are_taken_are_avoided(self) -> None:
        s = xp.exp(Symbol("t0"))
        assert python_scalar([s * (1 - s)], {"exp": "t1"}) == (
            ["t2 = t1(t0)"],
            ["t2 * (1.0 - t2)"],
        )

    def test_an_unchosen_branch_is_not_computed(self) -> None:
        e = xp.where(x > 0, xp.log(x) * xp.log(x), xp.log(x) + 1)
        statements, (result,) = python_scalar([e], {"log": "math.log"})
        assert statements == []
        assert result == "math.log(x) ** 2.0 if x > 0.0 else math.log(x) + 1.0"
        assert run(statements, result, {"x": math.e, "math": math}) == 1.0

    def test_a_branch_that_is_computed_elsewhere_is_shared(self) -> None:
        e = xp.where(x > 1, xp.log(x), 0.0) + xp.log(x)
        assert python_scalar([e], {})[0] == ["t0 = log(x)"]

    def test_the_second_part_of_a_condition_waits_for_the_first(self) -> None:
        e = xp.where((x > 0) & (xp.log(x) > 1), xp.log(x), 0.0)
        statements, (result,) = python_scalar([e], {"log": "math.log"})
        assert run(statements, result, {"x": -1.0, "math": math}) == 0.0

    @pytest.mark.parametrize(("p", "q"), [(math.nan, 1.0), (1.0, math.nan)])
    def test_extrema_of_nan_are_nan(self, p: float, q: float) -> None:
        for name in ("maximum", "minimum"):
            statements, (result,) = python_scalar([getattr(xp, name)(a, b)], {})
            assert math.isnan(run(statements, result, {"a": p, "b": q}))

    @pytest.mark.parametrize("name", ["p₁", "lambda", "fc1.weight"])
    def test_a_name_that_is_no_variable_is_refused(self, name: str) -> None:
        with pytest.raises(ValueError, match="cannot be a variable of Python source"):
            python_scalar([Symbol(name) + 1], {})
