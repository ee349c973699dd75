"""Formulas drawn at random, and what their values are compared with."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from autodiff.backends.arrays import arrays
from autodiff.symbolic import Constant, Expression, Symbol, evaluate, symbols_namespace

xp = symbols_namespace
a, b, c, x, y, o = map(Symbol, "a b c x y o".split())

_UNARY = "negative abs square tanh sigmoid sqrt_of_square exp_of_tanh positive".split()
_BINARY = "add subtract multiply divide_safely maximum minimum".split()


def _grow(children: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    def unary(name: str, e: Expression) -> Expression:
        if name == "sqrt_of_square":
            return xp.sqrt(e * e + 1)
        if name == "exp_of_tanh":
            return xp.exp(xp.tanh(e))
        return getattr(xp, name)(e)  # type: ignore[no-any-return]

    def binary(name: str, e: Expression, f: Expression) -> Expression:
        return e / (1 + f * f) if name == "divide_safely" else getattr(xp, name)(e, f)

    conditions = st.builds(
        lambda name, e, f: getattr(xp, name)(e, f),
        st.sampled_from("less greater_equal equal".split()),
        children,
        children,
    )
    logic = st.builds(
        lambda name, e, f: getattr(xp, name)(e, f),
        st.sampled_from(["logical_and", "logical_or", "logical_xor"]),
        conditions,
        conditions,
    )
    truths = conditions | logic | conditions.map(xp.logical_not)
    return (
        st.builds(unary, st.sampled_from(_UNARY), children)
        | st.builds(binary, st.sampled_from(_BINARY), children, children)
        | st.builds(xp.where, truths, children, children)
        | st.builds(lambda e, n: e**n, children, st.integers(0, 3))
    )


_constants = st.sampled_from([0, 1, 2, 3, -1, -2, 0.5, 1.0, 0.0, -0.25])
_leaves = st.sampled_from([a, b, c]) | _constants.map(Constant)
formulas = st.recursive(_leaves, _grow, max_leaves=12)
arithmetic = st.recursive(
    _leaves,
    lambda children: (
        st.builds(
            lambda name, e, f: getattr(xp, name)(e, f),
            st.sampled_from("add subtract multiply divide".split()),
            children,
            children,
        )
        | st.builds(lambda e, n: e**n, children, st.integers(2, 3))
        | children.map(xp.negative)
    ),
    max_leaves=10,
)
points = st.fixed_dictionaries(
    {name: st.floats(-2, 2).map(lambda v: round(v, 3)) for name in "abc"}
)


def value(e: Expression, env: dict[str, Any]) -> Any:
    with np.errstate(all="ignore"):
        return evaluate(e, arrays, {name: np.float64(v) for name, v in env.items()})


def run(statements: list[str], result: str, env: dict[str, Any]) -> Any:
    scope = dict(env)
    exec("\n".join(statements), scope)
    return eval(result, scope)


def close(got: Any, wanted: Any) -> bool:
    return bool(np.allclose(got, wanted, rtol=1e-9, atol=1e-9, equal_nan=True))
