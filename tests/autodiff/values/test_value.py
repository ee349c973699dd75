"""`Value`: one number with all of Python's operators."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.values.functions import scalar_functions
from tests.autodiff.reference import derivative

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
}
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]
NUMBERS: list[Callable[[float], Any]] = [
    float,
    int,
    np.float64,
    np.float32,
    np.int64,
    np.uint8,
    np.asarray,
]


@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize("number", NUMBERS, ids=lambda f: f.__name__)
def test_operators_with_numbers_on_either_side(name: str, number: Callable[[float], Any]) -> None:
    op = OPERATORS[name]
    x = ad.Value(2.5)
    for y, expected, f in (
        (op(x, number(3)), op(2.5, 3.0), lambda t: op(t, 3.0)),
        (op(number(3), x), op(3.0, 2.5), lambda t: op(3.0, t)),
    ):
        assert isinstance(y, ad.Value)
        assert type(y.data) is float
        assert y.data == expected
        y.backward()
        assert x.grad == pytest.approx(derivative(f, 2.5), rel=1e-9)
        assert type(x.grad) is float
        x.zero_grad()


@pytest.mark.parametrize("name", OPERATORS)
def test_operators_of_two_values(name: str) -> None:
    op = OPERATORS[name]
    a, b = ad.Value(2.5), ad.Value(1.5)
    y = op(a, b)
    y.backward()
    assert y.data == op(2.5, 1.5)
    assert a.grad == pytest.approx(derivative(lambda t: op(t, 1.5), 2.5), rel=1e-9)
    assert b.grad == pytest.approx(derivative(lambda t: op(2.5, t), 1.5), rel=1e-9)


@pytest.mark.parametrize("compare", COMPARISONS)
def test_comparisons_are_those_of_the_numbers(compare: Any) -> None:
    for a in (1.0, 2.0, math.nan):
        for b in (1.0, 2.0):
            expected = compare(a, b)
            for left, right in (
                (ad.Value(a), ad.Value(b)),
                (ad.Value(a), b),
                (a, ad.Value(b)),
                (ad.Value(a), np.float64(b)),
                (np.float32(a), ad.Value(b)),
            ):
                assert compare(left, right) is expected


def test_equality_with_what_is_no_number() -> None:
    x = ad.Value(1.0)
    assert (x == None) is False  # noqa: E711 - the operator is what is tested
    assert (x != None) is True  # noqa: E711
    assert x != "1"
    assert x not in [None, "a", [1.0]]
    assert x in [None, 1.0]
    with pytest.raises(TypeError):
        _ = x < "a"  # type: ignore[operator]


def test_unary_operators_and_conversions() -> None:
    x = ad.Value(-2.0)
    assert ((-x).data, (+x).data, abs(x).data) == (2.0, -2.0, 2.0)
    y = -x + abs(x) + +x
    y.backward()
    assert x.grad == -1 - 1 + 1
    assert float(x.detach()) == -2.0
    assert bool(x)
    assert not ad.Value(0.0)
    assert x.item() == -2.0
    assert f"{x:.1f}" == "-2.0"


def test_sum_max_and_sorted_of_python_take_values() -> None:
    values = [ad.Value(float(i)) for i in (3, 1, 2)]
    total = sum(values)
    total.backward()
    assert [v.grad for v in values] == [1.0, 1.0, 1.0]
    assert max(values) is values[0]
    assert min(values) is values[1]
    assert [v.data for v in sorted(values)] == [1.0, 2.0, 3.0]
    product = math.prod(values)
    assert product.data == 6.0


def test_every_scalar_function_is_in_the_public_namespace() -> None:
    # The second form of gelu is reached through gelu(x, approximate="tanh"); the others are
    # what derivatives of gelu, silu and gammainc are made of.
    inner = {"gelu_tanh", "gelu_slope", "silu_slope", "gamma_density", "gammainc_derivative"}
    assert set(scalar_functions) <= {*ad.__all__, *inner}


@pytest.mark.parametrize("name", "exp log sqrt sin cos tanh sigmoid relu".split())
def test_methods_are_the_functions(name: str) -> None:
    x, y = ad.Value(0.7), ad.Value(0.7)
    a, b = getattr(x, name)(), getattr(ad, name)(y)
    a.backward()
    b.backward()
    assert (a.data, x.grad) == (b.data, y.grad)


def test_parameters_of_functions() -> None:
    x = ad.Value(-2.0)
    y = ad.leaky_relu(x, negative_slope=0.2)
    y.backward()
    assert (y.data, x.grad) == (-0.4, 0.2)
    assert y.params == {"negative_slope": 0.2}
    assert ad.leaky_relu(x, 0.3).data == pytest.approx(-0.6)
    assert ad.elu(x, 2.0).data == pytest.approx(2 * math.expm1(-2))
    assert ad.gelu(x, approximate="tanh").data != ad.gelu(x).data
    assert (x * 2).params == {}


def test_constants_are_nodes_without_a_gradient() -> None:
    x = ad.Value(2.0)
    y = x * 3
    three = y.parents[1]
    assert (three.data, three.requires_grad, three.is_leaf) == (3.0, False, True)
    y.backward()
    assert three.grad is None


def test_fused_sums_have_the_gradients_of_their_parts() -> None:
    w = [ad.Value(0.5), ad.Value(-1.5)]
    x = [ad.Value(2.0), 3.0]
    b = ad.Value(0.25)
    fused = ad.tanh(ad.dot(w, x, bias=b))
    fused.backward()
    found = [v.grad for v in (*w, x[0], b)]
    for v in (*w, x[0], b):
        v.zero_grad()
    plain = ad.tanh(w[0] * x[0] + w[1] * x[1] + b)
    plain.backward()
    assert fused.data == pytest.approx(plain.data, rel=1e-15)
    assert found == pytest.approx([v.grad for v in (*w, x[0], b)], rel=1e-14)
    assert fused.parents[0].op.name == "weighted_sum"


def test_fused_sums_of_the_same_value_and_of_nothing() -> None:
    x = ad.Value(3.0)
    y = ad.total([x, x, 1.0]) * ad.dot([x, x], [x, 2.0])
    y.backward()
    # (2x + 1)(x² + 2x)
    assert (y.data, x.grad) == (105.0, 2 * 15 + 7 * 8)
    assert ad.total([]).data == 0.0
    assert ad.dot([], [], bias=x).data == 3.0
    assert not ad.total([1.0, 2.0]).requires_grad


def test_second_derivatives_of_fused_sums() -> None:
    x = ad.Value(3.0)
    ad.dot([x, x * x], [x, 2.0], bias=x).backward(create_graph=True)
    g, x.grad = x.grad, None
    assert g.data == 2 * 3 + 4 * 3 + 1
    g.backward()
    assert x.grad == 6.0


def test_what_a_value_shows_of_itself() -> None:
    x = ad.Value(2.0, name="x")
    assert repr(x) == "Value(data=2.0, name='x')"
    y = x * 3
    y.backward()
    assert repr(y) == "Value(data=6.0, grad=1.0, op=multiply)"
    assert repr(x) == "Value(data=2.0, name='x', grad=3.0)"
    assert repr(ad.Value(True)) == "Value(data=1.0)"


@pytest.mark.parametrize("number", [2, True, np.float32(2), np.int8(2), np.array(2.0), np.bool_(1)])
def test_numbers_of_any_kind_become_floats(number: Any) -> None:
    x = ad.Value(number)
    assert type(x.data) is float
    assert x.data == float(number)
    assert x.requires_grad


def test_a_sanity_check_of_a_small_expression() -> None:
    """The classic first example of a scalar engine, with the numbers worked out by hand."""
    x = ad.Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    h = (z * z).relu()
    y = h + q + q * x
    y.backward()
    # z = −10, q = 40, h = 100, y = −20
    assert y.data == -20.0
    # dz = 3; dq = z + 3x = −22; dh = 2z · 3 = −60; dy = dh + dq(1 + x) + q
    assert x.grad == -60.0 + 66.0 + 40.0


def test_more_operators_in_one_expression() -> None:
    def expression(a: Any, b: Any) -> Any:
        c = a + b
        d = a * b + b**3
        c = c + (c + 1)
        c = c + (1 + c + (-a))
        d = d + (d * 2 + _relu(b + a))
        d = d + (3 * d + _relu(b - a))
        f = (c - d) ** 2
        return f / 2.0 + 10.0 / f

    a, b = ad.Value(-4.0), ad.Value(2.0)
    y = expression(a, b)
    y.backward()
    assert y.data == pytest.approx(24.70408163265306, rel=1e-14)
    assert a.grad == pytest.approx(138.83381924198252, rel=1e-12)
    assert b.grad == pytest.approx(645.5772594752187, rel=1e-12)
    assert y.data == expression(-4.0, 2.0)
    assert a.grad == pytest.approx(derivative(lambda t: expression(t, 2.0), -4.0), rel=1e-9)
    assert b.grad == pytest.approx(derivative(lambda t: expression(-4.0, t), 2.0), rel=1e-9)


def _relu(x: Any) -> Any:
    return x.relu() if isinstance(x, ad.Value) else max(x, 0.0)


def test_numpy_and_values() -> None:
    v = ad.Value(3.0)
    assert (np.float64(2.0) * v).data == 6.0
    assert np.sin(v).op is not None
    for call in (lambda: v - "3", lambda: v * {}, lambda: v < {}):
        with pytest.raises(TypeError, match=r"unsupported operand|not supported"):
            call()
    with pytest.raises(ad.NonDifferentiableError, match="use Tensors for arrays"):
        ad.maximum(v, "3")
