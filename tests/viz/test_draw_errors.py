"""Errors drawn: the graph up to the operation that failed, with the shapes that met."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
import viz
from autodiff.diagnosis.failures import failure_of

X = ad.Tensor(np.ones((32, 16)), name="x")
V = ad.Tensor(np.eye(16), requires_grad=True, name="V")
W = ad.Tensor(np.ones((8, 10)), requires_grad=True, name="W")


def _caught(function: Callable[[], Any]) -> BaseException:
    try:
        function()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def _drawn(function: Callable[[], Any], **options: Any) -> tuple[Any, Any]:
    """The graph of the error that a function raises, and the card of what failed."""
    graph = viz.draw(_caught(function), engine="builtin", **options).graph
    (card,) = (card for card in graph.cards if card.role == "failed")
    return graph, card


class Net(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(16, 8)

    def forward(self, x: Any) -> Any:
        return ad.relu(self.first(x)) @ V


def _backward_of_nan() -> None:
    a = ad.Tensor([0.0, 2.0], requires_grad=True, name="a")
    with ad.detect_anomaly():
        (ad.sqrt(a) * 0.0).sum().backward()


def _forward_of_infinity() -> None:
    with ad.detect_anomaly(), np.errstate(all="ignore"):
        ad.log(V @ V)


def _stale() -> None:
    a = ad.Tensor([1.0, 2.0], requires_grad=True, name="a")
    y = ad.sum(a * a)
    with ad.no_grad():
        a += 1.0
    y.backward()


def _released_twice() -> None:
    y = (X @ V).sum()
    y.backward()
    y.backward()


def _caught_by_another() -> None:
    try:
        ad.tanh(X @ V) @ W
    except ad.ShapeError as error:
        raise RuntimeError("the model does not fit its input") from error


CASES: dict[str, tuple[Callable[[], Any], str, str, str]] = {
    "matmul": (lambda: ad.tanh(X @ V) @ W, "matmul", "32×16 · 8×10", "inner lengths 16 and 8"),
    "broadcasting": (lambda: X @ V + W, "add", "32×16 · 8×10", "cannot be broadcast"),
    "function": (lambda: ad.einsum("ij,jk->ik", V, W), "einsum", "16×16 · 8×10", ""),
    "list": (lambda: ad.stack([X @ V, W]), "stack", "32×16 · 8×10", ""),
    "parameter": (lambda: ad.reshape(X @ V, (3, 3)), "reshape", "32×16", "reshape"),
    "axis": (lambda: ad.sum(X @ V, axis=3), "sum", "32×16", "AxisError"),
    "index": (lambda: (X @ V)[40], "getitem", "32×16", "IndexError"),
    "own check": (lambda: ad.conv2d((X @ V)[None, None], W), "conv2d", "1×1×32×16 · 8×10", ""),
    "dtype": (lambda: ad.vander(V), "vander", "16×16", ""),
    "array": (lambda: nn.cross_entropy(X @ V, np.zeros(3, int)), "cross_entropy", "32×16 · 3", ""),
    "LAPACK": (lambda: ad.linalg.cholesky(-V), "cholesky", "16×16", "LinAlgError"),
    "layer": (lambda: nn.Linear(4, 2)(X @ V), "Linear", "32×16 · 2×4 · 2", "in_features"),
    "infinity": (_forward_of_infinity, "log", "16×16", "NonFiniteError"),
    "vmap": (lambda: ad.vmap(lambda v: v @ W)(X), "matmul", "16 · 8×10", ""),
    "transform": (lambda: ad.grad(lambda v: (v @ W).sum())(X), "matmul", "32×16 · 8×10", ""),
    "another error": (_caught_by_another, "matmul", "32×16 · 8×10", "ShapeError"),
}


@pytest.mark.parametrize(("raising", "name", "shapes", "said"), CASES.values(), ids=CASES)
def test_the_card_names_the_operation_and_the_shapes_that_met(
    raising: Any, name: str, shapes: str, said: str
) -> None:
    graph, card = _drawn(raising)
    assert (card.name, card.value) == (name, shapes)
    assert card.value_label == ("shapes" if "·" in shapes else "shape")
    assert card is graph.cards[-1]
    assert said in graph.notice
    assert "test_draw_errors.py:" in graph.notice
    assert len([edge for edge in graph.edges if edge.target == card.id]) == shapes.count("·") + 1


def test_the_graph_before_it_is_there_and_the_line() -> None:
    graph, card = _drawn(lambda: ad.tanh(X @ V) @ W)
    assert [c.name for c in graph.cards] == ["x", "V", "W", "z", "a", "matmul"]
    assert card.formula == "= a @ W"
    picture = viz.draw(_caught(lambda: X @ W), engine="builtin")
    assert picture.title == "ShapeError in matmul"
    assert "_caught(lambda: X @ W)" in picture.graph.notice
    assert viz.draw(_caught(lambda: X @ W), title="mine", engine="builtin").title == "mine"


def test_what_fails_within_modules_stands_in_their_frames() -> None:
    graph, card = _drawn(lambda: Net()(X))
    assert card.name == "matmul"
    assert [c.title for c in graph.clusters] == ["Net", "first"]
    assert card.cluster == graph.clusters[0].path
    inner = nn.Sequential(nn.Linear(16, 8), nn.ReLU(), nn.Linear(4, 2))
    graph, card = _drawn(lambda: inner(X))
    assert card.name == "Linear"
    assert [c.title for c in graph.clusters] == ["Sequential", "[0]", "[1]", "[2]"]
    assert len(card.cluster) == 2


@pytest.mark.parametrize(
    ("raising", "formula"),
    [
        (_backward_of_nan, "= √a"),
        (_released_twice, "= Σ m"),
        (lambda: ad.tanh(X @ V).backward(), "= tanh(z)"),
        (_stale, "= a · a"),
    ],
)
def test_errors_of_the_backward_pass_mark_the_operation(raising: Any, formula: str) -> None:
    graph, card = _drawn(raising)
    assert card.formula == formula
    assert len(graph.cards) >= 2


def test_in_a_large_graph_the_operation_keeps_its_card() -> None:
    deep = nn.Sequential(*[nn.Linear(16, 16) for _ in range(60)], nn.Linear(4, 4))
    graph, card = _drawn(lambda: deep(X))
    assert card.value == "32×16 · 4×4 · 4"
    assert len(graph.cards) <= 60


@pytest.mark.parametrize(
    "error", [KeyError("x"), _caught(lambda: {}["x"]), _caught(lambda: ad.Value(1.0) + "a")]
)
def test_other_errors_are_refused(error: BaseException) -> None:
    with pytest.raises(TypeError, match=r"no operation of the library raised.*as it was caught"):
        viz.draw(error)


def test_an_error_without_its_traceback_is_refused() -> None:
    error = _caught(lambda: nn.Linear(4, 2)(X)).with_traceback(None)
    with pytest.raises(TypeError, match="it has no traceback any longer"):
        viz.draw(error)


def test_nothing_is_kept_once_the_error_is_gone() -> None:
    h = ad.tanh(X @ V)
    alive = weakref.ref(h)
    error = _caught(partial(ad.matmul, h, W))
    viz.draw(error, engine="builtin")
    del h, error
    gc.collect()
    assert alive() is None


def test_a_failure_as_plain_data() -> None:
    found = failure_of(_caught(lambda: X @ W))
    assert found is not None
    assert (found.name, found.operands, found.node) == ("matmul", (X, W), found.root)
    assert found.source.endswith("X @ W))")
    assert failure_of(ValueError()) is None
