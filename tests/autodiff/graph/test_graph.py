"""The graph: its order, its depth, its life and its end."""

from __future__ import annotations

import gc
import pickle
import sys
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.graph.order import FREED
from autodiff.sweeps.gradients import gradients


@contextmanager
def shallow() -> Iterator[None]:
    """A recursion limit just above the depth of the test itself."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@contextmanager
def no_collector() -> Iterator[None]:
    """Python without its garbage collector: only reference counts free memory."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def test_order_lists_operands_before_results() -> None:
    a, b = ad.Value(2.0, name="a"), ad.Value(3.0, name="b")
    c = a * b
    d = c + a
    e = d.tanh() * c
    order = ad.topological_order(e)
    assert order[-1] is e
    assert {id(n) for n in order} == {id(n) for n in (a, b, c, d, *e.parents, e)}
    place = {id(node): i for i, node in enumerate(order)}
    for node in order:
        assert all(place[id(parent)] < place[id(node)] for parent in node.parents)


def test_order_contains_constants_and_each_node_once() -> None:
    x = ad.Tensor([1.0, 2.0], requires_grad=True)
    fixed = ad.Tensor([3.0, 4.0])
    y = x * fixed
    z = y + y
    assert [id(n) for n in ad.topological_order(z)] == [id(n) for n in (x, fixed, y, z)]


def test_order_of_several_roots_and_of_a_leaf() -> None:
    x = ad.Value(1.0)
    y, z = x * 2, x * 3
    assert len(ad.topological_order(y, z)) == 5
    assert [id(n) for n in ad.topological_order(x)] == [id(x)]
    assert ad.topological_order() == []


def test_a_chain_of_100_000_values_is_no_deeper_than_one_of_three() -> None:
    with shallow():
        x = ad.Value(1.0)
        y = x
        for _ in range(100_000):
            y = y + x
        assert len(ad.topological_order(y)) == 100_001
        y.backward()
        assert x.grad == 100_001.0
        z = y.tanh()
        del y, z


def test_a_chain_of_20_000_tensors_is_no_deeper_than_one_of_three() -> None:
    with shallow():
        x = ad.Tensor(np.array([1.0]), requires_grad=True)
        y = x
        for _ in range(20_000):
            y = y + x
        assert len(ad.topological_order(y)) == 20_001
        y.backward(retain_graph=True)
        assert x.grad == [20_001.0]
        root = weakref.ref(y)
        del y
        assert root() is None


def test_a_deep_second_derivative() -> None:
    with shallow():
        x = ad.Tensor(np.array(1.0), requires_grad=True)
        y = x
        for _ in range(1500):
            y = y * x
        y.backward(create_graph=True)
        g, x.grad = x.grad, None
        g.backward()
        assert x.grad == 1501 * 1500


def test_a_deep_chain_across_scalars_and_tensors() -> None:
    with shallow():
        x = ad.Value(0.5)
        y = x
        for _ in range(1500):
            t = ad.stack([y, x])
            y = t[0].sum().item() * 0 + ad.to_value(t, (1,)) + ad.to_value(t, (0,))
        y.backward()
        assert x.grad == 1501.0


def graph_of_values() -> Any:
    x = ad.Value(2.0)
    return ad.total([x * x, x.tanh(), ad.dot([x, x], [1.0, x], bias=x)])


def graph_of_tensors() -> Any:
    x = ad.Tensor(np.ones((2, 3)), requires_grad=True)
    y = ad.softmax(x @ np.ones((3, 2)))
    return (ad.concatenate([y, y[:, :1]], axis=1) * ad.relu(y.sum())).sum()


def mixed_graph() -> Any:
    x = ad.Value(2.0)
    t = ad.stack([x, x * x])
    return ad.to_value((t * t).sum()) * x


GRAPHS = [graph_of_values, graph_of_tensors, mixed_graph]


@pytest.mark.parametrize("make", GRAPHS)
@pytest.mark.parametrize("create_graph", [False, True])
def test_a_graph_is_freed_the_moment_its_root_goes(make: Any, create_graph: bool) -> None:
    make().backward(create_graph=create_graph)
    with no_collector():
        y = make()
        nodes = [weakref.ref(node) for node in ad.topological_order(y) if node.requires_grad]
        assert len(nodes) > 4
        y.backward(retain_graph=True, create_graph=create_graph)
        if create_graph:
            # A gradient that is a graph refers to its leaf, which refers to it.
            for node in ad.topological_order(y):
                node.zero_grad()
            del node
        del y
        assert [ref() for ref in nodes if ref() is not None] == []
        assert gc.collect() == 0


@pytest.mark.parametrize("make", GRAPHS)
def test_no_reference_cycles(make: Any) -> None:
    make().backward()
    with no_collector():
        for _ in range(3):
            y = make()
            y.backward()
            gradients(make())
            ad.topological_order(make())
        del y
        assert gc.collect() == 0


def test_a_second_derivative_leaves_no_cycle_once_gradients_are_cleared() -> None:
    with no_collector():
        x = ad.Tensor(np.array([1.0, 2.0]), requires_grad=True)
        y = (x * x * x).sum()
        y.backward(create_graph=True)
        g, x.grad = x.grad, None
        del y
        g.sum().backward()
        kept = weakref.ref(g)
        del g
        assert kept() is None
        assert gc.collect() == 0


def test_backward_releases_what_the_leaves_do_not_need() -> None:
    x = ad.Tensor(np.ones(3), requires_grad=True)
    y = x * 2
    inner = weakref.ref(y)
    z = y.sum()
    del y
    assert inner() is not None
    z.backward()
    assert inner() is None
    assert z.parents is FREED


def test_a_spent_graph_of_values_can_still_be_drawn() -> None:
    x = ad.Value(2.0)
    y = x * x + 1
    y.backward()
    assert len(ad.topological_order(y)) == 4
    assert y.parents[0].grad == 1.0


def test_gradients_of_all_nodes_by_a_private_sweep() -> None:
    x = ad.Tensor(np.array([1.0, 2.0]), requires_grad=True)
    y = x * 3
    z = (y * y).sum()
    found = gradients(z)
    np.testing.assert_allclose(found[y], 2 * y.data)
    np.testing.assert_allclose(found[x], 6 * y.data)
    assert set(found) == {node for node in ad.topological_order(z) if node.requires_grad}
    assert x.grad is None
    z.backward()
    np.testing.assert_allclose(x.grad, found[x])


@pytest.mark.parametrize("node", [ad.Value(2.0), ad.Tensor([1.0])], ids=["Value", "Tensor"])
def test_nodes_are_not_pickled(node: Any) -> None:
    with pytest.raises(TypeError, match="cannot be pickled, because pickles run code"):
        pickle.dumps(node)


def test_nodes_are_keys_of_dictionaries_by_identity() -> None:
    a, b = ad.Value(1.0), ad.Value(1.0)
    assert {a: "a", b: "b"} == {a: "a", b: "b"}
    assert len({a, b, ad.Tensor([1.0]), ad.Tensor([1.0])}) == 4


def test_two_computations_of_the_same_are_ordered_alike() -> None:
    def names() -> list[str]:
        w = [ad.Value(0.1 * i) for i in range(20)]
        y = ad.tanh(sum((a * b for a, b in zip(w, reversed(w), strict=True)), ad.Value(1.0)))
        return [n.op.name if n.op else str(n.item()) for n in ad.topological_order(y)]

    assert names() == names()
