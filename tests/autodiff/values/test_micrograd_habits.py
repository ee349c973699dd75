"""Programs written for micrograd run: its names, its loops, its training."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest

import autodiff as ad
from autodiff import Value
from nn import scalar as nn


def lecture_neuron() -> dict[str, Any]:
    """A tanh neuron, each step with a label."""
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
    b = Value(6.8813735870195432, label="b")
    x1w1 = x1 * w1
    x1w1.label = "x1*w1"
    x2w2 = x2 * w2
    x2w2.label = "x2*w2"
    total = x1w1 + x2w2
    total.label = "x1*w1 + x2*w2"
    n = total + b
    n.label = "n"
    o = n.tanh()
    o.label = "o"
    return {v.label: v for v in (x1, x2, w1, w2, b, x1w1, x2w2, total, n, o)}


def ordered(root: Any) -> list[Any]:
    """A depth-first order, by the operands that a node names."""
    order: list[Any] = []
    visited = set()

    def visit(v: Any) -> None:
        if v not in visited:
            visited.add(v)
            for child in v._prev:
                visit(child)
            order.append(v)

    visit(root)
    return order


EXPECTED = {"x1": -1.5, "w1": 1.0, "x2": 0.5, "w2": 0.0, "b": 0.5, "n": 0.5, "o": 1.0}


def test_backward_by_hand_in_a_loop() -> None:
    v = lecture_neuron()
    v["o"].grad = 1.0
    for node in reversed(ordered(v["o"])):
        node._backward()
    for name, gradient in EXPECTED.items():
        assert v[name].grad == pytest.approx(gradient)


def test_backward_by_hand_node_by_node() -> None:
    v = lecture_neuron()
    v["o"].grad = 1.0
    for name in ("o", "n", "b", "x1*w1 + x2*w2", "x2*w2", "x1*w1"):
        v[name]._backward()
    for name, gradient in EXPECTED.items():
        assert v[name].grad == pytest.approx(gradient)


def test_the_tanh_taken_apart() -> None:
    v = lecture_neuron()
    v["o"].backward()
    for name, gradient in EXPECTED.items():
        assert v[name].grad == pytest.approx(gradient)
    w = lecture_neuron()
    e = (2 * w["n"]).exp()
    o = (e - 1) / (e + 1)
    o.backward()
    for name in ("x1", "w1", "x2", "w2", "b"):
        assert w[name].grad == pytest.approx(EXPECTED[name])


def test_a_node_used_twice() -> None:
    a = Value(3.0, label="a")
    b = a + a
    b.label = "b"
    assert b._prev == {a}
    b.backward()
    assert a.grad == 2.0
    a.grad = b.grad = None
    b.grad = 1.0
    b._backward()
    assert a.grad == 2.0


def test_walking_the_graph_for_a_drawing() -> None:
    v = lecture_neuron()
    v["o"].backward()
    nodes, edges = set(), set()

    def build(node: Any) -> None:
        if node not in nodes:
            nodes.add(node)
            for child in node._prev:
                edges.add((child, node))
                build(child)

    build(v["o"])
    assert len(nodes) == 10
    assert len(edges) == 9
    records = {"{ %s | data %.4f | grad %.4f }" % (n.label, n.data, n.grad) for n in nodes}  # noqa: UP031
    assert "{ n | data 0.8814 | grad 0.5000 }" in records
    assert sorted(n._op for n in nodes) == ["", "", "", "", "", "*", "*", "+", "+", "tanh"]


def test_operations_in_short() -> None:
    a, b = Value(2.0), Value(3.0)
    results = (a + b, a - b, a * b, a / b, a**3, a**-0.5, a**b, a.relu(), a.exp(), -a)
    assert [r._op for r in results] == [
        "+", "-", "*", "/", "**3", "**-0.5", "**", "ReLU", "exp", "negative",
    ]  # fmt: skip
    assert Value(2.0)._op == ""


def test_labels_are_names() -> None:
    a = Value(1.0)
    assert a.label == ""
    a.label = "a"
    assert a.name == "a"
    a.label = ""
    assert a.name is None
    assert Value(1.0, (), "+", "s").label == "s"
    assert Value(1.0, (), "+")._op == "+"
    assert Value(1.0, ())._op == ""


def test_what_cannot_be_taken_over_says_so() -> None:
    a = Value(1.0, label="a")
    with pytest.raises(TypeError, match="these are one"):
        Value(1.0, name="x", label="y")
    with pytest.raises(TypeError, match="give text"):
        Value(1.0, 7)
    with pytest.raises(TypeError, match=r"autodiff\.custom_function"):
        Value(math.tanh(1.0), (a,), "tanh")
    with pytest.raises(TypeError, match=r"autodiff\.custom_function"):
        a._backward = lambda: None
    with pytest.raises(AttributeError):
        a._prev = ()  # type: ignore[misc]


def test_a_gradient_that_was_never_computed_is_none() -> None:
    a = Value(1.0, label="a")
    y = a * 2
    assert a.grad is None
    with pytest.raises(TypeError, match="never computed is None here, not 0"):
        y._backward()
    for wrong in (lambda: a + a.grad, lambda: a.grad * a):
        with pytest.raises(TypeError, match="never computed is None, not 0"):
            wrong()
    assert (a == None) is False  # noqa: E711
    assert a._backward() is None


def test_a_second_backward_raises() -> None:
    y = Value(2.0, label="a") * 3
    y.backward()
    with pytest.raises(ad.FreedGraphError, match="run the forward pass again"):
        y.backward()


def test_one_number_of_a_tensor_sends_back_too() -> None:
    t = ad.Tensor([1.0, 2.0], requires_grad=True)
    v: Any = ad.values(t)
    y = v[1] * 3.0
    y.grad = 1.0
    for node in (y, v[1], v[1]):
        node._backward()
    assert t.grad.tolist() == [0.0, 6.0]


def test_a_network_is_trained_by_hand() -> None:
    random.seed(1)
    n = nn.MLP(3, [4, 4, 1])
    xs = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5], [0.5, 1.0, 1.0], [1.0, 1.0, -1.0]]
    ys = [1.0, -1.0, -1.0, 1.0]
    losses = []
    for _ in range(20):
        ypred = [n(x) for x in xs]
        loss = sum((yout - ygt) ** 2 for ygt, yout in zip(ys, ypred, strict=True))
        for p in n.parameters():
            p.grad = 0.0
        loss.backward()
        for p in n.parameters():
            p.data += -0.01 * p.grad
        losses.append(loss.data)
    assert losses[-1] < losses[0]
    assert isinstance(n.layers[0].neurons[0].w[0].grad, float)


class OwnNeuron:
    """A neuron as one writes it oneself."""

    def __init__(self, nin: int) -> None:
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(random.uniform(-1, 1))

    def __call__(self, x: Any) -> Value:
        act = sum((wi * xi for wi, xi in zip(self.w, x, strict=True)), self.b)
        return act.tanh()

    def parameters(self) -> list[Value]:
        return [*self.w, self.b]


def test_the_max_margin_demo() -> None:
    random.seed(1)
    model = OwnNeuron(2)
    points = [(1.0, 2.0, 1), (-1.0, -0.5, -1), (0.5, 1.5, 1), (-2.0, 0.0, -1)]
    for k in range(10):
        inputs = [list(map(Value, p[:2])) for p in points]
        scores = list(map(model, inputs))
        marks = [p[2] for p in points]
        hinges = [(1 + -yi * si).relu() for yi, si in zip(marks, scores, strict=True)]
        data_loss = sum(hinges) * (1.0 / len(hinges))
        reg_loss = 1e-4 * sum(p * p for p in model.parameters())
        total_loss = data_loss + reg_loss
        accuracy = [(yi > 0) == (si.data > 0) for yi, si in zip(marks, scores, strict=True)]
        for p in model.parameters():
            p.grad = 0
        total_loss.backward()
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad
    assert all(accuracy)
