"""What `backward` computes, keeps, refuses and leaves untouched."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.ops import TABLE
from autodiff.sweeps.plain import _ways
from tests.autodiff.reference import same


def tensor(*numbers: float, **options: Any) -> ad.Tensor:
    return ad.Tensor(np.array(numbers), requires_grad=True, **options)


@pytest.mark.parametrize("kind", [ad.Value, tensor])
def test_a_value_used_many_times_gets_every_contribution(kind: Any) -> None:
    x = kind(3.0)
    y = x * x + x * 2 + x
    y.backward()
    assert x.grad == 2 * 3 + 2 + 1


@pytest.mark.parametrize("kind", [ad.Value, tensor])
def test_a_tower_of_diamonds_costs_one_step_each(kind: Any) -> None:
    x = kind(1.0)
    y = x
    for _ in range(60):
        y = y + y
    y.backward()
    assert x.grad == 2.0**60


@pytest.mark.parametrize("kind", [ad.Value, tensor])
def test_a_tower_of_diamonds_as_a_graph(kind: Any) -> None:
    x = kind(1.0)
    y = x
    for _ in range(60):
        y = y + y
    (y * x).backward(create_graph=True)
    g, x.grad = x.grad, None
    g.backward()
    assert x.grad == 2 * 2.0**60


@pytest.mark.parametrize("kind", [ad.Value, tensor])
def test_a_second_backward_names_the_operation_that_was_released(kind: Any) -> None:
    x = kind(2.0)
    y = x * x
    y.backward()
    with pytest.raises(ad.FreedGraphError, match=r"the result of 'multiply'.*retain_graph=True"):
        y.backward()
    with pytest.raises(ad.FreedGraphError, match="'multiply'"):
        y.backward(create_graph=True)
    assert x.grad == 4.0


def test_a_released_tensor_in_a_new_graph_is_named() -> None:
    x = tensor(2.0)
    y = ad.exp(
        x,
    )
    (y * 2).backward()
    z = y * 3
    with pytest.raises(
        ad.FreedGraphError, match=r"the result of 'exp' made at .*test_backward\.py"
    ):
        z.backward()


@pytest.mark.parametrize("kind", [ad.Value, tensor])
def test_a_starting_gradient_scales(kind: Any) -> None:
    x = kind(3.0)
    (x * x).backward(2.5 if kind is ad.Value else [2.5])
    assert x.grad == 15.0


def test_the_gradient_of_what_is_not_reached_stays_none() -> None:
    x, other = tensor(1.0), tensor(2.0)
    (x * other.detach()).backward()
    assert other.grad is None
    fixed = ad.Tensor([3.0])
    (x * fixed).backward()
    assert fixed.grad is None


def test_a_value_that_does_not_matter_has_gradient_zero() -> None:
    x, y = ad.Value(-1.0), tensor(-1.0)
    (ad.relu(x) * 2).backward()
    (ad.relu(y) * 2).backward()
    assert x.grad == 0.0
    assert y.grad == [0.0]
    mixed = ad.Value(-1.0)
    (ad.stack([ad.relu(mixed) * mixed, mixed * 0]) * [0.0, 1.0]).sum().backward()
    assert mixed.grad == 0.0


def test_detach_stops_gradients_and_copies() -> None:
    x = tensor(2.0)
    y = x * x
    still = y.detach()
    (still * x).backward()
    assert x.grad == [4.0]
    still.data[0] = 99
    assert y.data == [4.0]
    v = ad.Value(3.0)
    w = (v * v).detach()
    assert (w.requires_grad, w.is_leaf, w.data) == (False, True, 9.0)
    (w * v).backward()
    assert v.grad == 9.0


def test_backward_needs_one_number_or_a_gradient() -> None:
    y = tensor(1.0, 2.0) * 3
    with pytest.raises(
        ad.NonScalarBackwardError,
        match=r"the result of 'multiply' made at .* with shape \(2,\).*y\.sum\(\)\.backward\(\)",
    ):
        y.backward()
    with pytest.raises(ad.NonScalarBackwardError):
        y.backward(create_graph=True)
    one = tensor(1.0, 2.0)[:1].reshape(1, 1)
    one.backward()


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_gradient_of_another_shape_is_refused(create_graph: bool) -> None:
    x = tensor(1.0, 2.0)
    with pytest.raises(
        ad.ShapeError, match=r"has shape \(3,\), but the result of 'multiply' .* has shape \(2,\)"
    ):
        (x * 2).backward(np.ones(3), create_graph=create_graph)
    with pytest.raises(ad.ShapeError, match=r"backward\(\) of a Value is .* give one number"):
        (ad.Value(1.0) * 2).backward([1.0, 2.0], create_graph=create_graph)
    assert x.grad is None


@pytest.mark.parametrize("create_graph", [False, True])
def test_backward_from_a_constant_is_refused(create_graph: bool) -> None:
    with pytest.raises(ad.NonDifferentiableError, match="from a leaf, which needs no gradient"):
        ad.Tensor([1.0]).backward(create_graph=create_graph)
    with ad.no_grad():
        y = tensor(1.0) * 2
    with pytest.raises(ad.NonDifferentiableError, match=r"no_grad\(\) or by detach\(\)"):
        y.backward(create_graph=create_graph)
    with pytest.raises(ad.NonDifferentiableError):
        ad.Value(1.0).detach().backward(create_graph=create_graph)


def test_an_exception_in_mid_backward_leaves_gradients_untouched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a, b = tensor(1.0), tensor(2.0)
    (a * b).backward()
    before = a.grad, b.grad
    y = ad.sin(a) * ad.cos(b)

    def broken(node: Any, g: Any, sweep: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(_ways, TABLE["sin"], (0, broken, None, False, False))
    with pytest.raises(KeyboardInterrupt):
        y.backward()
    assert a.grad is before[0]
    assert b.grad is before[1]
    same(a.grad, [2])
    same(b.grad, [1])


def test_an_exception_in_mid_backward_as_a_graph_leaves_gradients_untouched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a, b = tensor(1.0), tensor(2.0)

    def broken(xp: Any, y: Any, x: Any) -> Any:
        raise ZeroDivisionError

    entry = dataclasses.replace(TABLE["sin"], partials=(broken,))
    y = ad.sin(a) * ad.cos(b)
    y.parents[0].op = entry
    with pytest.raises(ZeroDivisionError):
        y.backward(create_graph=True)
    assert a.grad is b.grad is None


def test_create_graph_keeps_the_graph_and_records_also_inside_no_grad() -> None:
    x = tensor(2.0)
    y = x * x * x
    with ad.no_grad():
        y.backward(create_graph=True)
    g, x.grad = x.grad, None
    assert g.requires_grad
    g.backward(retain_graph=True)
    assert x.grad == [12.0]
    x.zero_grad()
    y.backward()
    assert x.grad == [12.0]


def test_a_gradient_given_as_a_node_is_differentiated_too() -> None:
    x, start = tensor(3.0), tensor(5.0)
    (x * x).backward(start, create_graph=True)
    g, x.grad = x.grad, None
    same(g.data, [30])
    g.backward()
    same(start.grad, [6])
    same(x.grad, [10])
