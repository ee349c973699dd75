"""Functions called with gradients while `backward` runs, and steps in the life of a graph."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.graph.switches import switches


def leaf(*numbers: float, **options: Any) -> ad.Tensor:
    return ad.Tensor(np.array(numbers), requires_grad=True, **options)


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_hook_sees_and_replaces_the_gradient_of_any_node(create_graph: bool) -> None:
    x = leaf(1.0, 2.0)
    y = x * 3
    z = (y * y).sum()
    seen: list[Any] = []
    y.register_hook(lambda g: seen.append(getattr(g, "data", g).tolist()))
    y.register_hook(lambda g: g * 10)
    y.register_hook(lambda g: seen.append(getattr(g, "data", g).tolist()))
    x.register_hook(lambda g: g + 1)
    z.backward(create_graph=create_graph)
    assert seen == [[6.0, 12.0], [60.0, 120.0]]
    gradient = x.grad.data if create_graph else x.grad
    np.testing.assert_array_equal(gradient, [181.0, 361.0])
    if create_graph:
        g, x.grad = x.grad, None
        g.sum().backward()
        # g = 10 · 6x · 3 + 1 came through y, whose hooks are called again.
        np.testing.assert_array_equal(x.grad, [1801.0, 1801.0])


@pytest.mark.parametrize("create_graph", [False, True])
def test_hooks_of_values(create_graph: bool) -> None:
    x = ad.Value(2.0)
    y = x * x
    seen: list[float] = []
    y.register_hook(lambda g: seen.append(getattr(g, "data", g)))
    y.register_hook(lambda g: 5 * g)
    z = ad.tanh(y * 0) + y
    z.backward(create_graph=create_graph)
    assert seen == [1.0]
    assert [getattr(node.grad, "data", node.grad) for node in (x, y)] == [20.0, 5.0]


def test_a_hook_at_the_crossing_of_scalars_and_tensors() -> None:
    x = ad.Value(2.0)
    t = ad.stack([x, x * x])
    t.register_hook(lambda g: [g[0] * 2, 0.0])
    (ad.to_value(t.sum()) * 3).backward()
    assert x.grad == 6.0


def test_a_removed_hook_is_called_no_more_and_costs_nothing() -> None:
    before = set(switches.asked)
    x = leaf(1.0)
    calls: list[Any] = []
    first, second = x.register_hook(calls.append), x.register_hook(calls.append)
    assert len(switches.asked) == len(before) + 1
    first.remove()
    first.remove()
    (x * 2).sum().backward()
    assert len(calls) == 1
    second.remove()
    assert before == switches.asked
    (x * 2).sum().backward()
    assert len(calls) == 1


def test_hooks_end_with_their_node() -> None:
    before = set(switches.asked)
    x = leaf(1.0)
    y = x * 2
    handle = y.register_hook(lambda g: None)
    y.sum().backward()
    del y
    assert before == switches.asked
    handle.remove()


def test_an_error_in_a_hook_leaves_all_gradients_as_they_were() -> None:
    w, v = leaf(1.0), ad.Value(2.0)
    early = leaf(5.0)
    y = (early * w).sum() + v
    (w * 1).sum().backward()

    def fail(g: Any) -> None:
        raise RuntimeError("stop")

    handle = early.register_hook(fail)
    with pytest.raises(RuntimeError, match="stop"):
        y.backward()
    handle.remove()
    assert early.grad is v.grad is None
    np.testing.assert_array_equal(w.grad, [1.0])


def test_a_hook_cannot_write_into_what_others_share() -> None:
    x, y = leaf(1.0), leaf(2.0)
    z = (x + y).sum()

    def write(g: Any) -> None:
        g *= 2

    x.register_hook(write)
    with pytest.raises(ValueError, match="read-only"):
        z.backward()


def test_what_a_hook_returns_is_checked() -> None:
    x, v = leaf(1.0, 2.0, name="x"), ad.Value(1.0, name="v")
    x.register_hook(lambda g: np.ones(3))
    with pytest.raises(ad.ShapeError, match=r"hook of 'x' .* shape \(3,\); return one of .*\(2,\)"):
        x.sum().backward()
    v.register_hook(lambda g: "much")
    with pytest.raises(ad.ShapeError, match=r"hook of 'v' .* returned 'much'; return one number"):
        (v * 2).backward()


def test_what_cannot_be_hooked_is_refused() -> None:
    with pytest.raises(ad.NonDifferentiableError, match="needs no gradient, so it would never"):
        ad.Tensor([1.0]).register_hook(print)
    with pytest.raises(TypeError, match="a hook is a function of the gradient, not 3"):
        leaf(1.0).register_hook(3)  # type: ignore[arg-type]
    with pytest.raises(ad.NonDifferentiableError, match=r"no leaf; use register_hook\(\)"):
        (leaf(1.0) * 2).register_post_accumulate_grad_hook(print)


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_hook_after_accumulation_may_use_and_clear_the_gradient(create_graph: bool) -> None:
    x, v = leaf(1.0, 2.0), ad.Value(1.0)
    found: list[Any] = []

    def step(node: Any) -> None:
        found.append((node, getattr(node.grad, "data", node.grad)))
        node.grad = None

    handle = x.register_post_accumulate_grad_hook(step)
    v.register_post_accumulate_grad_hook(step)
    (x * x * v).sum().backward(create_graph=create_graph)
    assert x.grad is v.grad is None
    assert {id(node) for node, _ in found} == {id(x), id(v)}
    handle.remove()
    x.sum().backward()
    assert len(found) == 2
    assert x.grad is not None


def test_a_compiled_step_refuses_hooks_also_those_set_later() -> None:
    x = leaf(1.0, 2.0, name="x")

    @ad.compile
    def step() -> Any:
        x.zero_grad()
        y = (x * x).sum()
        y.backward()
        return y

    for _ in range(3):
        step()
    handle = x.register_hook(lambda g: 2 * g)
    with pytest.raises(ad.TracingError, match=r"through 'x' \(a leaf\), which has a hook"):
        step()
    handle.remove()
    step()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


def test_arrays_are_released_while_the_sweep_goes_on() -> None:
    for watch in (False, True):
        x = leaf(*np.ones(50))
        y, inner = x, []
        for _ in range(10):
            y = ad.sin(y)
            inner.append(weakref.ref(y))
        alive: list[int] = []
        count = lambda g: alive.append(sum(r() is not None for r in inner))  # noqa: B023, E731
        handle = x.register_hook(count) if watch else None
        root = y.sum()
        del y
        assert sum(r() is not None for r in inner) == 10
        root.backward()
        assert sum(r() is not None for r in inner) == 0
        if handle is not None:
            assert alive == [0]


def test_10_000_steps_leave_nothing_to_the_collector() -> None:
    w, v = leaf(0.5, -0.5), ad.Value(0.5)
    target = ad.Tensor(np.array([1.0, 2.0]))

    def step() -> None:
        w.grad = v.grad = None
        loss = ((ad.tanh(w * w) - target) ** 2).sum()
        loss.backward()
        scalar = (v * v - 1.0) ** 2
        scalar.backward()
        w.data -= 0.01 * w.grad
        v.data -= 0.01 * v.grad

    gc.collect()
    for _ in range(10):
        step()
    gc.collect()
    gc.disable()
    try:
        before = len(gc.get_objects())
        for _ in range(10_000):
            step()
        assert len(gc.get_objects()) - before < 10
        assert gc.collect() == 0
    finally:
        gc.enable()
