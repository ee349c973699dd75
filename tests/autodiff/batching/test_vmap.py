"""`vmap`: axes, trees, nesting, differentiation inside and outside, and what it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.batching.rules import loops
from autodiff.graph.modes import current_mode
from tests.autodiff.reference import normal, same


def predict(w: Any, b: Any, x: Any) -> Any:
    return ad.tanh(ad.matmul(w, x) + b)


def loss(w: Any, b: Any, x: Any, y: Any) -> Any:
    return ad.sum(ad.square(predict(w, b, x) - y))


@pytest.fixture
def problem() -> list[Any]:
    return normal((4, 3), (4,), (5, 3), (5, 4))


class TestAxes:
    def test_an_axis_for_each_argument(self) -> None:
        a, b = normal((2, 5), (3, 2, 5))
        found = ad.vmap(lambda x, y: y @ x, in_axes=(1, 2))(a, b)
        same(found, np.stack([b[:, :, i] @ a[:, i] for i in range(5)]))

    def test_axes_counted_from_the_end_and_results_along_another_axis(self) -> None:
        (a,) = normal((2, 3, 5))
        found = ad.vmap(lambda x: x.T, in_axes=-1, out_axes=-1)(a)
        same(found, np.swapaxes(a, 0, 1))
        same(ad.vmap(lambda x: x.T, in_axes=2, out_axes=1)(a), np.transpose(a, (1, 2, 0)))

    def test_trees_of_arguments_and_results(self) -> None:
        @dataclass
        class Pair:
            left: Any
            right: Any

        a, b, c = normal((5, 2), (2,), (5,))

        def f(params: Any, pair: Any) -> Any:
            return {"sum": params["a"] + params["b"], "pair": Pair(pair.left * 2, pair.right)}

        axes = ({"a": 0, "b": None}, 0)
        out = {"sum": 0, "pair": 0}
        found = ad.vmap(f, in_axes=axes, out_axes=out)({"a": a, "b": b}, Pair(c, c))
        same(found["sum"], a + b)
        same(found["pair"].left, 2 * c)
        same(found["pair"].right, c)

    def test_a_result_that_is_the_same_for_all(self) -> None:
        a, b = normal((5, 2), (2,))
        found, total = ad.vmap(lambda x, y: (x, ad.sum(y)), (0, None), (0, None))(a, b)
        same(found, a)
        same(total, b.sum())
        repeated = ad.vmap(lambda x, y: ad.sum(y), (0, None))(a, b)
        same(repeated, np.full(5, b.sum()))

    def test_the_gradient_of_a_result_that_is_the_same_for_all_counts_once(self) -> None:
        w = ad.Tensor(normal((2,))[0], requires_grad=True)
        y, _ = ad.vmap(lambda x: (ad.sum(w * w), x), out_axes=(None, 0))(np.ones((5, 2)))
        y.backward()
        same(w.grad, 2 * w.data)
        w.zero_grad()
        ad.vmap(lambda x: ad.sum(w * w))(np.ones((5, 2))).sum().backward()
        same(w.grad, 10 * w.data)

    def test_numbers_strings_and_keywords_are_the_same_for_all(self) -> None:
        (a,) = normal((5, 2))

        def f(x: Any, factor: float, kind: str, axis: int = 0) -> Any:
            assert kind == "plain"
            return ad.sum(x * factor, axis=axis)

        found = ad.vmap(f, in_axes=(0, None, None))(a, 2.0, "plain", axis=-1)
        same(found, 2 * a.sum(1))

    def test_lists_of_numbers_are_arrays(self) -> None:
        found = ad.vmap(lambda x: x * 2)([[1.0, 2.0], [3.0, 4.0]])
        assert found.dtype == np.float64
        same(found, [[2, 4], [6, 8]])

    def test_no_argument_but_a_number_of_examples(self) -> None:
        same(ad.vmap(lambda: ad.ones_like([1.0, 2.0]), axis_size=3)(), np.ones((3, 2)))

    @pytest.mark.parametrize("function", [lambda x: x * 2, lambda x: ad.sort(x), ad.sum])
    def test_no_examples(self, function: Any) -> None:
        one = function(ad.Tensor(np.zeros(3)))
        assert ad.vmap(function)(np.zeros((0, 3))).shape == (0, *one.shape)

    def test_arrays_for_arrays_and_tensors_for_tensors(self) -> None:
        (a,) = normal((5, 2))
        assert isinstance(ad.vmap(ad.sin)(a), np.ndarray)
        assert isinstance(ad.vmap(ad.sin)(ad.Tensor(a)), ad.Tensor)
        w = ad.Tensor(np.ones(2), requires_grad=True)
        assert ad.vmap(lambda x: x * w)(a).requires_grad
        with ad.no_grad():
            assert isinstance(ad.vmap(lambda x: x * w)(a), np.ndarray)

    def test_the_argument_is_not_shared_with_the_result(self) -> None:
        (a,) = normal((5, 2))
        before = a.copy()
        found = ad.vmap(lambda x: x)(a)
        found += 1
        same(a, before)

    def test_results_share_no_memory(self) -> None:
        a, b, c = ad.vmap(lambda x: (y := x * 2, y, y[::-1]))(np.ones((5, 2)))
        a += 1
        b += 5
        same(c, np.full((5, 2), 2.0))
        same(a, np.full((5, 2), 3.0))
        same(b, np.full((5, 2), 7.0))

    def test_float32_stays(self) -> None:
        a = np.ones((5, 2), np.float32)
        assert ad.vmap(lambda x: ad.sum(x * 2.0 + 1))(a).dtype == np.float32


class TestGradients:
    def test_of_every_example_in_one_call(self, problem: list[Any]) -> None:
        w, b, x, y = problem
        found = ad.vmap(ad.grad(loss, (0, 1)), in_axes=(None, None, 0, 0))(w, b, x, y)
        for i in range(5):
            for g, e in zip(found, ad.grad(loss, (0, 1))(w, b, x[i], y[i]), strict=True):
                assert isinstance(g, np.ndarray)
                same(g[i], e)

    def test_values_and_gradients(self, problem: list[Any]) -> None:
        w, b, x, y = problem
        axes = (None, None, 0, 0)
        values, grads = ad.vmap(ad.value_and_grad(loss), in_axes=axes)(w, b, x, y)
        same(values, [loss(w, b, x[i], y[i]).item() for i in range(5)])
        same(grads.sum(0), ad.grad(lambda w: ad.vmap(loss, axes)(w, b, x, y).sum())(w))

    def test_run_without_a_loop(self, problem: list[Any], monkeypatch: Any) -> None:
        monkeypatch.setattr(loops, "_example", None)
        w, b, x, y = problem
        ad.vmap(ad.grad(loss, (0, 1)), in_axes=(None, None, 0, 0))(w, b, x, y)
        with pytest.raises(TypeError):
            ad.vmap(lambda x: ad.Tensor(np.kron(x._data, np.ones(2))))(x)

    def test_backward_through_a_mapped_function(self, problem: list[Any]) -> None:
        w, b, x, y = problem
        nodes = [ad.Tensor(a, requires_grad=True) for a in problem]
        ad.vmap(loss, (None, None, 0, 0))(*nodes).sum().backward()
        for i, node in enumerate(nodes):
            expected = ad.grad(
                lambda *a: sum(loss(a[0], a[1], a[2][i], a[3][i]) for i in range(5)), i
            )
            same(node.grad, expected(w, b, x, y), rtol=1e-11)

    def test_what_is_closed_over_gets_the_sum(self, problem: list[Any]) -> None:
        w, _b, x, _y = problem
        weight = ad.Tensor(w, requires_grad=True)
        # Used before it meets a batch, too.
        ad.vmap(lambda x: ad.sum(ad.exp(weight * 0.5) @ x))(x).sum().backward()
        expected = ad.grad(lambda w: sum(ad.sum(ad.exp(w * 0.5) @ x[i]) for i in range(5)))(w)
        same(weight.grad, expected, rtol=1e-11)

    def test_backward_inside_adds_up_outside(self) -> None:
        w = ad.Tensor(np.array([1.0, 2.0]), requires_grad=True)
        x = np.arange(6.0).reshape(3, 2)

        def f(row: Any) -> Any:
            y = ad.sum(w * row)
            y.backward()
            return ad.sum(row)

        ad.vmap(f)(x)
        same(w.grad, x.sum(0))

    def test_within_a_gradient_is_that_of_one_example(self, problem: list[Any]) -> None:
        w, b, x, y = problem
        weight = ad.Tensor(w, requires_grad=True)
        half = weight * 0.5

        def f(x: Any, y: Any) -> Any:
            return ad.gradients(loss(half * weight, b, x, y), inputs=[weight])[0]

        found = ad.vmap(f)(x, y)
        assert isinstance(found, np.ndarray)
        for i in range(5):
            same(found[i], np.asarray(f(ad.Tensor(x[i]), y[i])), rtol=1e-11)

    def test_within_also_as_nodes(self, problem: list[Any]) -> None:
        w, b, x, y = problem
        weight = ad.Tensor(w, requires_grad=True)

        def f(x: Any, y: Any) -> Any:
            out = loss(weight, b, x, y)
            (g,) = ad.gradients(out, inputs=[weight], create_graph=True)
            return ad.sum(g * g)

        ad.vmap(f)(x, y).sum().backward()
        found, weight.grad = weight.grad, None
        sum(f(ad.Tensor(x[i]), y[i]) for i in range(5)).backward()
        same(found, weight.grad, rtol=1e-10)

    def test_within_two_mappings(self) -> None:
        a, b = normal((3, 2), (4, 2))
        w = ad.Tensor(np.array([1.0, 2.0]), requires_grad=True)
        f = lambda x, y: ad.gradients(ad.sum(w * w * x * y), inputs=[w])[0]  # noqa: E731
        found = ad.vmap(lambda x: ad.vmap(lambda y: f(x, y))(b))(a)
        same(found, 2 * w.data * a[:, None] * b)
        outer = ad.vmap(
            lambda x: ad.gradients(ad.vmap(lambda y: ad.sum(w * x * y))(b).sum(), inputs=[w])[0]
        )
        same(outer(a), a * b.sum(0))

    def test_the_gradient_by_a_value_within_is_refused(self) -> None:
        v = ad.Value(2.0)
        with pytest.raises(ad.BatchingError, match="Value"):
            ad.vmap(lambda x: ad.gradients(ad.sum(x * v), inputs=[v])[0])(np.ones((3, 2)))

    def test_backward_inside_what_does_not_differ_counts_for_every_example(self) -> None:
        w = ad.Tensor(np.array([1.0, 2.0]), requires_grad=True)

        def f(x: Any) -> Any:
            ad.sum(w * w).backward()
            return x

        ad.vmap(f)(np.ones((3, 2)))
        same(w.grad, 3 * 2 * w.data)
        w.zero_grad()

        def g(x: Any) -> Any:
            ad.sum(w * w * x).backward(create_graph=True)
            return x

        ad.vmap(g)(np.ones((3, 2)))
        same(w.grad.data, 3 * 2 * w.data)
        w.zero_grad()

    def test_values_and_tensors_together(self) -> None:
        v = ad.Value(2.0)
        ad.vmap(lambda x: ad.sum(x * v * v))(np.arange(6.0).reshape(3, 2)).sum().backward()
        assert v.grad == 60.0

    def test_second_order_with_create_graph(self, problem: list[Any]) -> None:
        w, b, x, y = problem
        weight = ad.Tensor(w, requires_grad=True)
        total = ad.vmap(lambda x, y: loss(weight, b, x, y))(x, y).sum()
        total.backward(create_graph=True)
        g = weight.grad
        weight.grad = None
        ad.sum(g * g).backward()

        def penalty(w: Any) -> Any:
            inner = ad.grad(lambda w: sum(loss(w, b, x[i], y[i]) for i in range(5)))(w)
            return ad.sum(inner * inner)

        same(weight.grad, ad.grad(penalty)(w), rtol=1e-9)

    def test_a_gradient_penalty_for_every_example(self, problem: list[Any]) -> None:
        w, b, x, y = problem

        def penalty(w: Any, x: Any, y: Any) -> Any:
            g = ad.grad(lambda x: loss(w, b, x, y))(x)
            return ad.sum(g * g)

        found = ad.grad(lambda w: ad.vmap(penalty, (None, 0, 0))(w, x, y).sum())(w)
        same(found, ad.grad(lambda w: sum(penalty(w, x[i], y[i]) for i in range(5)))(w), rtol=1e-10)

    def test_hessian_by_products_with_all_unit_vectors(self) -> None:
        v = normal((4,))[0]
        f = lambda z: ad.sum(ad.exp(z) * ad.sin(z[::-1])) + ad.prod(z)  # noqa: E731

        def product(u: Any) -> Any:
            return ad.grad(lambda z: ad.sum(ad.grad(f)(z) * u))(ad.Tensor(v))

        found = ad.vmap(product)(np.eye(4))
        h = 1e-5
        columns = [(ad.grad(f)(v + h * e) - ad.grad(f)(v - h * e)) / (2 * h) for e in np.eye(4)]
        same(found, np.stack(columns), rtol=1e-7, atol=1e-8)

    def test_jacobian_by_all_cotangents(self) -> None:
        x = ad.Tensor(normal((3,))[0], requires_grad=True)
        y = ad.sin(x[[0, 1, 2, 0]]) * x.sum()
        found = ad.vmap(lambda g: ad.gradients(y, g, inputs=[x])[0])(np.eye(4))
        expected = [ad.gradients(y, e, inputs=[x])[0] for e in np.eye(4)]
        same(found, np.stack(expected))

    def test_cotangents_of_a_graph_that_was_mapped_itself(self) -> None:
        x = ad.Tensor(normal((3, 2))[0], requires_grad=True)
        y = ad.vmap(lambda row: ad.sum(ad.sin(row)) * ad.sum(x))(x)
        found = ad.vmap(lambda g: ad.gradients(y, g, inputs=[x])[0])(np.eye(3))
        same(found, np.stack([ad.gradients(y, e, inputs=[x])[0] for e in np.eye(3)]))


class TestNesting:
    def test_outer_products(self) -> None:
        a, b = normal((3,), (4,))
        found = ad.vmap(ad.vmap(lambda x, y: x * y, (None, 0)), (0, None))(a, b)
        same(found, np.outer(a, b))

    def test_what_belongs_to_both(self) -> None:
        a, b, c = normal((3, 2), (4, 2), (2, 2))

        def f(x: Any, y: Any) -> Any:
            return ad.matmul(c, x) @ y + ad.sort(x * y)[0] + ad.max(ad.concatenate([x, y]))

        found = ad.vmap(lambda x: ad.vmap(lambda y: f(x, y))(b))(a)
        same(found, [[f(x, y).item() for y in b] for x in a])

    def test_gradients_between(self) -> None:
        a, b = normal((3, 2), (4, 2))

        def f(x: Any, y: Any) -> Any:
            return ad.sum(ad.sin(x * y)) * ad.sum(x)

        inner = lambda x: ad.sum(ad.vmap(ad.grad(f), (None, 0))(x, b) ** 2)  # noqa: E731
        found = ad.vmap(ad.grad(inner))(a)
        plain = lambda x: sum(ad.sum(ad.grad(f)(x, y) ** 2) for y in b)  # noqa: E731
        same(found, np.stack([ad.grad(plain)(x) for x in a]), rtol=1e-10)

    def test_one_parameter_of_all(self) -> None:
        a, b = normal((3, 2), (4, 2))
        w = ad.Tensor(normal((2,), seed=8)[0], requires_grad=True)
        y = ad.vmap(lambda x: ad.vmap(lambda y: ad.sum(w * w * x * y))(b))(a)
        y.sum().backward()
        expected = 2 * w.data * sum(x * y for x in a for y in b)
        same(w.grad, expected, rtol=1e-11)


class TestIndexing:
    def test_an_index_that_differs(self) -> None:
        table, places = normal((6, 3))[0], np.array([[5, 0], [0, 0], [2, -1]])
        same(ad.vmap(lambda i: ad.Tensor(table)[i])(places), table[places])
        same(ad.vmap(lambda i: ad.take(table, i, axis=0))(places), table[places])
        w = ad.Tensor(table, requires_grad=True)
        ad.vmap(lambda i: ad.sum(w[i]))(places).sum().backward()
        expected = np.zeros((6, 3))
        np.add.at(expected, places, 1.0)
        same(w.grad, expected)

    @pytest.mark.parametrize(
        "index",
        [
            lambda i: (i, slice(None), 0),
            lambda i: (slice(None), i),
            lambda i: (slice(None), i, i),
            lambda i: (i, slice(None), i),
            lambda i: (..., i),
            lambda i: (None, slice(1, None), i, None),
            lambda i: (np.array([0, 1]), i),
            lambda i: (np.array([[0], [1]]), slice(None), i),
        ],
    )
    @pytest.mark.parametrize("shared", [False, True])
    @pytest.mark.parametrize("places", [[[0, 1], [1, 1], [2, 0]], [0, 2, 1]])
    def test_every_kind_of_index(self, index: Any, shared: bool, places: Any) -> None:
        x, _v = normal((3, 3, 3, 3), (3, 3))
        places = np.array(places)
        if shared:
            x = x[0]
        axes = (None if shared else 0, 0)
        found = ad.vmap(lambda x, i: x[index(i)], axes)(ad.Tensor(x), places)
        one = lambda k: x if shared else x[k]  # noqa: E731
        expected = np.stack([one(k)[index(i)] for k, i in enumerate(places)])
        same(found.data, expected)
        put = ad.vmap(lambda x, i: ad.index_add(x, index(i), 2.5), axes)(ad.Tensor(x), places)
        for k, i in enumerate(places):
            changed = one(k).copy()
            np.add.at(changed, index(i), 2.5)
            same(put.data[k], changed)

    def test_writing_where_the_last_wins(self) -> None:
        x, v = normal((3, 4), (3, 3))
        places = np.array([[0, 0, 1], [3, 2, 3], [1, 1, 1]])
        f = lambda x, v, i: ad.sum(ad.square(ad.index_set(x, i, v)))  # noqa: E731
        for k in (0, 1):
            found = ad.vmap(ad.grad(f, k))(x, v, places)
            same(found, np.stack([ad.grad(f, k)(*row) for row in zip(x, v, places, strict=True)]))

    def test_one_hot_and_places_of_extremes(self) -> None:
        (x,) = normal((5, 4))
        found = ad.vmap(lambda row: ad.one_hot(ad.argmax(row), 4, dtype=np.float64) * row)(x)
        same(found, np.where(x == x.max(1, keepdims=True), x, 0))


class TestExampleByExample:
    """What has no rule is done for one example after the other."""

    def test_a_function_with_one_result(self) -> None:
        (x,) = normal((5, 2))
        found = ad.vmap(lambda x: ad.Tensor(np.kron(x.data, np.ones(2))))(x)
        same(found, np.repeat(x, 2, axis=1))

    def test_a_function_with_several_results(self) -> None:
        (x,) = normal((5, 3))
        values, edges = ad.vmap(lambda x: tuple(map(ad.Tensor, np.histogram(x.data, 2))))(x)
        same(values, [np.histogram(row, 2)[0] for row in x])
        same(edges, [np.histogram(row, 2)[1] for row in x])

    def test_no_examples(self) -> None:
        found = ad.vmap(lambda x: ad.Tensor(np.kron(x.data, np.ones(2))))(np.ones((0, 3)))
        assert found.shape == (0, 6)


class TestRefusals:
    def test_different_numbers_of_examples(self) -> None:
        with pytest.raises(ad.ShapeError, match=r"5 for argument 0 \(axis 0\), 4 for argument 1"):
            ad.vmap(ad.add)(np.ones((5, 2)), np.ones((4, 2)))
        with pytest.raises(ad.ShapeError, match=r"argument 0\['w'\]"):
            ad.vmap(lambda p, x: x)({"w": np.ones((5, 2))}, np.ones((4, 2)))
        with pytest.raises(ad.ShapeError, match="7 for axis_size"):
            ad.vmap(ad.sin, axis_size=7)(np.ones(5))

    def test_axes_that_do_not_fit_the_arguments(self) -> None:
        with pytest.raises(ad.ShapeError, match="has 1 entries"):
            ad.vmap(ad.add, in_axes=(0,))(np.ones(5), np.ones(5))
        with pytest.raises(ad.ShapeError, match=r"in_axes has .*'b'"):
            ad.vmap(lambda p: p, in_axes=({"b": 0},))({"a": np.ones(5)})
        with pytest.raises(ad.ShapeError, match="axis 3 of argument 0"):
            ad.vmap(ad.sin, in_axes=3)(np.ones(5))
        with pytest.raises(ad.ShapeError, match="argument 1, a float without axes"):
            ad.vmap(ad.add)(np.ones(5), 2.0)
        with pytest.raises(ad.ShapeError, match="out_axes"):
            ad.vmap(lambda x: (x, x), out_axes=(0,))(np.ones(5))

    def test_no_argument_to_map_over(self) -> None:
        with pytest.raises(ad.ShapeError, match="no argument to map over"):
            ad.vmap(ad.sin, in_axes=None)(np.ones(5))

    def test_a_result_that_differs_given_once(self) -> None:
        with pytest.raises(ad.BatchingError, match="out_axes is None"):
            ad.vmap(ad.sin, out_axes=None)(np.ones(5))

    @pytest.mark.parametrize(
        "function",
        [
            lambda x: x if x > 0 else -x,
            lambda x: float(x) * x,
            lambda x: x.item() * x,
            lambda x: ad.Tensor(x.numpy()),
            lambda x: ad.Tensor(np.asarray(x.data)),
            lambda x: x * x.tolist(),
            lambda x: range(x.astype(int).data),
            lambda x: ad.to_value(x),
        ],
    )
    def test_numbers_of_one_example(self, function: Any) -> None:
        with pytest.raises(ad.BatchingError, match="within vmap"):
            ad.vmap(function)(np.ones(5))

    def test_shapes_that_depend_on_numbers(self) -> None:
        with pytest.raises(ad.BatchingError, match="booleans"):
            ad.vmap(lambda x: x[x > 0])(np.ones((5, 2)))
        with pytest.raises(ad.BatchingError, match="different shapes"):
            ad.vmap(lambda x: ad.Tensor(np.unique(x.data)))(np.array([[1.0, 1.0], [1.0, 2.0]]))

    def test_random_numbers(self) -> None:
        rng = np.random.default_rng(0)
        with pytest.raises(ad.BatchingError, match="random numbers"):
            ad.vmap(lambda x: x * ad.live.uniform(rng, (2,)))(np.ones((5, 2)))

    def test_shapes_are_those_of_one_example_in_errors(self) -> None:
        with pytest.raises(ad.ShapeError, match=r"\(2,\) and shape \(3,\)|\(2,\).*\(3,\)"):
            ad.vmap(ad.add)(np.ones((5, 2)), np.ones((5, 3)))
        with pytest.raises(ad.ShapeError, match="inner lengths 2 and 3"):
            ad.vmap(ad.matmul)(np.ones((5, 4, 2)), np.ones((5, 3, 4)))
        with pytest.raises(ad.ShapeError, match="axis"):
            ad.vmap(lambda x: ad.sum(x, axis=1))(np.ones((5, 2)))

    def test_after_an_error_nothing_is_mapped(self) -> None:
        with pytest.raises(ad.BatchingError):
            ad.vmap(lambda x: bool(x))(np.ones(5))
        assert ad.Tensor([1.0]).sum().item() == 1.0
        assert not current_mode().batches

    def test_an_example_can_be_looked_at(self) -> None:
        seen = []
        ad.vmap(lambda x: seen.append(repr(x)) or x)(np.ones((5, 2)))
        assert "5 examples of shape (2,)" in seen[0]
