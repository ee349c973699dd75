"""What is known of a graph after `backward`: its structure, but no numbers of results."""

from __future__ import annotations

import gc
import sys
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.graph.switches import switches
from autodiff.sweeps import released
from autodiff.sweeps.released import ReleasedNode, released_graph, watch


@pytest.fixture(autouse=True)
def watched() -> Iterator[None]:
    before = switches.remembering
    watch()
    yield
    switches.remembering = before


def graph(size: int = 3, **options: Any) -> tuple[ad.Tensor, ad.Tensor, ad.Tensor]:
    """A loss, its leaf, and a result on the way that others hold; run backward."""
    w = ad.Tensor(np.linspace(-1, 1, size), requires_grad=True, name="w")
    with ad.scope("layer", "Layer"):
        h = ad.clip(w * 3.0, -2.0, 2.0)
    h.name = "h"
    loss = (h * h).sum()
    loss.backward(**options)
    return loss, w, h


def told(root: Any) -> list[tuple[Any, ...]]:
    """All there is to say of a graph without its numbers."""
    return [
        (n.op, n.name, n.scope, n.origin, n.shape, n.dtype, n.params, n.sequence,
         tuple(p.sequence for p in n.parents))
        for n in ad.topological_order(root)
    ]  # fmt: skip


# Of small graphs the nodes themselves are kept, of large ones a translation.
SIZES = [3, 100_000]


@pytest.mark.parametrize("size", SIZES)
def test_everything_but_numbers_is_as_it_was(size: int) -> None:
    loss, w, _ = graph(size, retain_graph=True)
    before = told(loss)
    assert released_graph(loss) is loss
    loss.backward()
    known = released_graph(loss)
    assert told(known) == before
    nodes = ad.topological_order(known)
    assert any(node is w for node in nodes)
    assert [n.data is None for n in nodes if n.op is not None] == [True, True, True, False]
    assert known.data == loss.data
    assert known.size == 1
    assert nodes[-2].ndim == 1
    assert nodes[-2].size == size


@pytest.mark.parametrize("size", SIZES)
def test_a_second_backward_raises_as_ever(size: int) -> None:
    loss, _, h = graph(size)
    for root in (loss, loss * 2.0, (h * 2.0).sum()):
        with pytest.raises(ad.FreedGraphError, match="was released by an earlier"):
            root.backward()
        with pytest.raises(ad.FreedGraphError):
            ad.topological_order(root)


@pytest.mark.parametrize("size", SIZES)
def test_only_the_latest_graph_is_known(size: int) -> None:
    first, _, _ = graph(size)
    second, _, _ = graph(size)
    assert released_graph(first) is first
    assert isinstance(released_graph(second), ReleasedNode)
    with pytest.raises(ad.FreedGraphError):
        ad.topological_order(released_graph(first))


@pytest.mark.parametrize("size", SIZES)
def test_it_goes_with_the_root_and_leaves_nothing_to_the_collector(size: int) -> None:
    gc.collect()
    gc.disable()
    try:
        loss, w, h = graph(size)
        str(loss.trace())
        kept = [weakref.ref(w), weakref.ref(h), weakref.ref(loss)]
        del w, h
        assert kept[0]() is not None
        del loss
        assert [one() for one in kept] == [None] * 3
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_the_numbers_of_a_large_graph_go_at_once() -> None:
    x = ad.Tensor(np.ones(1_000_000), requires_grad=True)
    mask = np.ones(1_000_000)
    tracemalloc.start()
    try:
        y = x
        for _ in range(5):
            y = ad.tanh(y) * ad.Tensor(mask)
        loss = y.sum()
        del y
        loss.backward()
        x.grad = None
        gc.collect()
        left, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Of the masks 16 MB are kept, so that small constants can be shown.
    assert left < 20e6
    assert peak < 18 * 8e6
    assert "Tensor" not in repr(loss.trace())
    assert loss.trace().count("tanh") == 5


def test_a_list_of_losses_stays_small() -> None:
    w = ad.Tensor(np.ones(8), requires_grad=True)

    def step() -> ad.Tensor:
        loss = ad.mean(ad.tanh(w * 2.0 + 1.0) ** 2)
        loss.backward()
        return loss

    step()
    losses: list[Any] = [None] * 1_000
    gc.collect()
    tracemalloc.start()
    try:
        for i in range(len(losses)):
            losses[i] = step()
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert used / len(losses) < 600
    assert isinstance(released_graph(losses[-1]), ReleasedNode)
    assert released_graph(losses[-2]) is losses[-2]


def values_and_tensors(a: Any) -> Any:
    return ad.stack([a, a * 2.0]).sum()


def root_value(a: Any) -> Any:
    return ad.values(ad.stack([a, a * 2.0]))[0] * 3.0


@pytest.mark.parametrize("make", [values_and_tensors, root_value])
def test_values_among_tensors_keep_their_numbers(make: Callable[[Any], Any]) -> None:
    a = ad.Value(3.0, name="a")
    y = make(a)
    y.backward()
    known = released_graph(y)
    assert isinstance(known, ReleasedNode)
    numbers = {
        n.op.name: n.data for n in ad.topological_order(known) if n.op and n.kind is ad.Value
    }
    assert numbers and all(isinstance(number, float) for number in numbers.values())  # noqa: PT018
    with pytest.raises(ad.FreedGraphError):
        y.backward()


def test_with_hooks_chosen_inputs_and_several_roots() -> None:
    w = ad.Tensor([1.0, 2.0], requires_grad=True, name="w")
    handle = w.register_hook(lambda g: g)
    loss = (w * w).sum()
    loss.backward()
    handle.remove()
    assert len(told(released_graph(loss))) == 3
    loss = (w * w).sum()
    loss.backward(inputs=[w])
    assert len(told(released_graph(loss))) == 3
    both = [(w * w).sum(), (w + w).sum()]
    ad.backward(both)
    assert [released_graph(one) for one in both] == both


def test_what_is_not_remembered() -> None:
    w = ad.Tensor([1.0], requires_grad=True)
    w.backward()
    w.backward()
    assert w.grad.item() == 2.0
    y: Any = w
    for _ in range(released.MOST + 1):
        y = y + 1.0
    y.backward()
    assert released_graph(y) is y
    switches.remembering = False
    loss, _, _ = graph()
    assert released_graph(loss) is loss


def test_nothing_of_a_compiled_step_is_remembered() -> None:
    found: list[Any] = []

    @ad.compile
    def step(x: Any) -> Any:
        w.grad = None
        loss = (w * x).sum()
        loss.backward()
        found.append(released_graph(loss) is loss)
        return loss

    w = ad.Tensor([1.0, 2.0], requires_grad=True)
    step(np.ones(2))
    assert found
    assert all(found)


def test_an_interactive_session_remembers(tmp_path: Any) -> None:
    from subprocess import run

    lines = [
        "import autodiff as ad",
        "w = ad.Tensor([1.0], requires_grad=True, name='w')",
        "loss = (w * 2).sum(); loss.backward()",
        "print(loss.trace())",
    ]
    done = run(
        [sys.executable, "-i", "-q", "-c", ""], input="\n".join(lines) + "\n",
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "multiply = — (float" in done.stdout
    assert "w (leaf)" in done.stdout


def test_the_trace_says_what_is_missing() -> None:
    loss, _, _ = graph()
    text = loss.trace()
    assert text.splitlines()[0].startswith("sum = 8")
    assert "h: clip = — (float64 of shape (3,)), test_released.py" in text
    assert "w (leaf) = [-1., 0., 1.]" in text
    assert text.splitlines()[-1].endswith("or look before backward()")
    # Also of a node that nobody else holds.
    assert graph()[0].trace().splitlines()[0] == text.splitlines()[0]


def test_numbers_cannot_be_explained_any_more() -> None:
    loss, _, _ = graph()
    with pytest.raises(ad.FreedGraphError, match="retain_graph=True"):
        ad.explain_backward(loss)


def test_a_graph_of_values_is_whole_whatever_backward_looks_for() -> None:
    x = ad.Value(3.0)
    y = x * x
    handle = x.register_hook(lambda g: None)
    y.backward()
    handle.remove()
    assert released_graph(y) is y
