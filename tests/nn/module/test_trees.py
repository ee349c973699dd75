"""Every layer is a tree: gradients, maps, ensembles and higher derivatives by its parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.nn.layer_rows import Row
from tests.nn.layer_samples import SAMPLES

WITH_PARAMETERS = [
    row
    for row in SAMPLES
    if row.differentiable and row.transformed and any(True for _ in row.build().parameters())
]


def outputs(model: nn.Module, row: Row) -> list[Any]:
    return ad.tree.leaves(model(*row.arrays(), **row.named()))


def loss_of(row: Row) -> Any:
    def loss(model: nn.Module) -> Any:
        found = [y for y in outputs(model, row) if y.dtype.kind == "f"]
        return sum(ad.sum(ad.sin(y) * (i + 1.0)) for i, y in enumerate(found))

    return loss


def numbers(tree: Any) -> list[Any]:
    return [np.asarray(x.data) for x in ad.tree.leaves(tree)]


def assert_close(found: list[Any], wanted: list[Any], tolerance: float = 1e-12) -> None:
    assert len(found) == len(wanted)
    for a, b in zip(found, wanted, strict=True):
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("row", WITH_PARAMETERS, ids=str)
def test_gradients_are_those_of_backward(row: Row) -> None:
    model = row.build().eval()
    parameters = list(model.parameters())
    assert [id(p) for p in ad.tree.leaves(model)] == [id(p) for p in parameters]
    loss_of(row)(model).backward()
    wanted = [np.zeros(p.shape) if p.grad is None else p.grad for p in parameters]
    value, gradient = ad.value_and_grad(loss_of(row))(model)
    assert type(gradient) is type(model)
    assert repr(gradient) == repr(model)
    assert [n for n, _ in gradient.named_parameters()] == [n for n, _ in model.named_parameters()]
    assert_close(numbers(gradient), wanted)
    assert_close([value.data], [loss_of(row)(model).data])


@pytest.mark.parametrize("row", WITH_PARAMETERS, ids=str)
def test_a_changed_copy_and_a_functional_call_compute_the_same(row: Row) -> None:
    model, other = row.build(seed=0).eval(), row.build(seed=5).eval()
    state = {name: np.array(p.data) for name, p in other.named_parameters()}
    state |= {name: np.array(b.data) for name, b in other.named_buffers()}
    before = [p.data.copy() for p in model.parameters()]
    wanted = [y.data for y in outputs(other, row)]
    called = nn.functional_call(model, state, row.arrays(), row.named())
    assert_close(numbers(called), wanted)
    copy = ad.tree.map(lambda p, q: p + (q - p), model, other)
    assert_close(numbers(nn.functional_call(other, copy, row.arrays(), row.named())), wanted)
    assert all(p.is_leaf for p in model.parameters())
    assert_close([p.data for p in model.parameters()], before)
    restored = row.build(seed=0).eval()
    restored.load_state_dict({**other.state_dict(), **copy.state_dict()})
    assert_close(numbers(restored), numbers(copy))


@pytest.mark.parametrize("row", WITH_PARAMETERS, ids=str)
def test_ensembles(row: Row) -> None:
    models = [row.build(seed=seed).eval() for seed in (0, 1)]
    wanted = [[y.data for y in outputs(model, row)] for model in models]

    def call(state: Any, buffers: Any) -> Any:
        return nn.functional_call(models[0], (state, buffers), row.arrays(), row.named())

    found = ad.vmap(call)(*nn.stack_module_state(models))
    stacked = ad.tree.map(lambda *p: np.stack([x.data for x in p]), *models)
    for tree in (found, ad.vmap(lambda m: m(*row.arrays(), **row.named()))(stacked)):
        columns = [np.stack(column) for column in zip(*wanted, strict=True)]
        assert_close(numbers(tree), columns, 1e-10)


@pytest.mark.parametrize("row", [row for row in WITH_PARAMETERS if row.batch], ids=str)
def test_gradients_of_every_example(row: Row) -> None:
    model = row.build().eval()
    inputs = row.arrays()

    def loss(model: nn.Module, *example: Any) -> Any:
        y = ad.tree.leaves(model(*ad.tree.map(lambda x: x[None], example), **row.named()))[0]
        return ad.sum(ad.sin(y))

    each = (None, *(0 for _ in inputs))
    found = ad.vmap(ad.grad(loss), in_axes=each)(model, *inputs)
    for i in range(2):
        wanted = ad.grad(loss)(model, *ad.tree.map(lambda x, i=i: x[i], inputs))
        assert_close([x[i] for x in numbers(found)], numbers(wanted), 1e-10)


@pytest.mark.parametrize("row", WITH_PARAMETERS, ids=str)
def test_second_derivatives(row: Row) -> None:
    """Forward over reverse, reverse over reverse, and a difference of gradients."""
    model, loss = row.build().eval(), loss_of(row)
    rng = np.random.default_rng(0)
    v = ad.tree.map(lambda p: rng.standard_normal(p.shape), model)
    (product,) = ad.hvp(loss, (model,), (v,))
    _, slope = ad.jvp(loss, (model,), (v,))
    gradient = ad.grad(loss)(model)
    pairs = list(zip(ad.tree.leaves(gradient), ad.tree.leaves(v), strict=True))
    assert_close([slope.data], [sum(np.sum(g.data * d.data) for g, d in pairs)], 1e-9)

    def along(m: nn.Module) -> Any:
        found = zip(ad.tree.leaves(ad.grad(loss)(m)), ad.tree.leaves(v), strict=True)
        return sum(ad.sum(g * d) for g, d in found)

    assert_close(numbers(ad.grad(along)(model)), numbers(product), 1e-9)
    h = 1e-6
    ahead, behind = (
        numbers(ad.grad(loss)(ad.tree.map(lambda p, d, s=s: p.data + s * d.data, model, v)))
        for s in (h, -h)
    )
    for a, b, found in zip(ahead, behind, numbers(product), strict=True):
        np.testing.assert_allclose((a - b) / (2 * h), found, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("row", WITH_PARAMETERS, ids=str)
def test_compiled(row: Row) -> None:
    """In training, with draws and running figures, and after a change of mode."""
    eager, model = row.build(), row.build()
    gradient = ad.grad(loss_of(row))
    step = ad.compile(lambda: gradient(model))
    for mode in (True, True, True, False, False, True):
        eager.train(mode), model.train(mode)
        ad.random.seed(3)
        wanted = gradient(eager)
        ad.random.seed(3)
        found = step()
        assert type(found) is type(model)
        assert_close(numbers(found), numbers(wanted), 1e-10)
    assert_close([b.data for b in model.buffers()], [b.data for b in eager.buffers()])
