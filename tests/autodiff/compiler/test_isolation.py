"""A recording touches nothing but its own thread, and leaves everything as it was."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.compiler.trace_array import TraceArray
from autodiff.errors import TracingError

_SLOTS = {name: vars(ad.Tensor)[name] for name in ("_data", "_grad")}
_VALUE_SLOTS = {name: vars(ad.Value)[name] for name in ("data", "grad")}


def _slots_are_back() -> bool:
    tensors = all(vars(ad.Tensor)[name] is slot for name, slot in _SLOTS.items())
    return tensors and all(vars(ad.Value)[name] is slot for name, slot in _VALUE_SLOTS.items())


def _weight() -> ad.Tensor:
    return ad.Tensor([1.0, 2.0], requires_grad=True, name="w")


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, TracingError])
def test_an_exception_leaves_no_stand_ins(error: type[BaseException]) -> None:
    """Tensors have real arrays again, also those made in the step and kept by the error."""
    w = _weight()
    kept: list[Any] = []

    @ad.compile
    def step(x: Any) -> Any:
        y = ad.tanh(w * x)[np.array([0, 1])]
        y.sum().backward(retain_graph=True)
        w.data = w.data * 2.0
        kept.append(y)
        raise error("stop")

    with pytest.raises(error, match="stop"):
        step(np.ones(2, np.float32))
    assert _slots_are_back()
    assert type(w._data) is type(w.grad) is type(kept[0]._data) is np.ndarray
    assert w.tolist() == [2.0, 4.0]
    node = kept[0]
    while not node.is_leaf:
        assert type(node._data) is np.ndarray
        assert not any(isinstance(p, TraceArray) for p in node.params.values())
        node = node.parents[0]
    assert step.recordings == 0
    with pytest.raises(error, match="stop"):
        step(np.ones(2, np.float32))


def test_the_first_call_leaves_ordinary_tensors() -> None:
    """After recording, everything works in ordinary code."""
    w = _weight()

    @ad.compile
    def step(x: Any) -> Any:
        w.zero_grad()
        loss = (w * x).sum()
        loss.backward()
        w.data = w.data - w.grad
        return loss

    loss = step(np.ones(2, np.float32))
    assert _slots_are_back()
    assert type(loss._data) is type(w._data) is type(w.grad) is np.ndarray
    (w * loss).sum().backward()
    assert w.grad.tolist() == [4.0, 4.0]


def test_other_threads_see_real_arrays() -> None:
    """While one thread records, another computes with the same tensors as usual."""
    w = _weight()
    recording, done = threading.Event(), threading.Event()
    found: list[Any] = []

    def other() -> None:
        recording.wait(10)
        y = (w * w).sum()
        y.backward()
        fresh = ad.Tensor([5.0])
        v = ad.Value(2.0)
        (v * v).backward()
        found.extend([type(w._data), y.item(), fresh.data.tolist(), v.grad])
        w.zero_grad()
        done.set()

    @ad.compile
    def step(x: Any) -> Any:
        y = w * x
        if not recording.is_set():
            recording.set()
            done.wait(10)
        return y

    thread = threading.Thread(target=other)
    thread.start()
    assert step(np.ones(2, np.float32)).tolist() == [1.0, 2.0]
    thread.join(10)
    assert found == [np.ndarray, 5.0, [5.0], 4.0]


def test_two_threads_record_one_after_the_other() -> None:
    """Recordings wait for each other."""
    results: dict[int, list[float]] = {}

    def work(number: int) -> None:
        w = ad.Tensor([float(number)], requires_grad=True)

        @ad.compile
        def step(x: Any) -> Any:
            w.zero_grad()
            loss = (w * x).sum()
            loss.backward()
            w.data -= 0.5 * w.grad
            return loss

        results[number] = [step(np.ones(1, np.float32)).item() for _ in range(6)]

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert results == {n: [n - 0.5 * i for i in range(6)] for n in range(4)}
    assert _slots_are_back()


def test_a_compiled_step_is_freed() -> None:
    """Nothing global holds on to a step or to the tensors that it used."""

    def used() -> weakref.ref[ad.Tensor]:
        w = _weight()
        step = ad.compile(lambda x: w * x)
        for _ in range(3):
            step(np.ones(2, np.float32))
        return weakref.ref(w)

    gone = used()
    gc.collect()
    assert gone() is None


def test_the_graph_of_a_recording_is_freed() -> None:
    """The nodes of the recorded run do not live on in the program."""
    w = _weight()
    sizes = []
    for _ in range(3):
        gc.collect()
        sizes.append(sum(type(o) is TraceArray for o in gc.get_objects()))
        compiled = ad.compile(lambda x: ad.exp(w * x).sum())
        compiled(np.ones(2, np.float32))
    assert sizes[-1] == sizes[0]
