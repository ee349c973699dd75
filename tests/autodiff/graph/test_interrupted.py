"""Gradients are stored all or not at all, and no thread's are lost."""

from __future__ import annotations

import dis
import gc
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest

import autodiff as ad

LIBRARY = str(Path(ad.__file__).parent)
Case = Callable[[], tuple[list[Any], Callable[[], None]]]


def tensors() -> tuple[list[Any], Callable[[], None]]:
    leaves = [ad.Tensor([1.0, 2.0], requires_grad=True) for _ in range(4)]
    a, b, c, d = leaves
    return leaves, lambda: ad.sum(a * b + c[[0, 0]] * ad.exp(d)).backward()


def values() -> tuple[list[Any], Callable[[], None]]:
    leaves = [ad.Value(float(i)) for i in range(1, 5)]
    a, b, c, d = leaves
    inner = a * b
    y = ad.tanh(inner + ad.dot([c, d], [a, b]))
    return [*leaves, inner, y], y.backward


def mixed() -> tuple[list[Any], Callable[[], None]]:
    w, v = ad.Tensor([1.0, 2.0], requires_grad=True), ad.Value(3.0)
    return [w, v], lambda: (ad.sum(w * w) * v).backward()


def with_options() -> tuple[list[Any], Callable[[], None]]:
    leaves, _ = tensors()
    a, b, c, d = leaves
    return leaves, lambda: ad.backward([ad.sum(a * b), ad.sum(c * d)], inputs=leaves)


def as_graph() -> tuple[list[Any], Callable[[], None]]:
    leaves, _ = tensors()
    a, b, c, d = leaves
    return leaves, lambda: ad.sum(a * b + c * d).backward(create_graph=True)


def numbers(leaves: list[Any]) -> list[Any]:
    found = [x.grad if isinstance(x, ad.Value) or x.op is None else None for x in leaves]
    return [None if g is None else np.array(getattr(g, "data", g)).tolist() for g in found]


def interrupted(run: Callable[[], None], at: int) -> tuple[bool, int]:
    """Raise KeyboardInterrupt at a place of the library; whether it was, and how many there are.

    Python looks for signals where a function begins, after a call, and where a loop goes back.
    """
    count = 0
    last: dict[FrameType, str] = {}

    def trace(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal count
        if not frame.f_code.co_filename.startswith(LIBRARY):
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            before = last.get(frame, "RESUME")
            last[frame] = dis.opname[frame.f_code.co_code[frame.f_lasti]]
            if before.startswith(("CALL", "RESUME")) or "JUMP_BACKWARD" in before:
                count += 1
                if count == at:
                    raise KeyboardInterrupt
        return trace

    before = sys.gettrace()
    # What is raised within a callback of the collector goes no further.
    gc.disable()
    sys.settrace(trace)
    try:
        run()
    except KeyboardInterrupt:
        return True, count
    finally:
        sys.settrace(before)
        gc.enable()
        last.clear()
    return False, count


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("case", [tensors, values, mixed, with_options, as_graph])
def test_an_interrupt_leaves_all_gradients_or_none(case: Case, again: bool) -> None:
    def prepared() -> tuple[list[Any], Callable[[], None]]:
        leaves, run = case()
        if again:
            for x in leaves:
                x.grad = 0.25 if isinstance(x, ad.Value) else np.array([0.25, 0.5])
        return leaves, run

    prepared()[1]()
    leaves, run = prepared()
    old, hits = numbers(leaves), 0
    _, total = interrupted(run, -1)
    new = numbers(leaves)
    assert None not in new
    # Everywhere towards the end, where gradients are stored, and here and there before.
    places = sorted({*range(1, total, max(1, total // 20)), *range(max(1, total - 90), total)})
    for at in places:
        leaves, run = prepared()
        hits += interrupted(run, at)[0]
        assert numbers(leaves) in (old, new), f"place {at} of {total}"
    assert hits > 0.9 * len(places)


@pytest.mark.parametrize("case", ["tensors", "values", "mixed"])
def test_threads_lose_nothing_of_a_shared_leaf(case: str) -> None:
    w, v = ad.Tensor(np.zeros(3), requires_grad=True), ad.Value(0.0)

    def add(_: int) -> None:
        for _ in range(150):
            if case != "values":
                ad.sum(w * 1.0).backward()
            if case != "tensors":
                (v * 1.0).backward()
            if case == "mixed":
                (ad.sum(w * 1.0) + v).backward()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(add, range(4)))
    finally:
        sys.setswitchinterval(interval)
    times = 600 * (2 if case == "mixed" else 1)
    assert case == "values" or w.grad.tolist() == [times] * 3
    assert case == "tensors" or v.grad == times
