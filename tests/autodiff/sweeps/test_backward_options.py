"""`backward` from several roots and into chosen inputs; gradients given back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad


def leaf(*numbers: float, **options: Any) -> ad.Tensor:
    return ad.Tensor(np.array(numbers), requires_grad=True, **options)


def plain(g: Any) -> Any:
    return getattr(g, "data", g)


@pytest.mark.parametrize("create_graph", [False, True])
def test_only_the_inputs_receive_a_gradient(create_graph: bool) -> None:
    x, w = leaf(1.0, 2.0), leaf(3.0, 4.0)
    y = x * w
    z = (y * y).sum()
    z.backward(inputs=[y, w], retain_graph=True, create_graph=create_graph)
    np.testing.assert_array_equal(plain(y.grad), [6.0, 16.0])
    np.testing.assert_array_equal(plain(w.grad), [6.0, 32.0])
    assert x.grad is None
    z.backward(inputs=x)
    np.testing.assert_array_equal(x.grad, [18.0, 64.0])


@pytest.mark.parametrize("create_graph", [False, True])
def test_only_the_chosen_values_receive_a_gradient(create_graph: bool) -> None:
    a, b = ad.Value(2.0), ad.Value(3.0)
    c = a * b
    d = c * c
    d.backward(inputs=[a], create_graph=create_graph)
    assert plain(a.grad) == 36.0
    assert b.grad is c.grad is d.grad is None


def test_nothing_is_computed_that_the_inputs_do_not_need() -> None:
    x = leaf(1.0, -2.0)
    other = leaf(-1.0, 2.0)
    root = (x * 2 + ad.exp(ad.sin(other))).sum() + (ad.log(other * 0 + 1) * x).sum()
    visited: list[str] = []
    for node in ad.topological_order(root):
        if node.requires_grad and node.op is not None:
            node.register_hook(lambda g, name=node.op.name: visited.append(name))  # type: ignore[misc]
    root.backward(inputs=[x])
    assert "sin" not in visited
    assert "exp" not in visited
    assert "log" not in visited
    np.testing.assert_array_equal(x.grad, [2.0, 2.0])


def test_a_stale_operand_that_no_input_needs_is_no_obstacle() -> None:
    x, w = leaf(1.0), leaf(3.0)
    y = ad.exp(w * w)
    z = (y + x).sum()
    w.data = [5.0]
    z.backward(inputs=[x])
    np.testing.assert_array_equal(x.grad, [1.0])


def test_an_unused_input_keeps_the_gradient_it_has() -> None:
    x, w = leaf(1.0), leaf(2.0)
    x.sum().backward(inputs=[w, x])
    assert w.grad is None
    np.testing.assert_array_equal(x.grad, [1.0])


@pytest.mark.parametrize("create_graph", [False, True])
def test_several_roots_are_one_pass(create_graph: bool) -> None:
    x, v = leaf(1.0, 2.0), ad.Value(3.0)
    y = x * x
    z = y.sum() * v
    ad.backward([y, ad.to_value(z), v * 2], [np.ones(2), None, 10.0], create_graph=create_graph)
    np.testing.assert_array_equal(plain(x.grad), 2 * x.data * (1 + 3))
    assert plain(v.grad) == 5.0 + 20.0


def test_a_root_below_another_and_a_root_named_twice() -> None:
    x = leaf(3.0)
    y = x * x
    z = y * 2
    ad.backward([z, y, y], [np.ones(1), np.full(1, 10.0), np.full(1, 100.0)])
    np.testing.assert_array_equal(x.grad, 6.0 * (2 + 110))


def test_several_roots_release_their_graph() -> None:
    a = ad.Value(2.0)
    b, c = a * a, a * 3
    ad.backward([b, c])
    with pytest.raises(ad.FreedGraphError):
        b.backward()
    with pytest.raises(ad.FreedGraphError):
        ad.backward([c])


def test_wrong_roots_inputs_and_gradients_are_refused() -> None:
    x, y = leaf(1.0), leaf(2.0)
    z = (x * y).sum()
    with pytest.raises(ad.ShapeError, match="2 roots and 1 gradients; give one for each root"):
        ad.backward([z, z], [1.0])
    with pytest.raises(TypeError, match=r"was given 3 as a root; give Tensors and Values"):
        ad.backward([z, 3])  # type: ignore[list-item]
    with pytest.raises(TypeError, match=r"inputs= holds 'x', a str; give Tensors and Values"):
        z.backward(inputs=["x"])  # type: ignore[list-item]
    with pytest.raises(ad.NonDifferentiableError, match="inputs= holds a leaf, which needs no"):
        z.backward(inputs=[ad.Tensor([1.0])])
    assert x.grad is y.grad is None


@pytest.mark.parametrize("create_graph", [False, True])
def test_gradients_of_inputs_are_given_back(create_graph: bool) -> None:
    x, w, v = leaf(1.0, 2.0), leaf(3.0, 4.0), ad.Value(1.0)
    z = (x * x * w).sum()
    gx, gw = ad.gradients(z, inputs=[x, w], create_graph=create_graph)
    np.testing.assert_array_equal(plain(gx), 2 * x.data * w.data)
    np.testing.assert_array_equal(plain(gw), x.data**2)
    assert x.grad is w.grad is None
    if create_graph:
        (gxx,) = ad.gradients(gx.sum(), inputs=[x])
        np.testing.assert_array_equal(gxx, 2 * w.data)
    _, zeros, none = (
        *ad.gradients(z, inputs=[x, v]),
        *ad.gradients(z, inputs=[v], unused="none"),
    )
    assert zeros == 0.0
    assert none is None


def test_an_unused_input_is_zeros_none_or_refused() -> None:
    x, w = leaf(1.0), leaf(3.0, 4.0, name="w")
    y = x * 1
    np.testing.assert_array_equal(ad.gradients(y, inputs=[w])[0], [0.0, 0.0])
    with pytest.raises(ad.NonDifferentiableError, match=r"'w' .* the root does not depend on it"):
        ad.gradients(y, inputs=[w], unused="raise")
    with pytest.raises(ValueError, match="must be 'zeros', 'none' or 'raise', not 'nil'"):
        ad.gradients(y, inputs=[w], unused="nil")
