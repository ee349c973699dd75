"""Constants remember how they were cut off from their history, and keep none of it alive."""

from __future__ import annotations

import gc
import warnings
import weakref
from collections.abc import Callable
from inspect import currentframe
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.graph.cuts import cut_of, latest_departures
from autodiff.sweeps.released import watch
from autodiff.sweeps.replay import replay
from autodiff.values import fusions


def line() -> int:
    frame = currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return frame.f_back.f_lineno


def unrecorded(h: Any) -> Any:
    with ad.no_grad():
        return ad.exp(h) + 1.0


WAYS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "detach": (lambda h: h.detach(), ""),
    "data": (lambda h: ad.Tensor(h.data), ""),
    "no_grad": (unrecorded, "exp"),
    "no derivative": (lambda h: h > 0.5, "greater"),
    "integers": (lambda h: h.astype(np.int64), "astype"),
}


COPIES = ("detach", "data")
"""What may cost a little: of it is known from where it came, of the others but when."""


@pytest.mark.parametrize("kind", WAYS)
def test_a_cut_is_remembered_and_handed_on(kind: str) -> None:
    way, operation = WAYS[kind]
    x = ad.Tensor([1.0, 2.0], requires_grad=True, name="x")
    h, made = ad.tanh(x), line()
    for node in (cut := way(h), cut * 2.0, (cut * 2.0).detach(), ad.stop_gradient(cut)):
        assert not node.requires_grad
        told = cut_of(node)
        assert told is not None
        assert (told.kind, told.operation, told.sequence) == (kind, operation, h.sequence)
        assert told.origin is not None
        assert told.origin[0] == __file__
        assert told.source == "tanh"
        assert told.made_at == ((__file__, made) if kind in COPIES else None)
        assert told.node is (h if kind in COPIES else None)
        assert node.parents == ()


def test_cuts_of_values() -> None:
    w = ad.Value(2.0, name="w")
    for node, kind in ((w.detach(), "detach"), (unrecorded(w), "no_grad")):
        told = cut_of(node)
        assert told is not None
        assert (told.kind, told.sequence) == (kind, w.sequence)
        assert told.name == ("w" if kind == "detach" else None)
        assert list(node.local_gradients()) == []


@pytest.mark.parametrize("make", [lambda: ad.Tensor([1.0]), lambda: ad.Value(1.0).detach() * 1])
def test_what_was_not_cut_says_nothing(make: Callable[[], Any]) -> None:
    plain = ad.Tensor([1.0, 2.0]) * ad.Tensor([3.0, 4.0])
    assert cut_of(plain) is None
    assert cut_of(ad.Tensor(plain.data)) is None
    assert cut_of(ad.Value(1.0)) is None


@pytest.mark.parametrize("kind", WAYS)
def test_nothing_of_the_graph_is_kept(kind: str) -> None:
    x = ad.Tensor(np.ones(3), requires_grad=True)
    h = ad.tanh(x * 2.0)
    cut = WAYS[kind][0](h)
    seen = [weakref.ref(node) for node in (x, h, *h.parents)]
    gc.disable()
    try:
        del x, h
        assert [node() for node in seen] == [None] * 3
    finally:
        gc.enable()
    told = cut_of(cut)
    assert told is not None
    assert told.node is None
    assert told.source == "tanh"


def begins() -> tuple[tuple[str, int], Callable[[Any], Any]]:
    here = (__file__, line() + 2)

    @ad.no_grad()
    def decorated(h: Any) -> Any:
        return ad.tanh(h) * 2.0

    return here, decorated


@pytest.mark.parametrize("x", [ad.Value(2.0), ad.Tensor([2.0], requires_grad=True)], ids=type)
def test_where_recording_was_switched_off_is_told(x: Any) -> None:
    here, decorated = begins()
    with ad.enable_grad(), ad.scope("part"), ad.no_grad():  # the block
        block = line() - 1
        in_block = ad.exp(x)
        with ad.scope("inner"):
            nested = x * in_block
        with ad.enable_grad():
            recorded = x * 2.0
        handed_on = ad.clip(nested + 1.0, 0.0, 1.0)
    assert recorded.requires_grad
    assert cut_of(recorded.detach() * 1.0).kind == "detach"
    lines = [cut_of(node).origin for node in (in_block, nested, handed_on, handed_on * in_block)]
    assert lines == [(__file__, block)] * 4
    assert cut_of(decorated(x)).origin == here
    if isinstance(x, ad.Value):
        with ad.no_grad():
            second = line() - 1
            fused = fusions.total([1.0, x, 2.0]), fusions.total([1.0, in_block])
        assert [cut_of(node).origin[1] for node in fused] == [second, block]


def test_numbers_that_leave_are_told() -> None:
    w, x = ad.Value(3.0, name="w"), ad.Tensor([4.0], requires_grad=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        float(w)
        taken = line() - 1
    h, made = w * w, line()
    h.item()
    x.item()
    x.numpy()
    f"{w:.2f}"
    told = latest_departures()[:4]
    assert [(cut.kind, cut.number) for cut in told] == [
        ("numpy", None), ("item", 4.0), ("item", 9.0), ("float", 3.0)
    ]  # fmt: skip
    assert [cut.sequence for cut in told] == [x.sequence, x.sequence, h.sequence, w.sequence]
    assert [cut.source for cut in told] == ["", "", "multiply", ""]
    assert told[2].made_at == (__file__, made)
    assert [cut.origin for cut in told] == [None, None, None, (__file__, taken)]


def test_a_released_graph_is_computed_again() -> None:
    watch()
    x = ad.Tensor([0.3, -0.7], requires_grad=True, name="x")
    loss = (ad.sigmoid(x * 2.0) * ad.Tensor([1.0, 5.0])).sum()
    loss.backward()
    again = replay(loss)
    assert again.same
    assert again.root.item() == loss.item()
    assert np.array_equal(ad.gradients(again.root)[x], x.grad)
    x.data[0] = 9.0
    assert not replay(loss).same


def test_what_cannot_be_computed_again_is_said() -> None:
    watch()
    x = ad.Tensor([0.3], requires_grad=True)
    double = ad.custom_function(lambda a: a * 2.0)
    double.vjp(lambda g, y, a: g * 2.0)
    loss = double(x).sum()
    loss.backward()
    again = replay(loss)
    assert again.root is None
    assert "not computed from tensors by an entry of the table" in again.missing
