"""Operators in place and item assignment: right, or refused."""

from __future__ import annotations

import doctest
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.graph.extras import extras_of
from autodiff.graph.staleness import viewed_leaf
from autodiff.methods.in_place import OPERATORS
from autodiff.tensors.operations import apply
from tests.autodiff.reference import same
from tests.autodiff.table.elementwise_samples import DIFFERENTIABLE, operands_for
from tests.autodiff.table.elementwise_samples import apply as apply_elementwise
from tests.autodiff.table.elementwise_samples import title as elementwise_title
from tests.autodiff.table.structural_samples import SAMPLED, samples, title

CHANGES: dict[str, Callable[[Any, Any], Any]] = {
    name: getattr(operator, f"i{name}") for name in OPERATORS
}
PLAIN = {name: getattr(operator, name) for name in OPERATORS}
A = np.array([[1.5, 2.0], [3.0, 4.0]])
B = np.array([[2.0, 3.0], [0.5, 1.0]])


def leaf(data: Any = A, name: str = "x") -> ad.Tensor:
    return ad.Tensor(data, requires_grad=True, name=name)


@pytest.mark.parametrize("name", OPERATORS)
class TestOperators:
    def test_on_a_result_the_name_is_given_a_new_node(self, name: str) -> None:
        x, v = leaf(), leaf(B, "v")
        first = h = x * 1.0
        used = h * h
        h = CHANGES[name](h, v)
        assert h is not first
        same(first.data, A)
        same(h.data, PLAIN[name](A, B))
        (h.sum() + used.sum()).backward()
        y, w = leaf(), leaf(B)
        (PLAIN[name](y * 1.0, w).sum() + (y * y).sum()).backward()
        same(x.grad, y.grad)
        same(v.grad, w.grad)

    @pytest.mark.parametrize("other", ["tensor", "array"])
    def test_on_a_constant_the_array_is_changed(self, name: str, other: str) -> None:
        x = c = ad.Tensor(A)
        c = CHANGES[name](c, ad.Tensor(B) if other == "tensor" else B)
        assert c is x
        same(c.data, PLAIN[name](A, B))

    def test_a_gradient_that_needs_a_constant_s_old_numbers_is_refused(self, name: str) -> None:
        x, c = leaf(), ad.Tensor(A)
        y = x * c
        z = x + c
        CHANGES[name](c, B)
        z.sum().backward()
        same(x.grad, np.ones((2, 2)))
        with pytest.raises(ad.StaleDataError, match="its operand 1"):
            y.sum().backward()

    def test_a_leaf_is_refused_where_it_is_recorded_and_changed_where_it_is_not(
        self, name: str
    ) -> None:
        x = w = leaf()
        y = (w * w).sum()
        sign = OPERATORS[name].replace("*", r"\*").replace("+", r"\+")
        with pytest.raises(ad.NonDifferentiableError, match=rf"x {sign}= v on 'x' \(a leaf\)"):
            CHANGES[name](w, B)
        same(w.data, A)
        with ad.no_grad():
            w = CHANGES[name](w, leaf(B))
        assert w is x
        assert w.requires_grad
        same(w.data, PLAIN[name](A, B))
        with pytest.raises(ad.StaleDataError):
            y.backward()


def test_on_a_constant_with_something_that_needs_a_gradient_a_new_node() -> None:
    x, total = leaf(), ad.Tensor(0.0)
    first = total
    for row in x:
        total += (row * row).sum()
    assert first.item() == 0.0
    total.backward()
    same(x.grad, 2 * A)


@pytest.mark.parametrize("given", [A[0], ad.Tensor(A[0])], ids=["array", "tensor"])
def test_in_functions_that_are_differentiated(given: Any) -> None:
    def f(t: Any) -> Any:
        total = ad.Tensor(0.0, np.float64)
        t *= 2
        for part in t:
            total += part * part
        return total

    def assigns(t: Any) -> Any:
        out = ad.Tensor(np.zeros(2))
        out[0] = t[0]
        return out.sum()

    same(np.asarray(ad.grad(f)(given)), 8 * A[0])
    same(np.asarray(ad.jvp(f, (given,), (np.ones(2),))[1]), 8 * A[0].sum())
    same(np.asarray(ad.hessian(f)(given)), 8 * np.eye(2))
    rows = np.stack([A[0], A[1]])
    same(np.asarray(ad.vmap(f)(rows)), 4 * (rows**2).sum(axis=1))
    same(np.asarray(ad.vmap(ad.grad(f))(rows)), 8 * rows)
    same(np.asarray(given), A[0])
    same(rows, A)
    for transformed, argument in ((ad.grad(assigns), A[0]), (ad.vmap(assigns), rows)):
        with pytest.raises(ad.NonDifferentiableError, match=r"x\.at\[i\]\.set\(v\)"):
            transformed(argument)


def test_a_number_in_place_on_values_is_a_new_node() -> None:
    x = ad.Value(2.0)
    y = x
    y += 3
    y *= x
    y.backward()
    assert (x.data, y.data, x.grad) == (2.0, 10.0, 7.0)


def test_other_names_of_a_changed_leaf_see_the_change() -> None:
    layer = nn.Linear(2, 2, rng=np.random.default_rng(0))
    x = ad.Tensor(A.astype(np.float32))
    losses = []
    for _ in range(3):
        layer.zero_grad()
        loss = ad.mean(layer(x) ** 2)
        loss.backward()
        losses.append(loss.item())
        with ad.no_grad():
            for p in layer.parameters():
                p -= 0.02 * p.grad
    assert losses[0] > losses[1] > losses[2]


def test_shapes_and_dtypes_stay() -> None:
    c = ad.Tensor(np.ones(2), name="c")
    with pytest.raises(ad.ShapeError, match=r"'c' \(a leaf\) of shape \(2,\) \+= .*\(3, 2\)"):
        c += np.ones((3, 2))
    n = ad.Tensor([1, 2])
    with pytest.raises(TypeError, match="of dtype int64 /= float cannot be kept"):
        n /= 2.0
    n += 1
    assert n.tolist() == [2, 3]
    half = ad.Tensor(np.ones(2, np.float32))
    half += np.ones(2)
    assert half.dtype == np.float32


class TestAssignment:
    @pytest.mark.parametrize(
        ("index", "value"),
        [(0, 9.0), ((0, 1), 9), (slice(1), [7.0, 8.0]), ([1, 0], B), (A > 2, 0.0), (..., B)],
    )
    def test_to_a_constant_is_numpy_s(self, index: Any, value: Any) -> None:
        c, expected = ad.Tensor(A), A.copy()
        c[index] = value
        expected[index] = value
        same(c.data, expected)
        d = ad.Tensor(A)
        d[ad.Tensor(index) if isinstance(index, (list, np.ndarray)) else index] = ad.Tensor(value)
        same(d.data, expected)

    def test_and_operators_at_a_place(self) -> None:
        c = ad.Tensor(A)
        c[0] += 1
        c[:, 1] *= B[0]
        expected = A.copy()
        expected[0] += 1
        expected[:, 1] *= B[0]
        same(c.data, expected)

    def test_a_gradient_that_needs_the_old_numbers_is_refused(self) -> None:
        x, c = leaf(), ad.Tensor(A, name="c")
        y = (x * c).sum()
        c[0, 0] = 5.0
        with pytest.raises(ad.StaleDataError, match=r"operand 1, 'c' \(a leaf\)"):
            y.backward()

    def test_to_a_leaf_only_where_it_is_not_recorded(self) -> None:
        x = leaf()
        y = (x * x).sum()
        with pytest.raises(ad.NonDifferentiableError, match=r"'x' .*y = x.at\[i\].set\(v\)"):
            x[0] = 1.0
        with ad.no_grad():
            x[0] = leaf(B)[0]
        same(x.data, [B[0], A[1]])
        with pytest.raises(ad.StaleDataError):
            y.backward()
        (x * x).sum().backward()
        same(x.grad, 2 * x.data)

    def test_to_a_result_is_refused_with_its_line(self) -> None:
        h = leaf() * 2
        for mode in (ad.enable_grad(), ad.no_grad()):
            with (
                mode,
                pytest.raises(TypeError, match=r"'multiply' made at .*test_in_place.py:.*at"),
            ):
                h[0] = 1.0
        with pytest.raises(TypeError, match=r"\.at\[i\]"):
            h[0] += 1.0

    def test_of_what_needs_a_gradient_is_refused(self) -> None:
        c = ad.Tensor(np.zeros(2))
        for v in (leaf()[0], ad.Value(2.0)):
            with pytest.raises(ad.NonDifferentiableError, match=r"needs a gradient that would be"):
                c[:] = v
        with ad.no_grad():
            c[:] = ad.Value(2.0)
        same(c.data, [2, 2])

    def test_shapes_and_dtypes_that_do_not_fit(self) -> None:
        c = ad.Tensor(np.zeros((2, 3)), name="c")
        with pytest.raises(ad.ShapeError, match=r"shape \(2,\) does not fit into .* shape \(3,\)"):
            c[0] = [1.0, 2.0]
        with pytest.raises(IndexError):
            c[5] = 1.0
        n = ad.Tensor([1, 2])
        for value in (1.5, np.array([1.5, 2.5]), ad.Tensor(1.5)):
            with pytest.raises(TypeError, match="dtype int64 with numbers of dtype float"):
                n[:] = value
        same(n.data, [1, 2])


class TestViews:
    def test_a_change_of_what_a_view_shows_is_noticed_also_if_it_was_not_recorded(self) -> None:
        x, c, w = leaf(), ad.Tensor(A), leaf(name="w")
        with ad.no_grad():
            shown = w.T[1:]
        for view, change in ((c[0][:1], c), (shown, w)):
            y = (x * view).sum()
            with ad.no_grad():
                change *= 2
            with pytest.raises(ad.StaleDataError):
                y.backward()
            (x * view).sum().backward()

    def test_a_view_that_is_written_into_gets_an_array_of_its_own(self) -> None:
        c = ad.Tensor(A)
        view = c[0]
        view[:] = 0.0
        same(view.data, [0, 0])
        same(c.data, A)

    def test_a_view_made_without_recording_keeps_no_graph(self) -> None:
        x = leaf()
        h = x * 2
        with ad.no_grad():
            view = h[0]
        assert extras_of(view).get("viewed") is None


@pytest.mark.parametrize("entry", SAMPLED, ids=title)
@pytest.mark.parametrize("recorded", [False, True])
def test_a_result_that_shares_memory_is_known_as_a_view(entry: Any, recorded: bool) -> None:
    for operands, params in samples(entry):
        nodes = [ad.Tensor(x, requires_grad=recorded and x.dtype.kind in "fc") for x in operands]
        y = apply(entry, *nodes, **params)
        shared = [node for node in nodes if np.shares_memory(y._data, node._data)]
        assert len(shared) <= 1
        for node in shared:
            assert y._data.base is not None
            assert viewed_leaf(y) is node
            assert not y.data.flags.writeable


@pytest.mark.parametrize("entry", DIFFERENTIABLE, ids=elementwise_title)
def test_elementwise_results_share_no_memory(entry: Any) -> None:
    operands = [ad.Tensor(x) for x in operands_for(entry, np.random.default_rng(1), (3,))]
    y = apply_elementwise(entry, *operands)
    assert not any(np.shares_memory(y._data, x._data) for x in operands)


def test_the_page_about_the_life_of_graphs_is_true() -> None:
    page = Path(__file__).parents[3] / "docs" / "graph_life.md"
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    found = doctest.testfile(str(page), module_relative=False, optionflags=options)
    assert found.attempted > 10
    assert found.failed == 0


def test_numpy_s_arrays_are_not_written_into_by_nodes() -> None:
    array = np.zeros((2, 2))
    with pytest.raises(TypeError, match="does not take a Tensor"):
        array += leaf()
    same(array, np.zeros((2, 2)))


@pytest.mark.parametrize("way", ["operator", "item"])
def test_in_a_compiled_step(way: str) -> None:
    def run(compiled: bool) -> list[Any]:
        w = leaf(name="w")

        def step(x: Any) -> Any:
            w.grad = None
            loss = ((w * x) ** 2).sum()
            loss.backward()
            with ad.no_grad():
                nonlocal_w = w
                nonlocal_w -= 0.1 * w.grad
            return loss

        call = ad.compile(step) if compiled else step
        return [call(B).item() for _ in range(4)] + [w.data.copy()]

    if way == "operator":
        for found, expected in zip(run(True), run(False), strict=True):
            same(found, expected)
        return
    found = []
    for compiled in (True, False):
        c = ad.Tensor(A)

        def assigns(x: Any, c: Any = c) -> Any:
            before = c * 1
            c[0] = x[0]
            c[1:] = 2 * c[1:]
            return before + c

        call = ad.compile(assigns) if compiled else assigns
        found.append([call(ad.Tensor(B + k)).data for k in range(4)] + [c.data.copy()])
    for mine, expected in zip(*found, strict=True):
        same(mine, expected)
