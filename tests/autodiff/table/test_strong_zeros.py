"""What was not chosen receives 0 even of an infinite cotangent, in every interpreter."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.ops import Elementwise
from autodiff.ops.parameters import keyword_parameters
from autodiff.symbolic import evaluate
from autodiff.symbolic.strong_zeros import choice_of
from tests.autodiff.table.elementwise_samples import DIFFERENTIABLE, apply

POINTS = np.array([-7.0, -3.0, -1.0, -0.5, -0.3, 0.0, 0.2, 0.5, 1.0, 2.5, 3.0, 6.0, 7.0])
CHOOSING = [
    (entry, i)
    for entry in DIFFERENTIABLE
    for i in range(entry.arity)
    if choice_of(entry, i, keyword_parameters(entry)) and (entry.name, i) != ("where", 0)
    # Those choose at -inf only.
    if not entry.name.startswith("logaddexp")
]
each = pytest.mark.parametrize(
    ("entry", "position"), CHOOSING, ids=[f"{entry.name}-{i}" for entry, i in CHOOSING]
)
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def places(entry: Elementwise, position: int) -> tuple[list[Any], Any]:
    """Operands at which nothing is sent to one of them, and all operands with a mark of these."""
    from autodiff.backends.arrays import arrays

    grids = [grid.ravel() for grid in np.meshgrid(*[POINTS] * entry.arity, indexing="ij")]
    if entry.name == "where":
        grids[0] = grids[0] > 0
    params = keyword_parameters(entry)
    found = choice_of(entry, position, params)
    assert found is not None
    env = {"y": entry.forward(arrays, *grids, **params)}
    env |= {f"x{i}": grid for i, grid in enumerate(grids)}
    sent = np.broadcast_to(evaluate(found[0], arrays, env), grids[0].shape)
    keep = np.flatnonzero(~sent.astype(bool) & np.isfinite(env["y"]))
    # A few of many, and enough that large arrays take their own way.
    keep = np.resize(keep[:: max(1, len(keep) // 40)], 1200)
    return [grid[keep] for grid in grids], env["y"][keep]


def test_the_table_says_which_entries_select() -> None:
    # These can also have infinite derivatives, so that a zero is guarded behind others.
    both = {"hypot", "power", "prelu", "rel_entr", "xlog1py", "xlogy"}
    choosing = {entry.name for entry, _ in CHOOSING}
    assert {e.name for e in DIFFERENTIABLE if e.selects} == choosing - both
    assert both < choosing
    expected = "relu abs maximum clip where hardtanh relu6 softshrink hardshrink threshold floor"
    assert set(expected.split()) < choosing


@each
def test_reverse_mode(entry: Elementwise, position: int) -> None:
    operands, _ = places(entry, position)
    for count in (2, 1200):
        for dtype in (np.float32, np.float64):
            x = [
                op if op.dtype == bool else op.astype(dtype) for op in (o[:count] for o in operands)
            ]
            given = [ad.Tensor(op, requires_grad=i == position) for i, op in enumerate(x)]
            for create_graph in (False, True):
                y = apply(entry, *given)
                y.backward(np.full(count, np.inf, dtype), create_graph=create_graph)
                np.testing.assert_array_equal(np.asarray(given[position].grad.data), 0.0)
                given[position].grad = None


@each
def test_forward_mode(entry: Elementwise, position: int) -> None:
    operands, _ = places(entry, position)
    tangent = np.full(len(operands[0]), np.inf)

    def along(x: Any) -> Any:
        return apply(entry, *[x if i == position else op for i, op in enumerate(operands)])

    x = operands[position]
    np.testing.assert_array_equal(ad.jvp(along, (x,), (tangent,))[1], 0.0)

    def twice(t: Any) -> Any:
        return ad.jvp(along, (x,), (t,))[1]

    np.testing.assert_array_equal(ad.jvp(twice, (tangent,), (tangent,))[1], 0.0)


@each
def test_values(entry: Elementwise, position: int) -> None:
    operands, _ = places(entry, position)
    for k in range(0, 400, 45):
        given = [ad.Value(float(op[k])) for op in operands]
        for create_graph in (False, True):
            y = apply(entry, *given)
            y.backward(np.inf, create_graph=create_graph)
            assert float(given[position].grad) == 0
            given[position].grad = None


@each
def test_mapped_and_compiled(entry: Elementwise, position: int) -> None:
    operands, _ = places(entry, position)

    def pulled(*given: Any) -> Any:
        def along(x: Any) -> Any:
            return apply(entry, *[x if i == position else op for i, op in enumerate(given)])

        y, back = ad.vjp(along, given[position])
        return back(y * 0 + np.inf)[0]

    np.testing.assert_array_equal(ad.vmap(pulled)(*operands), 0.0)
    np.testing.assert_array_equal(np.asarray(ad.compile(pulled)(*operands)), 0.0)


OUTER = {"sqrt": ad.sqrt, "log": ad.log, "1/x": lambda x: 1 / x}
X = np.array([-1.0, 2.0, -3.0, 0.5])
INNER: dict[str, Any] = {
    "relu": ad.relu,
    "where": lambda x: ad.where(x > 0, x, 0.0),
    "maximum": lambda x: ad.maximum(x - 2.5, 0.0),
    "clip": lambda x: ad.clip(x, 0.0, 1.0),
    "masked_fill": lambda x: ad.masked_fill(x, np.array([True, False, True, False]), 0.0),
    "tril": lambda x: ad.tril(x[:, None] + 4 + np.zeros(4)),
    "triu": lambda x: ad.triu(x[:, None] + 4 + np.zeros(4)),
    "index_set": lambda x: x.at[np.array([0, 2])].set(0.0),
    "leaky": lambda x: ad.leaky_relu(x, 0.0),
    "softshrink": lambda x: ad.softshrink(x + 1, 2.5),
    "floor": lambda x: ad.floor(x / 9 + 0.5),
    "nan_to_num": lambda x: ad.nan_to_num(ad.where(x > 0, x, np.nan)),
    "median": lambda x: ad.median(x[:3] + 1.0),
    "pad": lambda x: ad.pad(x + 4, 1),
    "dropout": lambda x: nn.functional.dropout(x + 4, 0.5, rng=np.random.default_rng(3)),
}


@pytest.mark.parametrize("outer", OUTER)
@pytest.mark.parametrize("inner", INNER)
def test_under_functions_of_infinite_slope(inner: str, outer: str) -> None:
    def total(x: Any) -> Any:
        return ad.sum(OUTER[outer](INNER[inner](x)))

    reverse = ad.grad(total)(X)
    assert not np.isnan(reverse).any()
    np.testing.assert_array_equal(ad.jacobian(total, mode="forward")(X), reverse)
    np.testing.assert_array_equal(np.asarray(ad.compile(ad.grad(total))(X)), reverse)


def test_a_zero_cotangent_keeps_its_own_derivative() -> None:
    # One element is infinite and settled; the other's product is linear in a cotangent of 0.
    x = np.array([0.0, 4.0])

    def sent(t: Any) -> Any:
        return ad.jvp(ad.sqrt, (x,), (t,))[1]

    np.testing.assert_array_equal(
        ad.jvp(sent, (np.zeros(2),), (np.array([0.0, 1.0]),))[1], [0, 0.25]
    )

    def pulled(g: Any) -> Any:
        return ad.grad(lambda v: ad.sum(ad.where(v > 1, ad.sqrt(v), 0.0) * g))(x)

    same = ad.jacobian(pulled)(np.zeros(2))
    np.testing.assert_array_equal(same, [[0.0, 0.0], [0.0, 0.25]])
