"""Nothing is left for the garbage collector, and freeing is no deeper than building."""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Callable
from threading import Thread
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn


def leaves() -> tuple[ad.Tensor, ad.Value]:
    return ad.Tensor(np.array([0.5, -1.0]), requires_grad=True), ad.Value(0.5)


def graph(x: Any, v: Any) -> Any:
    return (ad.tanh(x * v) @ x + ad.exp(v) * x[0]).sum()


def hooks() -> None:
    x, v = leaves()
    y = x * v
    found: list[Any] = []
    handles = [
        x.register_hook(found.append),
        y.register_hook(lambda g: g * 2),
        v.register_hook(lambda g: None),
        x.register_post_accumulate_grad_hook(lambda leaf: None),
    ]
    y.sum().backward()
    handles[0].remove()


def hooks_that_stay() -> None:
    x, v = leaves()
    y = x * v
    y.register_hook(lambda g: g)
    (y * y).sum().backward()


def higher_order() -> None:
    x, v = leaves()
    gx, gv = ad.gradients(graph(x, v), inputs=[x, v], create_graph=True)
    ((gx * gx).sum() + gv * gv).backward()
    graph(x, v).backward(create_graph=True)
    x.grad = v.grad = None


def transforms() -> None:
    ad.grad(ad.grad(lambda t: ad.tanh(t) * t))(0.5)
    ad.value_and_grad(lambda t: (t * t).sum())(np.ones(3))


def explanations() -> None:
    x, v = leaves()
    y = graph(x, v)
    y.trace()
    str(ad.explain_backward(y))
    ad.topological_order(y)


def anomalies() -> None:
    x, v = leaves()
    with ad.detect_anomaly():
        graph(x, v).backward()


def changes() -> None:
    x, v = leaves()
    y = graph(x, v)
    array = x.data
    array[0] = 1.0
    with ad.no_grad():
        x += 1.0
        view = x[1:]
        view = view[:]
    del y


def errors() -> None:
    x, _ = leaves()
    y = (x * x).sum()
    x.data -= 1.0
    try:
        y.backward()
    except ad.StaleDataError:
        return
    pytest.fail("a stale operand was not noticed")


def training() -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    optimizer = nn.optim.Adam(net.parameters())
    for _ in range(2):
        optimizer.zero_grad()
        ad.mean(net(ad.Tensor(np.ones((4, 2), np.float32))) ** 2).backward()
        optimizer.step()


@pytest.mark.parametrize(
    "work",
    [
        hooks,
        hooks_that_stay,
        higher_order,
        transforms,
        explanations,
        anomalies,
        changes,
        errors,
        training,
    ],
)
def test_nothing_is_left_for_the_collector(work: Callable[[], None]) -> None:
    work()
    gc.collect()
    gc.disable()
    try:
        work()
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_a_hook_that_refers_to_its_own_node_is_the_users_cycle_and_is_collected() -> None:
    x, _ = leaves()
    y = x * 2
    y.register_hook(lambda g, y=y: None)
    kept = weakref.ref(y)
    del y
    gc.collect()
    assert kept() is None


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("values", 100_000),
        ("tensors", 20_000),
        ("views", 20_000),
        pytest.param("values", 1_000_000, marks=pytest.mark.exhaustive),
        pytest.param("tensors", 100_000, marks=pytest.mark.exhaustive),
        pytest.param("views", 100_000, marks=pytest.mark.exhaustive),
    ],
)
def test_a_deep_graph_is_built_walked_and_freed_without_recursion(kind: str, count: int) -> None:
    one: Any = ad.Value(1.0) if kind == "values" else ad.Tensor(np.ones(1), requires_grad=True)
    step: Callable[[Any], Any] = (lambda y: y[:]) if kind == "views" else (lambda y: y + one)
    # What is made once, when an operation is first used, is not the graph's.
    step(one)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    gc.collect()
    gc.disable()
    try:
        y = one
        for _ in range(count):
            y = step(y)
        first = weakref.ref(y)
        (y.sum() if kind != "values" else y).backward(retain_graph=True)
        assert np.asarray(one.grad).item() == (1 if kind == "views" else count + 1)
        del y
        assert first() is None
        assert gc.collect() == 0
    finally:
        gc.enable()
        sys.setrecursionlimit(before)


def test_a_deep_graph_is_freed_in_another_thread_too() -> None:
    def work() -> None:
        y: Any = ad.Value(1.0)
        for _ in range(200_000):
            y = y * 1.0
        del y
        done.append(True)

    done: list[bool] = []
    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert done
