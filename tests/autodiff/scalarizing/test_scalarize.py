"""Whole graphs of tensors as graphs of scalars, and their gradients gathered again."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.autodiff.reference import same


def _network() -> tuple[Any, dict[str, Any]]:
    rng = np.random.default_rng(0)
    shapes = {"W1": (2, 3), "b1": (3,), "W2": (3, 1), "b2": (1,)}
    leaves = {
        name: ad.Tensor(rng.normal(size=shape), requires_grad=True, name=name)
        for name, shape in shapes.items()
    }
    x = leaves["x"] = ad.Tensor([[0.5, -1.0]], name="x")
    hidden = ad.tanh(x @ leaves["W1"] + leaves["b1"])
    loss = ad.mean((hidden @ leaves["W2"] + leaves["b2"] - 0.3) ** 2)
    return loss, leaves


def _same_gradients(loss: Any) -> ad.ScalarGraph:
    """The scalar graph of a loss, whose value and gradients are found to be those of the loss."""
    graph = ad.scalarize(loss)
    assert graph.result.data == pytest.approx(loss.item(), rel=1e-13)
    there, here = ad.gradients(graph.result), ad.gradients(loss)
    homes = Counter(id(v) for elements in graph.elements.values() for v in set(elements.flat))
    for node, elements in graph.elements.items():
        # What only moves elements has those of its operand, with all that they receive.
        own = all(homes[id(v)] == 1 for v in elements.flat)
        if node in here and node.requires_grad and (node.is_leaf or own):
            same(graph.gathered(there, node), here[node], rtol=1e-11, atol=1e-13)
    return graph


def test_a_network_of_tensors_is_one_of_scalars() -> None:
    loss, leaves = _network()
    graph = _same_gradients(loss)
    assert {x.op.name for x in ad.topological_order(graph.result) if x.op} == {
        "weighted_sum",
        "add",
        "tanh",
        "subtract",
        "square",
        "divide",
    }
    assert graph.elements[leaves["W1"]][1, 2].name == "W1[1,2]"
    assert repr(graph).startswith("<ScalarGraph of ")


@pytest.mark.parametrize(
    "build",
    [
        lambda x: ad.sum(ad.softmax(x) * x),
        lambda x: ad.softmax_cross_entropy(x, ad.Tensor(np.eye(2, 3))).mean(),
        lambda x: ad.label_cross_entropy(x, np.array([2, 0])).sum(),
        lambda x: ad.max(x @ x.T) + ad.sum(ad.sort(x)[:, -1]),
        lambda x: ad.sum(ad.pad(x, ((1, 1), (0, 2)), constant_values=2.0)) ** 2,
        lambda x: ad.sum(ad.where(x > 0, x * x, -x)),
        lambda x: ad.to_value(x, (1, 2)) * 3 + ad.total(ad.values(x)[0]),
        lambda x: ad.sum(ad.stack([a * 2 for a in ad.values(x)[1]]) ** 2),
        lambda x: ad.sum(ad.conv1d(x[:, None], x[:, None, :2], padding=1) ** 3),
    ],
)
def test_graphs(build: Any) -> None:
    x = ad.Tensor([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]], requires_grad=True, name="x")
    _same_gradients(build(x))


@pytest.mark.parametrize("layer", [nn.BatchNorm1d(3), nn.Linear(3, 2)], ids=repr)
def test_layers(layer: Any) -> None:
    x = ad.Tensor(np.random.default_rng(1).normal(size=(4, 3)), requires_grad=True)
    y = layer(x)
    graph = ad.scalarize(ad.sum(y * y))
    there, here = ad.gradients(graph.result), ad.gradients(ad.sum(y * y))
    for p in [x, *layer.parameters()]:
        same(graph.gathered(there, p), here[p], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("axis", [None, 0, 1])
def test_equal_largest_ones_share_as_in_tensors(axis: int | None) -> None:
    x = ad.Tensor([[1.0, 1.0, 1.0], [0.0, 1.0, 0.0]], requires_grad=True)
    _same_gradients(ad.sum(ad.max(x, axis=axis) * 3) + ad.sum(ad.min(x, axis=axis)))


def test_pooling_of_equal_elements() -> None:
    x = ad.Tensor(np.zeros((1, 1, 4, 4)), requires_grad=True)
    _same_gradients(ad.sum(ad.max_pool2d(x, 3, stride=1)))


def test_one_operation_alone_has_its_operands_as_leaves() -> None:
    x = ad.Tensor([1.0, 2.0], requires_grad=True)
    h = ad.exp(x)
    h.name = "h"
    y = ad.softmax(h)
    graph = ad.scalarize(y, operations=1)
    assert set(graph.elements) == {h, y}
    assert [element.name for element in graph.elements[h]] == ["h[0]", "h[1]"]
    assert all(element.is_leaf for element in graph.elements[h])
    assert ad.scalarize(y, operations=2).elements.keys() == {x, h, y}
    assert ad.scalarize(y, operations=0).elements.keys() == {y}


def test_scalars_stand_in_the_modules_and_lines_of_their_tensors() -> None:
    x = ad.Tensor([1.0, 2.0], requires_grad=True)
    with ad.scope("head", "Softmax"):
        y = ad.softmax(x)
    graph = ad.scalarize(y)
    made = [v for v in ad.topological_order(*graph.result) if v.op is not None]
    assert len(made) == 8
    assert graph.made[y] == made
    assert all(v.scope == (("head", "Softmax"),) and v.origin == y.origin for v in made)


def test_integers_stay_and_gradients_of_constants_do_not_flow() -> None:
    x = ad.Tensor([1.0, 2.0, 3.0], requires_grad=True)
    c = ad.Tensor([2.0, 2.0, 2.0])
    graph = _same_gradients(ad.sum(x * c * ad.Tensor([1, 2, 3])))
    assert not graph.elements[c][0].requires_grad


def test_nothing_of_the_tensors_changes() -> None:
    loss, leaves = _network()
    ad.scalarize(loss).result.backward()
    assert all(leaf.grad is None for leaf in leaves.values())
    loss.backward()


def test_too_many_elements_are_refused_with_what_helps() -> None:
    x = ad.Tensor(np.ones((60, 60)), requires_grad=True, name="x")
    with pytest.raises(ad.ScalarizingError, match=r"7201 elements .* at most 5000 .*most=7201"):
        ad.scalarize(x * 2)
    assert ad.scalarize(x * 2, most=8000).result.shape == (60, 60)


def test_what_is_no_node_is_refused() -> None:
    with pytest.raises(TypeError, match=r"scalarize\(\) was given a ndarray; give a Tensor"):
        ad.scalarize(np.ones(2))  # type: ignore[arg-type]


def test_complex_numbers_are_refused_by_name() -> None:
    z = ad.Tensor([1 + 2j], requires_grad=True)
    with pytest.raises(ad.ScalarizingError, match="complex"):
        ad.scalarize(ad.abs(z))


def test_operations_of_ones_own_are_refused_by_name() -> None:
    @ad.custom_function
    def double(x: Any) -> Any:
        return x * 2

    @double.vjp
    def _pull(g: Any, y: Any, x: Any) -> Any:
        return 2 * g

    with pytest.raises(ad.ScalarizingError, match="'double' cannot be expanded"):
        ad.scalarize(double(ad.Tensor([1.0], requires_grad=True)))


def test_graphs_of_examples_are_refused() -> None:
    seen: list[Any] = []

    def f(v: Any) -> Any:
        y = ad.tanh(v)
        with pytest.raises(ad.ScalarizingError, match="vmap"):
            ad.scalarize(y)
        seen.append(y)
        return y

    ad.vmap(f)(ad.Tensor([1.0, 2.0], requires_grad=True))
    assert seen


def test_the_largest_of_values() -> None:
    a, b, c = ad.Value(1.0), ad.Value(2.0), ad.Value(2.0)
    ad.largest([a, b, c]).backward()
    assert (a.grad, b.grad, c.grad) == (0.0, 0.5, 0.5)
    first = ad.gradients(ad.largest([a * a, b * b]), inputs=[b], create_graph=True)[0]
    first.backward()
    assert first.data == 4.0
    assert b.grad == 0.5 + 2.0
    with pytest.raises(ad.ShapeError, match="no terms"):
        ad.largest([])
