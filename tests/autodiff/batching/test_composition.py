"""`vmap` beside the rest of the engine: own rules, hooks, compiled steps, changes in place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.autodiff.reference import normal, same


@ad.custom_function
def scaled(x: Any, w: Any) -> Any:
    return ad.sin(x) * w


@scaled.vjp
def scaled_rule(g: Any, y: Any, x: Any, w: Any) -> Any:
    return g * w * ad.cos(x), ad.sum(g * ad.sin(x)) if w.ndim == 0 else g * ad.sin(x)


def solved(x: Any, w: Any) -> Any:
    return ad.fixed_point(lambda z, x, w: 0.3 * ad.sin(z) * w + x, ad.Tensor(np.zeros(2)), x, w)


def rooted(x: Any, w: Any) -> Any:
    return ad.find_root(lambda z, x, w: z + 0.3 * ad.sin(z * w) - x, np.zeros(2), x, w)


def again(x: Any, w: Any) -> Any:
    return ad.checkpoint(lambda x: ad.exp(ad.sin(x * w)) * w)(x)


@pytest.mark.parametrize("function", [scaled, solved, rooted, again])
class TestOwnRules:
    def test_gradients_of_every_example(self, function: Any) -> None:
        x, w = normal((3, 2), (2,))
        each = ad.grad(lambda x, w: ad.sum(function(x, w) ** 2), (0, 1))
        found = ad.vmap(each, (0, None))(x, w)
        for i in range(3):
            for g, e in zip(found, each(x[i], w), strict=True):
                same(g[i], e, rtol=1e-9)

    def test_gradients_of_all_examples(self, function: Any) -> None:
        x, w = normal((3, 2), (2,))
        mapped = lambda x, w: ad.sum(ad.vmap(function, (0, None))(x, w) ** 2)  # noqa: E731
        plain = lambda x, w: sum(ad.sum(function(x[i], w) ** 2) for i in range(3))  # noqa: E731
        for k in (0, 1):
            same(ad.grad(mapped, k)(x, w), ad.grad(plain, k)(x, w), rtol=1e-9)

    def test_what_is_closed_over(self, function: Any) -> None:
        x, w = normal((3, 2), (2,))
        weight = ad.Tensor(w, requires_grad=True)
        ad.vmap(lambda x: ad.sum(function(x, weight)))(x).sum().backward()
        plain = lambda w: sum(ad.sum(function(ad.Tensor(x[i]), w)) for i in range(3))  # noqa: E731
        same(weight.grad, ad.grad(plain)(w), rtol=1e-9)

    def test_second_derivatives(self, function: Any) -> None:
        x, w = normal((3, 2), (2,))

        def twice(total: Any) -> Any:
            return ad.grad(lambda w: ad.sum(ad.grad(total)(w) ** 2))(w)

        mapped = lambda w: ad.sum(ad.vmap(lambda x: function(x, w))(x) ** 2)  # noqa: E731
        plain = lambda w: sum(ad.sum(function(ad.Tensor(x[i]), w) ** 2) for i in range(3))  # noqa: E731
        same(twice(mapped), twice(plain), rtol=1e-8)


class TestNumbersAndArrays:
    def test_derivatives_by_numbers(self) -> None:
        (x,) = normal((3, 2))
        f = lambda a, x: ad.sum(a * a * x)  # noqa: E731
        same(ad.vmap(ad.grad(f), (None, 0))(2.0, x), 4 * x.sum(1))
        same(ad.vmap(lambda x: ad.grad(lambda a: f(a, x))(2.0))(x), 4 * x.sum(1))

    def test_derivatives_by_arrays_from_outside(self) -> None:
        (x,) = normal((3, 2))
        a = np.array([1.0, 2.0])
        found = ad.vmap(lambda x: ad.value_and_grad(lambda a: ad.sum(a * a * x))(a))(x)
        same(found[0], (a * a * x).sum(1))
        same(found[1], 2 * a * x)


class TestProductsWithDerivatives:
    def test_rows_and_columns_of_a_jacobian(self) -> None:
        x, w = normal((3,), (3,))
        f = lambda x: ad.sin(x) * ad.sum(x * x) + ad.cumsum(x) * w  # noqa: E731
        _, pull = ad.vjp(f, x)
        rows = ad.vmap(lambda g: pull(g)[0])(np.eye(3))
        _, push = ad.linearize(f, x)
        for columns in (
            ad.vmap(push)(np.eye(3)),
            ad.vmap(lambda v: ad.jvp(f, (x,), (v,))[1])(np.eye(3)),
        ):
            same(columns.T, rows)
        expected = np.cos(x) * (x @ x) * np.eye(3) + np.outer(np.sin(x), 2 * x)
        same(rows, expected + np.tril(np.ones((3, 3))) * w[:, None])

    def test_a_hessian_in_both_orders_of_modes(self) -> None:
        (x,) = normal((3,))
        f = lambda x: ad.sum(ad.exp(x) * x[::-1])  # noqa: E731
        expected = np.diag(np.exp(x) * x[::-1])
        for i in range(3):
            expected[i, 2 - i] += np.exp(x[i]) + np.exp(x[2 - i])
        forward = ad.vmap(lambda v: ad.jvp(ad.grad(f), (x,), (v,))[1])(np.eye(3))
        reverse = ad.vmap(lambda v: ad.grad(lambda x: ad.jvp(f, (x,), (v,))[1])(x))(np.eye(3))
        same(forward, expected)
        same(reverse, expected)

    @pytest.mark.parametrize("transform", [ad.jacrev, ad.jacfwd, ad.jacobian])
    def test_jacobians_of_every_example_and_of_all(self, transform: Any) -> None:
        x, w = normal((4, 3), (3,))
        f = lambda x: ad.sin(x) * ad.sum(x * x) + ad.cumsum(x) * w  # noqa: E731
        each = np.stack([transform(f)(row) for row in x])
        same(ad.vmap(transform(f))(x), each, rtol=1e-11)
        whole = transform(ad.vmap(f))(x)
        same(whole, np.einsum("nij,nm->nimj", each, np.eye(4)), rtol=1e-11, atol=1e-13)

    def test_hessians_of_every_example_and_through_all(self) -> None:
        x, w = normal((4, 3), (3,))
        f = lambda x: ad.sum(ad.exp(x) * ad.sin(x[::-1] * w))  # noqa: E731
        found = ad.vmap(ad.hessian(f))(x)
        same(found, np.stack([ad.hessian(f)(row) for row in x]), rtol=1e-10, atol=1e-12)
        mapped = lambda w: ad.sum(ad.vmap(lambda x: ad.sum(ad.sin(x * w)))(x))  # noqa: E731
        same(
            ad.hessian(mapped)(w), np.diag(-(np.sin(x * w) * x * x).sum(0)), rtol=1e-10, atol=1e-12
        )

    def test_products_with_hessians(self) -> None:
        x, v = normal((4, 3), (4, 3))
        f = lambda x: ad.sum(ad.exp(x) * x[::-1])  # noqa: E731
        found = ad.vmap(lambda x, v: ad.hvp(f, (x,), (v,))[0])(x, v)
        same(found, np.einsum("nij,nj->ni", np.stack([ad.hessian(f)(row) for row in x]), v))

    def test_tangents_of_what_is_shared(self) -> None:
        x, w, v = normal((4, 3), (3,), (3,))
        mapped = lambda w: ad.vmap(lambda x: ad.sum(ad.sin(x * w)))(x)  # noqa: E731
        same(ad.jvp(mapped, (w,), (v,))[1], (np.cos(x * w) * x) @ v)


class TestHooks:
    def test_on_a_parameter_it_sees_the_sum(self) -> None:
        w = ad.Tensor(np.array([1.0, 2.0]), requires_grad=True)
        seen = []
        w.register_hook(lambda g: seen.append(np.array(g)))
        ad.vmap(lambda x: ad.sum(w * x))(np.ones((3, 2))).sum().backward()
        same(seen[0], [3.0, 3.0])

    def test_inside_it_changes_the_gradients_of_all_examples(self) -> None:
        (x,) = normal((3, 2))

        def f(row: Any) -> Any:
            y = row * 2
            y.register_hook(lambda g: g * 10)
            return ad.sum(y)

        leaf = ad.Tensor(x, requires_grad=True)
        ad.vmap(f)(leaf).sum().backward()
        same(leaf.grad, np.full((3, 2), 20.0))


class TestCompiled:
    def test_a_step_with_a_mapped_loss(self) -> None:
        x, y, start = normal((4, 2), (4,), (2,))
        w = ad.Tensor(start, requires_grad=True)

        def step(x: Any, y: Any) -> Any:
            w.grad = None
            loss = ad.vmap(lambda a, b: ad.square(ad.sum(ad.tanh(w * a)) - b))(x, y).sum()
            loss.backward()
            return loss

        compiled = ad.compile(step)
        for k in range(3):
            given = ad.Tensor(x + k), ad.Tensor(y)
            expected = step(*given).item(), w.grad.copy()
            same(compiled(*given).item(), expected[0])
            same(w.grad, expected[1])

    def test_gradients_of_every_example(self) -> None:
        x, w = normal((4, 2), (2,))
        each = ad.vmap(ad.grad(lambda w, a: ad.sum(ad.sort(w * a)[0] ** 2)), (None, 0))
        same(ad.compile(each)(ad.Tensor(w), ad.Tensor(x)).data, each(w, x))

    def test_inside_a_mapped_function_a_step_is_a_part_of_it(self) -> None:
        (x,) = normal((4, 2))
        step = ad.compile(lambda row: ad.tanh(row) * row)
        same(ad.vmap(step)(x), np.tanh(x) * x)
        same(step(x[0]), np.tanh(x[0]) * x[0])


class TestInPlace:
    def test_own_tensors_are_changed(self) -> None:
        (x,) = normal((3, 2))

        def f(row: Any) -> Any:
            y = ad.Tensor(row.data)
            y += row
            y[0] = 5.0
            return y

        found = ad.vmap(f)(x)
        same(found, np.stack([np.full(3, 5.0), 2 * x[:, 1]], axis=1))

    def test_a_running_sum_is_one_for_every_example(self) -> None:
        (x,) = normal((3, 2))

        def f(row: Any) -> Any:
            total = ad.Tensor(np.zeros(2))
            total += row
            total += row
            return total

        same(ad.vmap(f)(x), 2 * x)

    def test_what_is_the_same_for_all_is_not(self) -> None:
        total = ad.Tensor(np.zeros(2))

        def accumulating(row: Any) -> Any:
            own = total
            own += row
            return own

        def assigning(row: Any) -> Any:
            total.data = row.data
            return row

        # The operator gives the name a new node; the tensor that others see stays.
        same(ad.vmap(accumulating)(np.ones((3, 2))), np.ones((3, 2)))
        with pytest.raises(ad.BatchingError, match="within vmap"):
            ad.vmap(assigning)(np.ones((3, 2)))
        same(total.data, np.zeros(2))

    def test_running_statistics_are_refused(self) -> None:
        norm = nn.BatchNorm1d(2)
        with pytest.raises(ad.BatchingError, match="within vmap"):
            ad.vmap(norm)(ad.Tensor(np.ones((3, 4, 2), np.float32)))


class TestAnomaly:
    def test_it_is_looked_for_in_all_examples(self) -> None:
        x = np.array([[1.0, 2.0], [0.0, 3.0]])
        w = ad.Tensor(np.ones(2), requires_grad=True)
        with ad.detect_anomaly(), np.errstate(all="ignore"):
            ad.vmap(lambda row: ad.sum(ad.exp(row * w)))(x).sum().backward()
            with pytest.raises(FloatingPointError, match="'log'"):
                ad.vmap(lambda row: ad.sum(ad.log(row * w)))(x)
