"""`viz.explain` by a tensor: its formula is evaluated, terms add up, checks see faults."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import viz
from autodiff.errors import FreedGraphError, NonScalarBackwardError
from autodiff.sweeps.gradients import gradients
from autodiff.writers.rule_reader import read_rule
from autodiff.writers.rules import Formula, Leaf

rng = np.random.default_rng(0)


def tensor(*shape: int, name: str, grad: bool = True) -> Any:
    return ad.Tensor(rng.normal(size=shape) * 0.5, requires_grad=grad, name=name)


def classifier() -> tuple[Any, dict[str, Any]]:
    """Softmax with cross-entropy over a layer of tanh, averaged over 12 examples."""
    parts: dict[str, Any] = {
        "X": tensor(12, 5, name="X", grad=False),
        "Y": ad.Tensor(np.eye(3)[rng.integers(0, 3, 12)], name="Y"),
        "W₁": tensor(5, 4, name="W1"),
        "b": tensor(4, name="b"),
        "W₂": tensor(4, 3, name="W2"),
    }
    parts["h"] = ad.tanh(parts["X"] @ parts["W₁"] + parts["b"])
    parts["z"] = parts["h"] @ parts["W₂"]
    parts["h"].name, parts["z"].name = "h", "z"
    loss = ad.mean(ad.softmax_cross_entropy(parts["z"], parts["Y"]))
    loss.name = "L"
    return loss, parts


def softmax(z: Any) -> Any:
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "softmax": softmax,
    "Σ": lambda a: a.sum(-1, keepdims=True),
    "|": np.abs,
    "neg": np.negative,
    "ᵀ": lambda a: a.T,
    "²": np.square,
    "⊙": np.multiply,
    "+": np.add,
    "−": np.subtract,
    "/": np.divide,
    "·": lambda a, b: a @ b if np.ndim(a) and np.ndim(b) else a * b,
}


def evaluated(formula: Formula, values: dict[str, Any]) -> Any:
    """A printed formula, read back and computed by NumPy alone."""
    if isinstance(formula, Leaf):
        return values[formula.text] if formula.text in values else float(formula.text)
    return FUNCTIONS[formula.sign](*(evaluated(part, values) for part in formula.operands))


@pytest.mark.parametrize("name", ["W₁", "W₂"])
def test_the_printed_formula_computes_the_gradient(name: str) -> None:
    loss, parts = classifier()
    loss.backward(retain_graph=True)
    told = viz.explain(loss, parts[name])
    formula, words = read_rule(told.formula)
    assert formula is not None
    assert not words
    values = {key: node.numpy() for key, node in parts.items()}
    values |= {"n": 12.0, "p": softmax(parts["z"].numpy())}
    assert evaluated(formula, values) == pytest.approx(parts[name].grad, rel=1e-12)
    assert [check.agrees for check in told.checks] == [True, True]


def test_a_node_with_several_readers_is_a_sum_in_the_formula() -> None:
    x, w = tensor(4, 3, name="x", grad=False), tensor(3, 2, name="w")
    a = ad.tanh(x @ w)
    square = a * a
    a.name, square.name = "a", "q"
    loss = (1.0 - square * a).sum()
    loss.backward(retain_graph=True)
    told = viz.explain(loss, w)
    formula, _ = read_rule(told.formula)
    assert formula is not None
    values = {"a": a.numpy(), "x": x.numpy(), "q": square.numpy(), "ones": np.ones((4, 2))}
    assert "+" in told.formula
    assert evaluated(formula, values) == pytest.approx(w.grad, rel=1e-12)


def test_the_formula_is_the_one_that_is_taught() -> None:
    loss, parts = classifier()
    told = viz.explain(loss, parts["W₁"])
    assert told.formula == "Xᵀ · (((p − Y) / n · W₂ᵀ) ⊙ (1 − h²))"
    assert viz.explain(loss, parts["b"]).formula.startswith("Σ rows (")
    assert [step.formula for step in told.deltas][2:5] == [
        "δ_v ⊙ (p − Y)",
        "δ_z · W₂ᵀ",
        "δ_h ⊙ (1 − h²)",
    ]
    assert r"\frac{\partial L}{\partial W_{1}} &= X^{\top}" in told.latex
    assert r"\delta_{h} &= \delta_{z} W_{2}^{\top}" in told.latex
    assert told.latex.split("\n", 1)[1].isascii()
    assert ("g ⊙ (p − Y)", "g ⊙ (softmax(z) ⊙ Σ(Y) − Y), with p = softmax(z)") in told.words
    assert ("g / n", "with n = 12 elements to each mean") in told.words


def recurrent() -> tuple[Any, Any]:
    w, h = tensor(3, 3, name="W"), tensor(2, 3, name="h", grad=False)
    for _ in range(12):
        h = ad.tanh(h @ w)
    return (h * h).sum(), w


def tied() -> tuple[Any, Any]:
    w, x = tensor(4, 2, name="W"), tensor(6, 4, name="x", grad=False)
    return ad.mean(ad.square(ad.relu(x @ w) @ w.T - x)), w


def normed() -> tuple[Any, Any]:
    w, x = tensor(4, 3, name="W"), tensor(6, 4, name="x", grad=False)
    z = x @ w
    centred = z - z.mean(axis=0)
    return (centred / ad.sqrt((centred * centred).mean(axis=0) + 1e-5))[:3, 1].sum() ** 2, w


def attention() -> tuple[Any, Any]:
    w, x = tensor(4, 4, name="W"), tensor(3, 4, name="x", grad=False)
    scores = ad.softmax((x @ w) @ x.T)
    return ad.logsumexp(ad.concatenate([scores @ x, x @ w])), w


def joined() -> tuple[Any, Any]:
    w = tensor(4, name="w")
    return ad.einsum("i,j->", w, w) + ad.stack([w, w[::-1]]).max() + ad.cumsum(w)[2], w


def convolved() -> tuple[Any, Any]:
    w = tensor(2, 1, 3, 3, name="K")
    x = tensor(2, 1, 6, 6, name="x", grad=False)
    return ad.square(ad.conv2d(x, w)).sum(), w


def mixed() -> tuple[Any, Any]:
    w = tensor(3, name="w")
    a, b, c = ad.values(w)
    return (a * b + c).tanh(), w


GRAPHS = [recurrent, tied, normed, attention, joined, convolved, mixed]


@pytest.mark.parametrize("make", GRAPHS)
def test_terms_add_up_to_the_gradient_and_everything_can_be_written(make: Any) -> None:
    loss, w = make()
    loss.backward(retain_graph=True)
    told = viz.explain(loss, w, k=2, engine="builtin")
    assert told.gradient == pytest.approx(w.grad, rel=1e-12)
    assert told.total == pytest.approx(np.linalg.norm(w.grad), rel=1e-12)
    added = sum(term.value for term in told.paths) + told.rest.value
    assert added == pytest.approx(told.total, rel=1e-12, abs=1e-12 * told.size)
    assert told.count == len(told.paths) + told.rest.paths
    assert all(check.agrees for check in told.checks), told.text
    for written in (told.text, told.markdown, told.svg):
        assert "{0}" not in written
        assert "None" not in written
    assert told.latex.count("{") == told.latex.count("}")
    assert json.loads(told.json())["wrt"] == told.names[w]


def classified() -> tuple[Any, Any]:
    loss, parts = classifier()
    return loss, parts["b"]


def scalars() -> tuple[Any, Any]:
    x, y = ad.Value(2.5, name="x"), ad.Value(0.4, name="y_long")
    return ad.relu(x * y + ad.sin(x)) * x / (x * x) ** 0.5, x


@pytest.mark.parametrize("make", [*GRAPHS, classified, scalars])
def test_equations_are_mathematics(make: Any) -> None:
    mathtext = pytest.importorskip("matplotlib.mathtext")
    parser = mathtext.MathTextParser("path")
    equations = [
        line.removesuffix(r" \\").replace("&", "").replace(r"\textstyle", "")
        for line in viz.explain(*make()).latex.splitlines()
        if "&" in line
    ]
    assert len(equations) > 3
    for equation in equations:
        parser.parse(f"${equation}$")


def test_what_is_used_twice_has_two_terms() -> None:
    loss, w = tied()
    told = viz.explain(loss, w)
    assert told.count == 2
    assert "is used 2 times" in told.verdict
    assert "what each use of W adds" in told.svg


def test_one_entry_of_a_tensor() -> None:
    loss, parts = classifier()
    loss.backward(retain_graph=True)
    w = parts["W₁"]
    for told in (viz.explain(loss, w[1, 2]), viz.explain(loss, w, element=(1, 2))):
        assert told.element == (1, 2)
        assert told.name == "∂L/∂W₁[1, 2]"
        assert told.total == pytest.approx(w.grad[1, 2], rel=1e-12)
        assert all(check.agrees for check in told.checks)
    with pytest.raises(ValueError, match="one entry of"):
        viz.explain(loss, w, element=(9, 9))
    with pytest.raises(ValueError, match="one entry of"):
        viz.explain(loss, w, element=0)


def test_tensors_of_one_number_have_paths_as_values_do() -> None:
    x = ad.Tensor(2.5, requires_grad=True, name="x")
    y = ad.Tensor(0.4, requires_grad=True, name="y")
    loss = (x * y + ad.sin(x)) * x
    told = viz.explain(loss, x)
    assert [path.formula for path in told.paths] == ["s", "x · y", "x · cos(x)"]
    loss.backward(retain_graph=True)
    assert told.total == pytest.approx(float(x.grad), rel=1e-14)
    assert all(check.agrees for check in viz.explain(loss, x).checks)
    single = ad.Tensor(2.5, requires_grad=True, dtype=np.float32, name="single")
    assert viz.explain(single * single, single).formula == "single + single"


def test_checks_see_a_wrong_gradient() -> None:
    loss, parts = classifier()
    loss.backward(retain_graph=True)
    told = viz.explain(loss, parts["W₁"])
    told.gradient = told.gradient * 1.001
    assert [check.agrees for check in told.checks] == [False, False]
    parts["W₂"].grad[0, 0] += 1e-6
    told = viz.explain(loss, parts["W₂"])
    assert [check.agrees for check in told.checks] == [True, False]


def of_numbers() -> tuple[Any, Any]:
    a, b = ad.Value(1.0, name="a"), ad.Value(2.0, name="b")
    return ad.sum(ad.square(ad.asarray([a * b, b]))), a


def complex_numbers() -> tuple[Any, Any]:
    w = ad.Tensor(np.array([1 + 2j, 3j]), requires_grad=True, name="w")
    return ad.real(w * ad.conj(w) * (1 + 1j)).sum(), w


def mapped() -> tuple[Any, Any]:
    w = tensor(3, name="w")
    return ad.vmap(lambda row: (row * w).sum())(np.ones((4, 3))).sum(), w


def recomputed() -> tuple[Any, Any]:
    w = tensor(2, 2, name="w")
    return ad.checkpoint(lambda t: ad.tanh(t @ t))(w).sum(), w


def intermediate() -> tuple[Any, Any]:
    h = ad.tanh(tensor(3, 2, name="w") * 2.0)
    return (h * h).sum(), h


KINDS = {of_numbers: 1, complex_numbers: 1, mapped: 0, recomputed: 0, intermediate: 1}
"""Graphs of other kinds, and how many checks there are."""


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_other_kinds_of_graphs(make: Any) -> None:
    loss, w = make()
    told = viz.explain(loss, w)
    (exact,) = gradients(loss, inputs=[w])
    assert told.gradient == pytest.approx(exact, rel=1e-12)
    assert told.total == pytest.approx(np.linalg.norm(exact), rel=1e-12)
    assert [check.agrees for check in told.checks] == [True] * KINDS[make]
    assert told.name in told.text
    assert "<svg" in told.svg


def test_a_tensor_that_the_result_does_not_use() -> None:
    loss, _ = tied()
    told = viz.explain(loss, tensor(2, 2, name="Q"))
    assert (told.total, told.count, told.formula) == (0.0, 0, "0")
    assert "does not depend on Q" in told.text
    assert "<svg" in told.svg


def test_a_name_may_be_that_of_the_picture() -> None:
    loss, parts = classifier()
    for name in ("W1", "W₁"):
        assert viz.explain(loss, name).wrt is parts["W₁"]
    assert viz.explain(loss, "z₁").wrt.op.name == "add"


def test_errors_say_what_to_do() -> None:
    loss, w = tied()
    with pytest.raises(NonScalarBackwardError):
        viz.explain(w @ w.T, w)
    loss.backward()
    with pytest.raises(FreedGraphError, match="explain before backward"):
        viz.explain(loss, w)


def test_a_transpose_is_written_as_one() -> None:
    a = ad.Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True, name="A")
    b = ad.Tensor(np.ones((2, 1)), name="B")
    for turned in (ad.tanh(a).T, ad.transpose(ad.tanh(a), (1, 0)), ad.swapaxes(ad.tanh(a), 0, 1)):
        assert viz.explain((turned @ b).sum(), a).formula == "(ones · Bᵀ)ᵀ ⊙ (1 − a²)"
