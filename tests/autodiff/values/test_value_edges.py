"""Values at infinities, NaN, zeros and huge numbers: IEEE arithmetic, as NumPy has it."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import Elementwise
from autodiff.tensors import operations
from tests.autodiff.table.elementwise_samples import ENTRIES, apply, title

POINTS = [
    -math.inf, -1e308, -1000.0, -2.5, -1.0, -0.5, -1e-310, -0.0,
    0.0, 5e-324, 0.5, 1.0, 3.0, 1000.0, 1e308, math.inf, math.nan,
]  # fmt: skip
FEW = [-math.inf, -1000.0, -2.0, -0.5, -0.0, 0.0, 1.0, 3.0, 1e308, math.inf, math.nan]


def points(entry: Elementwise) -> Any:
    numbers = {1: POINTS, 2: FEW, 3: [-1.0, 0.0, 2.0, math.inf, math.nan]}[entry.arity]
    return itertools.product(numbers, repeat=entry.arity)


def agree(a: float, b: float) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b or math.isclose(a, b, rel_tol=1e-13, abs_tol=1e-300)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("entry", ENTRIES, ids=title)
def test_value_and_gradient_are_those_of_tensors_everywhere(entry: Elementwise) -> None:
    for numbers in points(entry):
        tensors = [ad.Tensor(np.array([x]), requires_grad=True) for x in numbers]
        scalars = [ad.Value(x) for x in numbers]
        # The function refuses an array of floats as a condition.
        on_tensors = operations.apply if entry.name == "where" else apply
        y, z = on_tensors(entry, *tensors), apply(entry, *scalars)
        if not entry.differentiable:
            assert z == y.data[0], numbers
            continue
        assert agree(z.data, y.data[0]), (numbers, z.data, y.data)
        assert type(z.data) is float
        y.sum().backward()
        z.backward()
        for tensor, scalar in zip(tensors, scalars, strict=True):
            assert agree(scalar.grad, tensor.grad[0]), (numbers, scalar.grad, tensor.grad)
            assert type(scalar.grad) is float


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("entry", [e for e in ENTRIES if e.differentiable], ids=title)
def test_constants_beside_a_variable_give_the_same_numbers(entry: Elementwise) -> None:
    for numbers in points(entry):
        both = [ad.Value(x) for x in numbers]
        apply(entry, *both).backward()
        for i in range(entry.arity):
            x = ad.Value(numbers[i])
            z = apply(entry, *(x if k == i else n for k, n in enumerate(numbers)))
            z.backward()
            assert agree(x.grad, both[i].grad), (numbers, i)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda x: ad.exp(x * 1000), math.inf),
        (lambda x: x * 1e308 * 10, math.inf),
        (lambda x: (x * 1e200) ** 2, math.inf),
        (lambda x: (x * 10) ** 400, math.inf),
        (lambda x: ad.cosh(x * 1000), math.inf),
        (lambda x: ad.sinh(x * -1000), -math.inf),
        (lambda x: ad.log(x - 1), -math.inf),
        (lambda x: 1 / (x - 1), math.inf),
        (lambda x: -1 / (x - 1), -math.inf),
        (lambda x: 1 / (x * -0.0), -math.inf),
        (lambda x: (x - 1) / (x - 1), math.nan),
        (lambda x: ad.log(-x), math.nan),
        (lambda x: ad.sqrt(-x), math.nan),
        (lambda x: (-x) ** 0.5, math.nan),
        (lambda x: (x - 1) ** -1, math.inf),
        (lambda x: ad.arcsin(x * 2), math.nan),
        (lambda x: ad.arctanh(x), math.inf),
        (lambda x: ad.total([x * 1e308, x * 1e308]), math.inf),
        (lambda x: ad.dot([x * 1e200], [x * 1e200]), math.inf),
    ],
)
def test_overflow_and_invalid_operations_give_infinities_and_nan(
    call: Any, expected: float
) -> None:
    y = call(ad.Value(1.0))
    assert agree(y.data, expected), y.data


def test_small_exponentials_keep_their_relative_precision() -> None:
    x = ad.Value(-40.0)
    y = ad.sigmoid(x)
    y.backward()
    assert y.data == pytest.approx(math.exp(-40), rel=1e-14)
    assert x.grad == pytest.approx(math.exp(-40), rel=1e-14)
    assert ad.log1p(ad.Value(1e-20)).data == 1e-20
    assert ad.expm1(ad.Value(1e-20)).data == 1e-20
    assert ad.softplus(ad.Value(-40.0)).data == pytest.approx(math.exp(-40), rel=1e-14)
    assert ad.erf(ad.Value(1e-10)).data == pytest.approx(math.erf(1e-10), rel=1e-15)


def test_signed_zeros_are_kept() -> None:
    x = ad.Value(0.0)
    assert math.copysign(1, (-x).data) == -1
    assert math.copysign(1, (x * -1.0).data) == -1
    assert math.copysign(1, ad.arctan2(x * -1, -1.0).data) == -1
    assert math.copysign(1, (x + -0.0).data) == 1
    assert math.copysign(1, ad.ceil(ad.Value(-0.5)).data) == -1
    assert math.copysign(1, (-x + -0.0).data) == -1
    assert math.copysign(1, (ad.Value(1.0) * -0.0).data) == -1
    assert math.copysign(1, (ad.Value(1.0) * 0.0).data) == 1


def test_leaves_of_a_class_of_the_users_get_numbers_as_gradients() -> None:
    class Weight(ad.Value):
        """A Value with more to it."""

    for f in (lambda v: v * v + 1, lambda v: ad.sum(ad.stack([v, v * 2.0])), lambda v: v):
        own, plain = Weight(3.0), ad.Value(3.0)
        for x in (own, plain):
            f(x).backward()
            f(x).backward(inputs=[x])
        assert own.grad == plain.grad
        assert type(own.grad) is float
