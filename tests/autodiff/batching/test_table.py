"""Every entry of the table under `vmap`, against a loop over the examples."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.batching.rules import loops
from autodiff.ops import Elementwise, Structural
from tests.autodiff.batching.cases import (
    ELEMENTWISE,
    SAMPLED,
    SIZE,
    Case,
    elementwise_cases,
    example,
    floating,
    loss,
    structural_cases,
)
from tests.autodiff.reference import same, weights

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")
each_elementwise = pytest.mark.parametrize("entry", ELEMENTWISE, ids=lambda e: e.name)
each_structural = pytest.mark.parametrize("entry", SAMPLED, ids=lambda e: e.name)


def check_values(case: Case) -> None:
    function, operands, axes = case
    found = ad.vmap(function, in_axes=axes)(*operands)
    expected = np.stack([function(*example(operands, axes, i)).numpy() for i in range(SIZE)])
    assert isinstance(found, np.ndarray)
    assert found.dtype == expected.dtype
    same(found, expected, rtol=1e-12, atol=1e-13)


def check_gradients_within(case: Case) -> None:
    """Gradients of every example, and second derivatives of every example."""
    function, operands, axes = case
    argnums = floating(operands)
    first = ad.grad(loss(function), argnums)

    def second(*x: Any) -> Any:
        def inner(*z: Any) -> Any:
            return sum(ad.sum(g * weights(g.shape)) for g in ad.grad(loss(function), argnums)(*z))

        return ad.grad(inner, argnums)(*x)

    for derivative in (first, second):
        found = ad.vmap(derivative, in_axes=axes)(*operands)
        each = [derivative(*map(np.array, example(operands, axes, i))) for i in range(SIZE)]
        for g, expected in zip(found, zip(*each, strict=True), strict=True):
            same(g, np.stack(expected), rtol=1e-9, atol=1e-10)


def check_gradients_from_outside(case: Case) -> None:
    """The gradient of a result of all examples, by what is mapped and by what is shared."""
    function, operands, axes = case
    argnums = floating(operands)

    def mapped(*x: Any) -> Any:
        return loss(lambda *z: ad.vmap(function, in_axes=axes)(*z))(*x)

    def by_loop(*x: Any) -> Any:
        return loss(lambda *z: ad.stack([function(*example(z, axes, i)) for i in range(SIZE)]))(*x)

    def twice(function: Callable[..., Any]) -> Callable[..., Any]:
        def inner(*z: Any) -> Any:
            return sum(ad.sum(g * weights(g.shape)) for g in ad.grad(function, argnums)(*z))

        return ad.grad(inner, argnums)

    pairs = [(ad.grad(mapped, argnums), ad.grad(by_loop, argnums)), (twice(mapped), twice(by_loop))]
    for found, expected in pairs:
        for g, e in zip(found(*operands), expected(*operands), strict=True):
            same(g, e, rtol=1e-9, atol=1e-10)


TOGETHER = (
    "banded_recurrence log_banded_recurrence lstm_recurrence "
    "cholesky concatenate convolution convolution_input convolution_weight cumprod cumsum det eigh "
    "einsum expm fft getitem index_add index_set inner inv irfft label_cross_entropy label_loss "
    "linear_recurrence log_softmax logsumexp lu matmul max max_pool mean pad partition pinv prod "
    "qr resample reshape rfft roll slogdet softmax softmax_cross_entropy solve sort std "
    "subtract_label sum svd take_along_axis transpose var vector_norm windows"
)


@pytest.mark.parametrize("name", TOGETHER.split())
def test_all_examples_are_worked_on_together(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "_example", None)
    (entry,) = (entry for entry in SAMPLED if entry.name == name)
    for function, operands, axes in structural_cases(entry):
        ad.vmap(ad.grad(loss(function), floating(operands)), in_axes=axes)(*operands)


@each_elementwise
def test_values_of_elementwise_entries(entry: Elementwise) -> None:
    for case in elementwise_cases(entry):
        check_values(case)


@each_structural
def test_values_of_structural_entries(entry: Structural) -> None:
    for case in structural_cases(entry):
        check_values(case)


@each_elementwise
def test_gradients_of_every_example_of_elementwise_entries(entry: Elementwise) -> None:
    if entry.differentiable:
        for case in elementwise_cases(entry):
            check_gradients_within(case)


@each_structural
def test_gradients_of_every_example_of_structural_entries(entry: Structural) -> None:
    for case in structural_cases(entry):
        check_gradients_within(case)


@each_elementwise
def test_gradients_of_all_examples_of_elementwise_entries(entry: Elementwise) -> None:
    if entry.differentiable:
        for case in elementwise_cases(entry):
            check_gradients_from_outside(case)


@each_structural
def test_gradients_of_all_examples_of_structural_entries(entry: Structural) -> None:
    for case in structural_cases(entry):
        check_gradients_from_outside(case)
