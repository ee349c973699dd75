"""Layers and steps that are built alike: a change in the middle is found in its own one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
import viz
from viz.differences.difference import Difference

MIDDLE = 3
TIMES = {"skipped": 0, "twice": 2}


def blocks(change: str, named: bool, dtype: type = np.float64) -> Any:
    """Six blocks with a residual each, the middle one changed."""
    rng = np.random.default_rng(0)
    names = [f"W{i}" if named else "W" for i in range(12)]
    w = [ad.Tensor(rng.standard_normal((4, 4)) / 2, dtype, True, n) for n in names]
    h = ad.Tensor(rng.standard_normal((5, 4)), dtype, name="x")
    for i in range(6):
        here = change if i == MIDDLE else ""
        for _ in range(TIMES.get(here, 1)):
            p = ad.exp(h @ w[2 * i])
            p = p / p.sum(axis=0 if here == "axis" else 1, keepdims=True)
            z = p if here == "left out" else ad.tanh(p)
            h = h + z @ w[2 if here == "weight" else 2 * i + 1]
            h = h.detach() if here == "detached" else h
    return (h * h).mean()


def steps(change: str, named: bool) -> Any:
    """Ten steps of a recurrent network, the middle one changed."""
    rng = np.random.default_rng(0)
    w, u = (ad.Tensor(rng.standard_normal((3, 3)) / 2, requires_grad=True) for _ in range(2))
    inputs = rng.standard_normal((10, 2, 3))
    h = ad.Tensor(np.zeros((2, 3)), name="h0")
    for t in range(10):
        here = change if t == MIDDLE else ""
        for _ in range(TIMES.get(here, 1)):
            x = ad.Tensor(inputs[t], name=f"x{t}" if named else "x")
            z = ad.exp(-(x @ w + h @ u))
            h = z if here == "left out" else ad.tanh(z)
            h = h.detach() if here == "detached" else h
    return (h * h).mean()


def where(d: Difference) -> int:
    """In which block or step the first difference is: each begins before its only `exp`."""
    assert d.first is not None
    side = 0 if d.first.kind == "missing" else 1
    number = d.nodes[d.first.place].pair[side]
    assert number is not None
    return sum(node.op == "exp" for node in d.passes[side].nodes[: number + 1]) - 1


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("program", "change", "kind"),
    [
        (blocks, "axis", "settings"),
        (blocks, "left out", "missing"),
        (blocks, "weight", "operands"),
        (blocks, "skipped", "missing"),
        (blocks, "twice", "extra"),
        (blocks, "detached", "cut"),
        (steps, "left out", "missing"),
        (steps, "skipped", "missing"),
        (steps, "twice", "extra"),
    ],
)
def test_a_change_in_the_middle_is_the_only_one(program, change, kind, named) -> None:  # type: ignore[no-untyped-def]
    d = viz.diff(program("", named), program(change, named))
    assert d.first is not None
    assert (d.first.kind, len(d.findings)) == (kind, 1)
    if kind != "cut":
        assert MIDDLE <= where(d) <= MIDDLE + (change == "twice")
    if kind == "missing":
        # The same program twice, the other way round.
        assert viz.diff(program(change, named), program("", named)).findings[0].kind == "extra"


def test_layers_find_their_own_kind_over_the_roundings_of_float32() -> None:
    d = viz.diff(blocks("", False, np.float32), blocks("skipped", False))
    assert [f.kind for f in d.findings] == ["missing"]


def network(*, norm: bool = True, bias: bool = True, turned: bool = False) -> nn.Sequential:
    layers: list[nn.Module] = [nn.Linear(4, 5, bias=bias)]
    middle: list[nn.Module] = [nn.BatchNorm1d(5), nn.Tanh()] if norm else [nn.Tanh()]
    model = nn.Sequential(*layers, *(middle[::-1] if turned else middle), nn.Linear(5, 5))
    for number, p in enumerate(model.parameters()):
        if p.ndim == 2:
            p.data = np.random.default_rng(p.shape[1]).standard_normal(p.shape).astype(np.float32)
        else:
            p.data = np.full(p.shape, 0.1 + number, np.float32)
    return model


def loss(model: nn.Module) -> Any:
    x = np.random.default_rng(5).standard_normal((6, 4)).astype(np.float32)
    return (model(ad.Tensor(x, name="x")) ** 2).mean()


def test_parts_of_modules_are_joined_with_their_own_kind() -> None:
    d = viz.diff(loss(network(norm=False)), loss(network(norm=False, bias=False)))
    assert d.first is not None
    # The lost bias is not taken for that of the other layer.
    lost = next(c for c in d.nodes if c.shown.dotted == "0.bias")
    assert lost.single
    assert [f.kind for f in d.findings if d.nodes[f.place].shown.op == "add"] == ["missing"]
    turned = viz.diff(loss(network()), loss(network(turned=True)))
    assert {f.kind for f in turned.findings} == {"extra", "missing"}
    assert {turned.nodes[f.place].shown.op for f in turned.findings} == {"tanh"}
    evaluated = viz.diff(loss(network()), loss(network().eval()))
    for c in [*turned.nodes, *evaluated.nodes]:
        # A parameter is no result of an operation.
        assert c.single or not ({"weight", "bias"} & {n.called for n in c.nodes} and c.shown.op)  # type: ignore[union-attr]
        assert c.single or c.nodes[0].op == c.nodes[1].op or "" in (c.nodes[0].op, c.nodes[1].op)  # type: ignore[union-attr]
