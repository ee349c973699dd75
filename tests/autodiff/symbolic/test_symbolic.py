"""Formulas: how they are built, evaluated and taken from the table."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autodiff.backends.arrays import arrays
from autodiff.ops import TABLE, Elementwise
from autodiff.symbolic import (
    Apply,
    Constant,
    Symbol,
    evaluate,
    expand,
    free_symbols,
    lift,
    partial_expression,
)
from autodiff.writers.text import to_text
from tests.autodiff.symbolic.symbolic_formulas import a, b, x, xp, y


class TestExpression:
    def test_equality_and_hash_are_those_of_the_writing(self) -> None:
        assert x + 1 == Symbol("x") + 1.0
        assert hash(x + 1) == hash(Symbol("x") + 1.0)
        assert x + 1 != 1 + x
        assert x != "x"
        assert Constant(True) != Constant(1)
        assert Constant(0.0) != Constant(-0.0)
        assert Constant(math.nan) == Constant(math.nan)

    def test_comparison_of_values_is_a_formula(self) -> None:
        assert x.equal(0) == Apply("equal", (x, Constant(0)))
        assert x.not_equal(y) == xp.not_equal(x, y)
        assert (x < 1, x <= 1, x > 1, x >= 1) == (
            xp.less(x, 1),
            xp.less_equal(x, 1),
            xp.greater(x, 1),
            xp.greater_equal(x, 1),
        )

    def test_reflected_operators_keep_the_order(self) -> None:
        assert 1 - x == xp.subtract(1, x)
        assert 1 / x == xp.divide(1, x)
        assert 2**x == xp.power(2, x)
        assert 2 + x == xp.add(2, x)
        assert 2 * x == xp.multiply(2, x)
        assert True & x == xp.logical_and(True, x)
        assert True | x == xp.logical_or(True, x)
        assert True ^ x == xp.logical_xor(True, x)

    def test_unary_operators(self) -> None:
        assert (-x, ~x, abs(x), +x) == (xp.negative(x), xp.logical_not(x), xp.absolute(x), x)
        assert (x & y, x | y, x ^ y) == (
            xp.logical_and(x, y),
            xp.logical_or(x, y),
            xp.logical_xor(x, y),
        )

    def test_branching_on_a_symbol_is_refused(self) -> None:
        with pytest.raises(TypeError, match=r"may not branch in Python on a symbol.*xp\.where"):
            bool(x > 0)

    def test_it_cannot_be_changed(self) -> None:
        with pytest.raises(AttributeError, match="cannot change: name was assigned"):
            x.name = "y"
        with pytest.raises(AttributeError, match="cannot change: name was deleted"):
            del x.name

    @pytest.mark.parametrize("wrong", ["1", None, 1j, np.zeros(2)])
    def test_only_numbers_become_constants(self, wrong: object) -> None:
        with pytest.raises((TypeError, ValueError)):
            lift(wrong)

    def test_numpy_scalars_become_python_numbers(self) -> None:
        assert type(Constant(np.float32(0.5)).number) is float
        assert Constant(np.bool_(True)) == Constant(True)

    def test_a_symbol_needs_a_name(self) -> None:
        with pytest.raises(TypeError, match="named ''; its name must be a string"):
            Symbol("")

    def test_repr_shows_the_structure(self) -> None:
        assert repr(xp.elu(x, alpha=2.0) + 1) == "add(elu(Symbol('x'), alpha=2.0), Constant(1))"

    def test_symbols_come_once_in_order(self) -> None:
        assert free_symbols(b * a + b) == ("b", "a")


class TestNamespace:
    def test_any_name_is_a_function(self) -> None:
        made = xp.leaky_relu(x, negative_slope=0.1)
        assert made == Apply("leaky_relu", (x,), (("negative_slope", 0.1),))

    def test_constants(self) -> None:
        assert xp.pi == Constant(math.pi)
        assert xp.e == Constant(math.e)
        assert xp.inf == Constant(math.inf)

    def test_private_names_are_not_operations(self) -> None:
        with pytest.raises(AttributeError, match="no operation named '__array__'"):
            xp.__array__  # noqa: B018


class TestEvaluate:
    def test_a_missing_value_is_named(self) -> None:
        with pytest.raises(KeyError, match="symbol 'y' has no value; values were given for: 'x'"):
            evaluate(x + y, np, {"x": 1.0})

    def test_substitution(self) -> None:
        assert evaluate(x * y, xp, {"x": a + 1, "y": a}) == (a + 1) * a

    def test_parameters_reach_the_function(self) -> None:
        e = xp.leaky_relu(x, negative_slope=0.5)
        assert evaluate(e, arrays, {"x": np.float64(-2.0)}) == -1.0


class TestPartials:
    def test_label_of_tanh(self) -> None:
        assert to_text(partial_expression(TABLE["tanh"], 0, ["n"], "o")) == "1 − o²"  # type: ignore[arg-type]

    def test_labels_of_a_product(self) -> None:
        multiply = TABLE["multiply"]
        assert isinstance(multiply, Elementwise)
        labels = [partial_expression(multiply, i, ["x₁", "w₁"], "p₁") for i in range(2)]
        assert labels == [Symbol("w₁"), Symbol("x₁")]

    def test_a_constant_derivative_is_a_constant(self) -> None:
        subtract = TABLE["subtract"]
        assert isinstance(subtract, Elementwise)
        assert partial_expression(subtract, 1, ["a", "b"], "y") == Constant(-1)

    def test_a_known_operand_shapes_the_label(self) -> None:
        power = TABLE["power"]
        assert isinstance(power, Elementwise)
        labels = [
            to_text(partial_expression(power, 0, ["a", Constant(n)], "y")) for n in (0, 1, 2, 3, -1)
        ]
        assert labels == ["0", "1", "2 · a", "3 · a²", "−a⁻²"]

    def test_parameters_reach_the_rule(self) -> None:
        leaky = TABLE["leaky_relu"]
        assert isinstance(leaky, Elementwise)
        label = partial_expression(leaky, 0, ["x"], "y", {"negative_slope": 0.2})
        assert to_text(label) == "1 if x > 0, else 0.2"

    def test_a_position_beyond_the_operands_is_named(self) -> None:
        with pytest.raises(IndexError, match="tanh has no operand at position 1; it has 1"):
            partial_expression(TABLE["tanh"], 1, ["n"], "o")  # type: ignore[arg-type]

    def test_expand_writes_out_what_the_target_lacks(self) -> None:
        assert expand(xp.silu(x), {"multiply", "sigmoid"}) == x * xp.sigmoid(x)
        assert expand(xp.tanh(xp.erf(x)), set()) == xp.tanh(xp.erf(x))
