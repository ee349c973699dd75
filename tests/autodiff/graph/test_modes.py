"""Whether operations are recorded: per thread, per task, and the scopes they belong to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.graph.modes import scope


def recorded() -> bool:
    x = ad.Tensor([1.0], requires_grad=True)
    results = [
        ad.exp(x),
        x * 2,
        x + x,
        ad.clip(x, 0, 1),
        ad.leaky_relu(x),
        x.sum(),
        x[0],
        ad.stack([ad.Value(1.0)]),
        ad.Value(1.0) * 2,
        ad.tanh(ad.Value(1.0)),
        ad.Value(1.0) - ad.Value(2.0),
        ad.total([ad.Value(1.0), 2.0]),
        ad.dot([ad.Value(1.0)], [2.0]),
        ad.to_value(x, (0,)),
        ad.where(True, ad.Value(1.0), 2.0),
    ]
    found = {y.requires_grad for y in results}
    assert found == {y.op is not None for y in results} == {bool(y.parents) for y in results}
    assert len(found) == 1
    return found.pop()


def test_no_grad_records_nothing_and_enable_grad_records_again() -> None:
    assert recorded()
    with ad.no_grad():
        assert not ad.is_grad_enabled()
        assert not recorded()
        with ad.enable_grad():
            assert ad.is_grad_enabled()
            assert recorded()
        assert not recorded()
    assert recorded()


def test_results_inside_no_grad_are_constants_with_the_same_numbers() -> None:
    x = ad.Tensor([1.0, 2.0], requires_grad=True)
    with ad.no_grad():
        y = x * x
        z = ad.Value(3.0) * 2
    assert y.is_leaf
    assert y.tolist() == [1.0, 4.0]
    assert (z.is_leaf, z.data) == (True, 6.0)
    (x * y).sum().backward()
    assert x.grad.tolist() == [1.0, 4.0]


def test_the_mode_is_left_as_found_after_an_exception() -> None:
    def fails_inside(manager: Any) -> None:
        with manager:
            raise KeyError

    for manager in (ad.no_grad(), ad.enable_grad(), scope("a")):
        with pytest.raises(KeyError):
            fails_inside(manager)
        assert ad.is_grad_enabled()
        assert (ad.Value(1.0) * 2).scope == ()


@pytest.mark.parametrize("manager", [ad.no_grad, ad.enable_grad])
def test_as_a_decorator_also_of_what_calls_itself(manager: Any) -> None:
    @manager()
    def depth(n: int) -> list[bool]:
        return [ad.is_grad_enabled()] + (depth(n - 1) if n else [])

    with ad.no_grad():
        expected = manager is ad.enable_grad
        assert depth(3) == [expected] * 4
    assert depth(1) == [expected] * 2
    assert ad.is_grad_enabled()


def test_one_manager_may_be_entered_within_itself() -> None:
    manager = ad.no_grad()
    with manager:
        with manager:
            assert not ad.is_grad_enabled()
        assert not ad.is_grad_enabled()
    assert ad.is_grad_enabled()


def in_threads(count: int, work: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def test_no_grad_holds_in_its_own_thread_only() -> None:
    barrier = Barrier(4, timeout=30)

    def work(i: int) -> bool:
        if i % 2:
            barrier.wait()
            return recorded()
        with ad.no_grad():
            barrier.wait()
            return recorded()

    assert in_threads(4, work) == [False, True, False, True]
    assert ad.is_grad_enabled()


def test_no_grad_holds_in_its_own_task_only() -> None:
    async def quiet(entered: asyncio.Event, leave: asyncio.Event) -> bool:
        with ad.no_grad(), scope("quiet"):
            entered.set()
            await leave.wait()
            return recorded()

    async def loud(entered: asyncio.Event, leave: asyncio.Event) -> tuple[bool, Any]:
        await entered.wait()
        found = recorded(), (ad.Value(1.0) * 2).scope
        leave.set()
        return found

    async def both() -> list[Any]:
        events = asyncio.Event(), asyncio.Event()
        return await asyncio.gather(quiet(*events), loud(*events))

    assert asyncio.run(both()) == [False, (True, ())]


def test_graphs_in_eight_threads_equal_those_in_one() -> None:
    shared = np.linspace(-1, 1, 12).reshape(3, 4)

    def work(i: int) -> list[Any]:
        found = []
        for k in range(20):
            x = ad.Tensor(shared + i + k / 10, requires_grad=True)
            ad.tanh(x @ shared.T).sum().backward()
            v = ad.Value(i + k / 10)
            (ad.tanh(v) * v + v**3).backward()
            found += [x.grad.tobytes(), v.grad]
        return found

    assert in_threads(8, work) == [work(i) for i in range(8)]


def test_threads_may_share_the_leaves_of_scalar_graphs() -> None:
    x = ad.Value(2.0)
    barrier = Barrier(4, timeout=30)

    def work(i: int) -> list[Any]:
        barrier.wait()
        found = []
        for k in range(1, 30):
            y = x
            for _ in range(k):
                y = y * x
            found.append(y.data)
            y.backward()
        return found

    expected = [2.0 ** (k + 1) for k in range(1, 30)]
    assert in_threads(4, work) == [expected] * 4
    assert x.grad == 4 * sum((k + 1) * 2.0**k for k in range(1, 30))


def test_the_default_dtype_of_a_block_holds_in_its_own_thread_only() -> None:
    barrier = Barrier(2, timeout=30)

    def work(i: int) -> Any:
        if i:
            barrier.wait()
            return ad.Tensor([1.0]).dtype
        with ad.default_dtype(np.float32):
            barrier.wait()
            return ad.Tensor([1.0]).dtype

    assert in_threads(2, work) == [np.float32, np.float64]


def test_scopes_name_the_nodes_made_inside() -> None:
    x, v = ad.Tensor([1.0], requires_grad=True), ad.Value(1.0)
    with scope("net", "MLP"), scope("layers[0]", "Linear(1, 1)"):
        y, z = x * 2, v * 2
        s, d, t = ad.clip(x, 0, 1), ad.dot([v], [2.0]), ad.to_value(x, (0,))
        leaf = ad.Tensor([1.0])
    after = y + 1
    expected = (("net", "MLP"), ("layers[0]", "Linear(1, 1)"))
    assert [n.scope for n in (y, z, s, d, t)] == [expected] * 5
    assert after.scope == x.scope == leaf.scope == ()


def test_a_scope_inside_no_grad_keeps_it_off() -> None:
    with ad.no_grad(), scope("a"):
        assert not recorded()
        with ad.enable_grad():
            assert (ad.Value(1.0) * 2).scope == (("a", ""),)


def test_names_and_scopes_live_beside_each_other() -> None:
    with scope("a"):
        y = ad.Value(1.0) * 2
    y.name = "y"
    assert (y.name, y.scope) == ("y", (("a", ""),))
    t = ad.Tensor([1.0], name="t")
    t.name = "other"
    assert (t.name, t.scope) == ("other", ())
    assert ad.Value(1.0).name is None
