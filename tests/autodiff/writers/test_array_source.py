"""NumPy source of a cotangent times a formula, and every derivative of the table."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autodiff.backends.arrays import arrays
from autodiff.backends.kernels import SPECIAL_FUNCTIONS
from autodiff.backends.scalars import scalars
from autodiff.ops import TABLE, Elementwise, every_primitive
from autodiff.symbolic import (
    Constant,
    Expression,
    evaluate,
    partial_expression,
    simplify,
)
from autodiff.writers.array_source import numpy_inplace
from autodiff.writers.scalar_source import python_scalar
from tests.autodiff.symbolic.symbolic_formulas import a, b, close, formulas, run, x, xp, y


def _derivatives() -> list[Any]:
    return [
        pytest.param(entry, position, id=f"{entry.name}-{position}")
        for entry in every_primitive().values()
        if isinstance(entry, Elementwise)
        for position, partial in enumerate(entry.partials)
        if callable(partial)
    ]


def _sampled(entry: Elementwise, shape: tuple[int, ...]) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    operands: dict[str, Any] = {
        f"x{i}": rng.uniform(d.low, d.high, shape) for i, d in enumerate(entry.domains)
    }
    if entry.name == "where":
        operands["x0"] = operands["x0"] > 0.5
    return {**operands, "y": entry.forward(arrays, *operands.values())}


class TestWholeTable:
    """Every derivative of the table, through each interpreter, against the rule itself."""

    @pytest.mark.parametrize(("entry", "position"), _derivatives())
    @pytest.mark.parametrize("same_shape", [True, False])
    def test_numpy_source(self, entry: Elementwise, position: int, same_shape: bool) -> None:
        env = _sampled(entry, (3, 4))
        names = [name for name in env if name != "y"]
        kernel = numpy_inplace(
            partial_expression(entry, position, names, "y"),
            "g",
            same_shape=same_shape,
            functions={name: name for name in SPECIAL_FUNCTIONS},
        )
        g = np.random.default_rng(2).normal(size=(3, 4))
        rule = entry.partials[position]
        assert callable(rule)
        wanted = g * rule(arrays, env["y"], *(env[name] for name in names))
        _run_kernel(kernel, {**env, "g": g}, wanted)

    @pytest.mark.parametrize(("entry", "position"), _derivatives())
    def test_scalar_source(self, entry: Elementwise, position: int) -> None:
        env = {name: v.item() for name, v in _sampled(entry, (1,)).items()}
        names = [name for name in env if name != "y"]
        e = partial_expression(entry, position, names, "y")
        calls = {
            n: f"math.{n}"
            for n in "exp exp2 log sqrt tanh erf erfc sin cos sinh cosh log1p".split()
        }
        others = SPECIAL_FUNCTIONS - {"erf", "erfc"}
        calls |= {name: f"scalars.{name}" for name in others}
        statements, (result,) = python_scalar(
            [e], {**calls, "sign": "np.sign", "floor_divide": "np.floor_divide"}
        )
        rule = entry.partials[position]
        assert callable(rule)
        wanted = rule(arrays, np.float64(env["y"]), *(np.float64(env[name]) for name in names))
        scope = {**env, "math": math, "np": np, "scalars": scalars}
        assert close(run(statements, result, scope), wanted)


def _run_kernel(kernel: Any, env: dict[str, Any], wanted: Any) -> None:
    before = {name: np.copy(v) for name, v in env.items()}
    constants = {name: np.array(v) for name, v in kernel.constants.items()}
    scope = {
        **env,
        **constants,
        "np": np,
        **{name: getattr(arrays, name) for name in SPECIAL_FUNCTIONS},
        "sigmoid": arrays.sigmoid,
    }
    with np.errstate(all="ignore"):
        got = run(kernel.statements, kernel.result, scope)
    np.testing.assert_allclose(got, wanted, rtol=1e-9, atol=1e-9)
    for name, v in before.items():
        np.testing.assert_array_equal(env[name], v)
    for name, number in kernel.constants.items():
        assert constants[name] == number or math.isnan(number)


class TestNumpySource:
    @given(formulas, st.integers(0, 1000), st.booleans())
    def test_it_computes_the_product(self, e: Expression, seed: int, same_shape: bool) -> None:
        rng = np.random.default_rng(seed)
        shapes = [(2, 3)] * 3 if same_shape else [(2, 3), (3,), (2, 1)]
        env = {n: rng.uniform(-2, 2, shape) for n, shape in zip("abc", shapes, strict=True)}
        g = rng.normal(size=(2, 3))
        with np.errstate(all="ignore"):
            wanted = g * evaluate(e, arrays, env)
        if np.all(np.isfinite(wanted)) and np.max(np.abs(wanted)) < 1e6:
            _run_kernel(numpy_inplace(e, "g", same_shape=same_shape), {**env, "g": g}, wanted)

    @pytest.mark.parametrize(
        ("e", "statements", "constants"),
        [
            (1 - y * y, ["t0 = y * y", "np.subtract(c0, t0, out=t0)", "t0 *= g"], [1.0]),
            (y * (1 - y), ["t0 = c0 - y", "t0 *= y", "t0 *= g"], [1.0]),
            (1 / x, ["t0 = g / x"], []),
            (-(y * y), ["t0 = y * y", "t0 *= g", "np.negative(t0, out=t0)"], []),
            (xp.where(x > 0, 1.0, 0.0), ["t0 = x > c0", "t1 = np.where(t0, g, c0)"], [0.0]),
            (
                xp.where(x > 0, 0.0, 1.0),
                ["t0 = x > c0", "t1 = np.logical_not(t0)", "t2 = np.where(t1, g, c0)"],
                [0.0],
            ),
            (
                xp.where(x > 0, 1.0, 0.5),
                ["t0 = x > c0", "t1 = np.maximum(t0, c1)", "t1 *= g"],
                [0.0, 0.5],
            ),
            (
                xp.where(x > 0, 3.0, 0.0),
                ["t0 = x > c0", "t1 = c1 * g", "t2 = np.where(t0, t1, c0)"],
                [0.0, 3.0],
            ),
            (
                xp.where(x > 0, 3.0, 2.0),
                ["t0 = x > c0", "t1 = np.where(t0, c1, c2)", "t1 *= g"],
                [0.0, 3.0, 2.0],
            ),
            (
                xp.where(x, 3.0, 0.0),
                ["t0 = x != c0", "t1 = c1 * g", "t2 = np.where(t0, t1, c0)"],
                [0.0, 3.0],
            ),
            (0.5 * x**-0.5, ["t0 = np.sqrt(x)", "np.divide(c0, t0, out=t0)", "t0 *= g"], [0.5]),
            (x**4, ["t0 = x * x", "t0 *= t0", "t0 *= g"], []),
            (x**0.5, ["t0 = np.sqrt(x)", "t0 *= g"], []),
            (x**-1, ["t0 = g / x"], []),
            (xp.sqrt(Constant(2.0)) * x, ["t0 = c0 * x", "t0 *= g"], [math.sqrt(2)]),
            (Constant(3), ["t0 = c0 * g"], [3.0]),
            (Constant(1), [], []),
        ],
    )
    def test_source(self, e: Expression, statements: list[str], constants: list[float]) -> None:
        kernel = numpy_inplace(e, "g", same_shape=True)
        assert kernel.statements == statements
        assert list(kernel.constants.values()) == constants

    def test_a_derivative_of_one_passes_the_cotangent_itself(self) -> None:
        assert numpy_inplace(Constant(1), "g", same_shape=False).result == "g"
        assert numpy_inplace(Constant(1), "g", same_shape=True).result == "g"

    def test_nothing_is_written_over_when_shapes_differ(self) -> None:
        kernel = numpy_inplace(xp.exp(a - b) * (1 + a), "g", same_shape=False)
        assert not any("out=" in line or "*=" in line for line in kernel.statements)

    def test_float32_stays_float32(self) -> None:
        env = {"x": np.linspace(-2, 2, 5, dtype=np.float32), "g": np.ones(5, np.float32)}
        for same_shape in (True, False):
            kernel = numpy_inplace(
                simplify(xp.gelu(x) + xp.mish(x) * (x > 0)),
                "g",
                same_shape=same_shape,
                functions={name: name for name in SPECIAL_FUNCTIONS},
            )
            constants = {n: np.array(v, np.float32) for n, v in kernel.constants.items()}
            special = {name: getattr(arrays, name) for name in SPECIAL_FUNCTIONS}
            scope = {**env, **constants, **special, "np": np}
            assert run(kernel.statements, kernel.result, scope).dtype == np.float32

    def test_constants_have_the_same_names_for_all_shapes(self) -> None:
        gelu = TABLE["gelu"]
        assert isinstance(gelu, Elementwise)
        e = partial_expression(gelu, 0, ["x"], "y")
        known = {name: name for name in SPECIAL_FUNCTIONS}
        one, other = (numpy_inplace(e, "g", same_shape=s, functions=known) for s in (True, False))
        assert one.constants == other.constants

    def test_prefixes_keep_two_kernels_apart(self) -> None:
        kernel = numpy_inplace(1 - y, "g", same_shape=False, temporary="u", constant="k")
        assert (kernel.statements, kernel.constants) == (["u0 = (k0 - y) * g"], {"k0": 1.0})

    def test_the_name_of_the_cotangent_is_its_own(self) -> None:
        with pytest.raises(ValueError, match="symbol 'y', which is also the cotangent's name"):
            numpy_inplace(1 - y, "y", same_shape=True)

    def test_an_operation_nobody_computes_is_named(self) -> None:
        with pytest.raises(ValueError, match=r"no function 'erf'.*functions=\{'erf': \.\.\.\}"):
            numpy_inplace(xp.erf(x), "g", same_shape=True)
