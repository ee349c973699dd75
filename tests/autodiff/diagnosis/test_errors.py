"""Messages: what was given, what was expected, how to mend it, and the user's own line."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff import errors


def line() -> int:
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


def tensor(*numbers: float, **options: Any) -> ad.Tensor:
    return ad.Tensor(np.array(numbers), requires_grad=True, **options)


@pytest.mark.parametrize("name", [n for n in errors.__all__ if n.endswith("Error")])
def test_every_error_is_the_librarys_own_and_a_built_in_one(name: str) -> None:
    kind = getattr(errors, name)
    assert getattr(ad, name) is kind
    assert issubclass(kind, errors.GlassgradError)
    builtin = [c for c in kind.__mro__ if c.__module__ == "builtins"]
    assert builtin[0] is not Exception or kind is errors.GlassgradError
    assert kind.__doc__


def test_a_missing_extra_says_what_to_install() -> None:
    error = errors.missing_extra("sklearn", "data")
    assert isinstance(error, ImportError)
    assert "'sklearn'" in str(error)
    assert "pip install 'glassgrad[data]'" in str(error)


BINARY = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "power": lambda a, b: a**b,
    "maximum": ad.maximum,
    "hypot": ad.hypot,
    "less": lambda a, b: a < b,
    "where": lambda a, b: ad.where(True, a, b),
    "clip": lambda a, b: ad.clip(a, b, 1.0),
}


@pytest.mark.parametrize("name", BINARY)
def test_operands_that_do_not_broadcast_are_named_with_their_shapes(name: str) -> None:
    a, b = ad.Tensor(np.ones((2, 3)), name="images"), ad.Tensor(np.ones(4))
    with pytest.raises(ad.ShapeError) as caught:
        BINARY[name](a, b)
    message = str(caught.value)
    assert f"{name!r} was given " in message
    assert "'images' of shape (2, 3)" in message
    assert "shape (4,)" in message
    assert isinstance(caught.value, ValueError)


def test_reflected_operators_with_arrays_name_both_shapes() -> None:
    x = ad.Tensor(np.ones((2, 3)))
    for call in (lambda: np.ones(4) + x, lambda: np.ones(4) * x, lambda: np.ones((5, 4)) @ x):
        with pytest.raises(ad.ShapeError, match=r"shape \((5, )?4,?\) and shape \(2, 3\)"):
            call()


def test_integers_and_booleans_have_no_gradient() -> None:
    for data, dtype in (([1, 2], "int64"), ([True], "bool")):
        with pytest.raises(ad.NonDifferentiableError, match=f"the dtype is {dtype}; give floats"):
            ad.Tensor(data, requires_grad=True)
        with pytest.raises(ad.NonDifferentiableError, match=f"the dtype is {dtype}"):
            ad.Tensor(data).requires_grad_()
    assert issubclass(ad.NonDifferentiableError, TypeError)


def test_requires_grad_is_switched_on_leaves_only() -> None:
    y = tensor(1.0) * 2
    with pytest.raises(ad.NonDifferentiableError, match=r"only leaves can be switched: use x\.det"):
        y.requires_grad_(False)
    x = ad.Tensor([1.0]).requires_grad_()
    assert x.requires_grad
    assert not x.requires_grad_(False).requires_grad


MAKERS: dict[str, Callable[[Any, Any], Any]] = {
    "binary operator": lambda x, v: x * x,
    "reflected operator": lambda x, v: 2.0 - x,
    "function": lambda x, v: ad.exp(x),
    "function with parameters": lambda x, v: ad.leaky_relu(x, negative_slope=0.5),
    "function of three": lambda x, v: ad.clip(x, 0.0, 1.0),
    "method": lambda x, v: x.sum(),
    "property": lambda x, v: x.T,
    "index": lambda x, v: x[0],
    "update": lambda x, v: x.at[0].set(1.0),
    "structural": lambda x, v: ad.stack([x, x]),
    "composed": lambda x, v: ad.swapaxes(x.reshape(1, 2), 0, 1),
    "einsum": lambda x, v: ad.einsum("i,i", x, x),
    "operator of values": lambda x, v: v * 2,
    "function of values": lambda x, v: ad.tanh(v),
    "method of values": lambda x, v: v.relu(),
    "where of values": lambda x, v: ad.where(True, v, 1.0),
    "dot of values": lambda x, v: ad.dot([v, v], [1.0, 2.0], bias=v),
    "total of values": lambda x, v: ad.total([v, 1.0]),
    "values to tensor": lambda x, v: ad.stack([v, v]),
    "tensor to value": lambda x, v: ad.to_value(x, (0,)),
    "mixed": lambda x, v: x * v,
}


@pytest.mark.parametrize("name", MAKERS)
def test_a_node_knows_the_line_of_the_users_code_that_made_it(name: str) -> None:
    y = MAKERS[name](tensor(1.0, 2.0), ad.Value(3.0))
    code = MAKERS[name].__code__
    assert y.origin == (__file__, code.co_firstlineno)
    assert f"made at {__file__}:{code.co_firstlineno}" in y.describe()


def test_the_line_is_that_of_the_innermost_call_that_is_not_the_librarys() -> None:
    def helper(x: Any) -> Any:
        return (
            ad.tanh(x)
            * 2.0
        )  # fmt: skip

    first = helper.__code__.co_firstlineno
    y = helper(tensor(1.0))
    assert y.origin == (__file__, first + 2)
    z = next(x * 2 for x in [tensor(1.0)])
    assert z.origin == (__file__, line() - 1)
    made: list[Any] = []
    ad.grad(lambda v: made.append(v * 2) or v.sum())(np.ones(2))
    assert made[0].origin == (__file__, line() - 1)


def test_leaves_have_no_line() -> None:
    assert tensor(1.0).origin is None
    assert ad.Value(1.0).origin is None
    assert tensor(1.0, name="w").describe() == "'w' (a leaf)"
    assert ad.Value(1.0).describe() == "a leaf"


def test_nodes_are_described_by_name_and_operation() -> None:
    y = tensor(1.0) * 2
    y.name = "loss"
    assert y.describe() == f"'loss' (the result of 'multiply') made at {__file__}:{line() - 2}"


def test_numbers_of_the_wrong_kind_are_refused_by_values() -> None:
    v = ad.Value(1.0)
    for wrong in ([1.0], 1j):
        with pytest.raises(TypeError):
            v * wrong  # type: ignore[operator]
    with pytest.raises(ad.NonDifferentiableError, match="an operation on Values was given"):
        ad.hypot(v, "1")
    with pytest.raises(TypeError, match=r"unsupported operand|NoneType"):
        v + None  # type: ignore[operator]
    with pytest.raises(TypeError, match="unsupported operand"):
        v + "1"  # type: ignore[operator]


def test_data_that_is_no_number_is_refused() -> None:
    for wrong in ("1", None, [1.0], np.ones(2), 1j):
        with pytest.raises(TypeError, match="a Value holds one real number, not"):
            ad.Value(wrong)
    with pytest.raises(TypeError, match=r"was given a Value; use x\.detach\(\)"):
        ad.Value(ad.Value(1.0))
    with pytest.raises(TypeError, match=r"a Tensor holds numbers, but .* dtype"):
        ad.Tensor(["a", "b"])
    with pytest.raises(TypeError, match="a Tensor holds numbers"):
        ad.Tensor(None)
    with pytest.raises(TypeError, match="nested lists of numbers of equal lengths"):
        ad.Tensor([[1.0], [1.0, 2.0]])
    with pytest.raises(TypeError, match=r"was given a Tensor; use x\.detach\(\)"):
        ad.Tensor(ad.Tensor([1.0]))


def test_item_needs_one_element() -> None:
    with pytest.raises(ad.ShapeError, match=r"but the tensor has shape \(2,\)"):
        tensor(1.0, 2.0).item()
    with pytest.raises(ValueError, match=r"truth of a tensor of shape \(2,\) is ambiguous"):
        bool(tensor(1.0, 2.0))
    with pytest.raises(TypeError, match="cannot be iterated"):
        iter(ad.Tensor(1.0))
    with pytest.raises(TypeError, match="has no len"):
        len(ad.Tensor(1.0))


@pytest.mark.parametrize("function", [ad.clip, ad.where, ad.leaky_relu, ad.exp, ad.add])
def test_a_wrong_number_of_operands_is_refused(function: Any) -> None:
    with pytest.raises(TypeError):
        function()
    with pytest.raises(TypeError):
        function(*[ad.Tensor([1.0])] * 5)
    with pytest.raises(TypeError):
        function(ad.Tensor([1.0]), ad.Tensor([1.0]), ad.Tensor([1.0]), unknown=2)


def test_an_unknown_form_of_gelu_is_refused() -> None:
    with pytest.raises(ValueError, match="approximate must be 'none' or 'tanh', not 'erf'"):
        ad.gelu(1.0, approximate="erf")


def test_a_neuron_of_unequal_lengths_is_refused() -> None:
    with pytest.raises(ad.ShapeError, match="2 weights and 1 inputs"):
        ad.dot([ad.Value(1.0), ad.Value(2.0)], [1.0])
