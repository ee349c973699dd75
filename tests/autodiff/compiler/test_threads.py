"""A compiled step called from several threads, and from within itself."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from tests.autodiff.compiler.twins import assert_same


@pytest.fixture(autouse=True)
def _quick_switches() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_each_thread_gets_its_own_numbers() -> None:
    """From the first call on, while others record, compare and replay."""
    w = ad.Tensor(np.linspace(-1, 1, 50), requires_grad=True)

    def step(x: Any) -> Any:
        return [ad.tanh(w * x).sum(), *ad.grad(lambda v: ad.sin(v * w).sum(), argnums=(0,))(x)]

    compiled = ad.compile(step)
    data = [np.full(50, 0.1 * n) for n in range(200)]
    expected = [step(x) for x in data]
    with ThreadPoolExecutor(8) as pool:
        for found, wanted in zip(pool.map(compiled, data), expected, strict=True):
            assert_same(wanted, found)
    assert compiled.recordings == 1


def test_no_step_of_a_shared_state_is_lost() -> None:
    """Threads that train one model take turns, so that every update counts."""
    w = ad.Tensor(np.zeros(1000), requires_grad=True)

    @ad.compile
    def step(x: Any) -> Any:
        w.zero_grad()
        (w * x).sum().backward()
        w.data += w.grad
        return w

    def work(_: int) -> None:
        for _ in range(40):
            found = step(np.ones(1000)).data
            assert (found == found[0]).all()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert w.data.tolist() == [240.0] * 1000


def test_two_steps_that_call_each_other_do_not_wait_for_ever() -> None:
    """What is called while a step is compared is part of it."""
    steps: dict[str, Any] = {}
    steps["a"] = ad.compile(lambda x, n: steps["b"](x, n - 1) * 2.0 if n else x)
    steps["b"] = ad.compile(lambda x, n: steps["a"](x, n - 1) + 1.0 if n else x)
    x, found = ad.Tensor(np.ones(3)), []

    def work(name: str) -> None:
        found.append([steps[name](x, 3).tolist() for _ in range(30)][-1])

    threads = [threading.Thread(target=work, args=(name,)) for name in "abab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == [[5.0] * 3, [5.0] * 3, [6.0] * 3, [6.0] * 3]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="without timers of the system")
def test_a_call_from_within_a_call() -> None:
    """A signal handler that runs the step leaves the interrupted run its memory."""
    step = ad.compile(lambda x: ad.exp(ad.sin(x) * 0.5 + x * 0.25) - ad.tanh(x) * x)
    inside, outside = np.full(20_000, 2.0), np.linspace(-1, 1, 20_000)
    expected = [step(x).copy() for x in (inside, outside, inside)]
    nested: list[Any] = []

    def handler(*_: Any) -> None:
        nested.append(step(inside))

    before = signal.signal(signal.SIGALRM, handler)
    try:
        found = []
        for number in range(60):
            signal.setitimer(signal.ITIMER_REAL, 2e-5 * (1 + number % 15))
            found.append(step(outside))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert nested
    assert_same([expected[0]] * len(nested), nested)
    assert_same([expected[1]] * len(found), found)
