"""The history of a value as a tree, and the backward pass told step by step."""

from __future__ import annotations

import doctest
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.graph.order import backward_order


def lines_of(text: str) -> list[str]:
    """A tree without the places where nodes were made."""
    return [line.split(f", {Path(__file__).name}:")[0] for line in text.splitlines()]


def test_the_page_about_the_order_is_true() -> None:
    page = Path(__file__).parents[3] / "docs" / "backward_order.md"
    found = doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert found.attempted > 10
    assert found.failed == 0


class TestTrace:
    def test_names_operations_parameters_numbers_and_lines(self) -> None:
        x = ad.Tensor(np.zeros((2, 8)), requires_grad=True, name="x")
        y = ad.sum(x * 2, axis=1)
        y.name = "y"
        assert lines_of(y.trace()) == [
            "y: sum(axis=1) = [0., 0.]",
            "└─ multiply = float64 of shape (2, 8)",
            "   ├─ x (leaf) = float64 of shape (2, 8)",
            "   └─ constant = 2",
        ]
        line = sys._getframe().f_lineno - 8
        assert y.trace().splitlines()[0].endswith(f", {Path(__file__).name}:{line}")
        assert repr(y.trace()) == str(y.trace())

    def test_what_is_used_twice_is_shown_once(self) -> None:
        a = ad.Value(1.0, name="a")
        b = a + a
        c = b * b
        assert lines_of((c - b).trace()) == [
            "subtract = 2",
            "├─ multiply = 4",
            "│  ├─ [1] add = 2",
            "│  │  ├─ a (leaf) = 1",
            "│  │  └─ a (leaf) = 1",
            "│  └─ [1] add, shown above",
            "└─ [1] add, shown above",
        ]

    def test_a_graph_of_diamonds_is_as_long_as_it_has_edges(self) -> None:
        x: Any = ad.Value(1.0)
        for _ in range(40):
            x = x + x
        assert len(x.trace().splitlines()) == 81

    def test_depth_and_limit(self) -> None:
        x = ad.Value(2.0, name="x")
        y = x * x + x
        assert lines_of(y.trace(depth=0)) == ["add = 6"]
        assert y.trace(depth=0).endswith(", its operands not shown")
        assert [line.count("not shown") for line in y.trace(depth=1).splitlines()] == [0, 1, 0]
        cut = y.trace(limit=2).splitlines()
        assert len(cut) == 3
        assert cut[-1].startswith("... 1 of 3 nodes are not shown")
        assert len(y.trace(limit=5).splitlines()) == 5
        assert x.trace() == "x (leaf) = 2"
        for wrong in ({"limit": 0}, {"depth": -1}):
            with pytest.raises(ad.ShapeError, match="number of l"):
                y.trace(**wrong)

    def test_a_long_chain_needs_no_recursion(self) -> None:
        x: Any = ad.Value(1.0)
        for _ in range(20_000):
            x = x + 1.0
        assert "19,901 of 20,002 nodes" in x.trace(limit=101)

    def test_a_released_graph_says_so(self) -> None:
        x = ad.Tensor([1.0], requires_grad=True)
        y = x * 2
        y.sum().backward()
        assert y.trace().endswith(", its operands released by backward()")

    @pytest.mark.parametrize("data", [True, 3, 1 + 2j, 0.1, [1, 2], [[True, False]]])
    def test_numbers_of_every_kind(self, data: Any) -> None:
        assert ad.Tensor(data).trace().startswith("constant = ")


class TestExplanation:
    def graph(self) -> tuple[Any, Any, Any]:
        x = ad.Tensor(np.array([0.5, -1.0]), requires_grad=True, name="x")
        v = ad.Value(2.0, name="v")
        h = ad.tanh(x) * v
        return x, v, (h * h + x * 3).sum() * v

    def test_the_order_is_that_of_the_sweep_and_the_amounts_are_its_gradients(self) -> None:
        x, v, loss = self.graph()
        told = ad.explain_backward(loss)
        assert [visit.node for visit in told.visits] == backward_order(loss)[::-1]
        assert [visit.step for visit in told.visits] == list(range(1, len(told.visits) + 1))
        found = ad.gradients(loss)
        for visit in told.visits + told.leaves:
            np.testing.assert_allclose(visit.received, found[visit.node])
            np.testing.assert_allclose(
                visit.received, sum(arrival.amount for arrival in visit.arrivals)
            )
        assert {visit.node for visit in told.leaves} == {x, v}
        loss.backward()
        np.testing.assert_allclose(told.leaves[0].received, x.grad)
        assert told.leaves[1].received == pytest.approx(v.grad)

    def test_every_node_is_met_after_all_that_use_it(self) -> None:
        told = ad.explain_backward(self.graph()[2])
        steps = {visit.node: visit.step for visit in told.visits}
        for visit in told.visits:
            assert all(steps.get(share.node, 99) > visit.step for share in visit.sent)
            assert all(arrival.step < visit.step for arrival in visit.arrivals)

    def test_nothing_is_changed(self) -> None:
        x, v, loss = self.graph()
        called = []
        x.register_hook(called.append)
        ad.explain_backward(loss)
        assert (x.grad, v.grad, called) == (None, None, [])
        loss.backward()
        assert len(called) == 1

    def test_the_gradient_to_begin_with_may_be_given(self) -> None:
        x = ad.Tensor([1.0, 2.0], requires_grad=True)
        told = ad.explain_backward(x * 2, np.array([1.0, 10.0], np.float32))
        assert told.leaves[0].received.tolist() == [2.0, 20.0]
        with pytest.raises(ad.NonScalarBackwardError):
            ad.explain_backward(x * 2)
        with pytest.raises(ad.NonDifferentiableError):
            ad.explain_backward(ad.Tensor(1.0))

    def test_complex_gradients_are_shown_in_the_convention_of_grad(self) -> None:
        z = ad.Tensor(np.array([3 + 4j]), requires_grad=True)
        loss = ad.sum(ad.abs(z) ** 2)
        told = ad.explain_backward(loss)
        loss.backward()
        np.testing.assert_allclose(told.leaves[0].received, z.grad)

    def test_the_text_of_a_long_pass_is_cut(self) -> None:
        xs = [ad.Value(float(i)) for i in range(50)]
        y: Any = xs[0]
        for x in xs:
            y = y * 0.5 + x
        told = ad.explain_backward(y)
        text = told.text(limit=3)
        assert text.count("received") == 3
        assert text.splitlines().count("... 97 more") == 1
        assert text.splitlines()[-1] == "... 47 more"
        assert "backward from add: 100 operations" in text

    def test_a_leaf_alone(self) -> None:
        x = ad.Value(1.0, name="x")
        told = ad.explain_backward(x)
        assert told.visits == []
        assert str(told).splitlines()[-1] == "     x (leaf): 1 from the start"
