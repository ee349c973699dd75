"""The first operation that gives NaN or an infinity is named, forward or backward."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.graph.switches import switches


@pytest.fixture(autouse=True)
def numpy_is_silent() -> Iterator[None]:
    with np.errstate(all="ignore"):
        yield


def caught(work: Callable[[], Any]) -> ad.NonFiniteError:
    with pytest.raises(ad.NonFiniteError) as info, ad.detect_anomaly():
        work()
    return info.value


def line_of(text: str) -> int:
    """The line of this file that holds a mark."""
    lines = inspect.getsource(inspect.getmodule(line_of)).splitlines()
    return next(i for i, line in enumerate(lines, 1) if line.endswith(f"# {text}"))


def test_the_first_operation_of_the_forward_pass_is_named_with_its_line_and_operands() -> None:
    x = ad.Tensor([[-1.0, 0.0, 2.0]], requires_grad=True, name="x")

    def work() -> None:
        y = x * 2
        z = ad.log(y)  # the logarithm
        (z + 1).sum()

    error = caught(work)
    assert (error.op, error.phase) == ("log", "forward")
    assert error.origin == (__file__, line_of("the logarithm"))
    text = str(error)
    assert text.startswith("the operation 'log' gave 1 NaN and 1 infinity in its result\n")
    assert f"at {__file__}:{line_of('the logarithm')}: z = ad.log(y)" in text
    assert "operand 0, the result of 'multiply' made at" in text
    assert "shape (1, 3), float64, from -2 to 4" in text


def test_a_rule_of_the_backward_pass_is_named_with_what_it_received_and_sent() -> None:
    x = ad.Tensor([0.0, 4.0], requires_grad=True, name="x")
    with ad.detect_anomaly():
        y = ad.sqrt(x)  # the root
        z = (y * 3).sum()
    error = caught(z.backward)
    assert (error.op, error.phase) == ("sqrt", "backward")
    assert error.origin == (__file__, line_of("the root"))
    assert "in the gradient of its operand 0, 'x' (a leaf)\n" in str(error)
    assert "gradient received: shape (2,), float64, all 3" in str(error)
    assert "gradient sent: shape (2,), float64, all 0.75, 1 infinity" in str(error)
    assert x.grad is None


@pytest.mark.parametrize(
    "sweep",
    [
        lambda z, x: z.backward(),
        lambda z, x: z.backward(inputs=[x]),
        lambda z, x: z.backward(create_graph=True),
        lambda z, x: ad.gradients(z),
        lambda z, x: ad.gradients(z, inputs=[x]),
        lambda z, x: ad.gradients(z, inputs=[x], create_graph=True),
        lambda z, x: ad.grad(lambda v: ad.sqrt(v) * 3)(0.0),
        lambda z, x: ad.grad(lambda v: ad.sqrt(v).sum())(np.zeros(2)),
        lambda z, x: ad.grad(ad.grad(lambda v: ad.sqrt(v)))(0.0),
    ],
)
@pytest.mark.parametrize("leaf", [lambda: ad.Value(0.0), lambda: ad.Tensor(0.0, None, True)])
def test_every_kind_of_backward_pass_looks(sweep: Any, leaf: Callable[[], Any]) -> None:
    x = leaf()
    z = ad.sqrt(x) * 3
    error = caught(lambda: sweep(z, x))
    assert (error.op, error.phase) == ("sqrt", "backward")


def test_with_an_operand_that_stands_twice_the_position_is_the_right_one() -> None:
    x = ad.Tensor([-1.0, 1.0], requires_grad=True)
    for create_graph in (False, True):
        z = ad.power(x, x).sum()
        error = caught(lambda z=z, c=create_graph: z.backward(create_graph=c))
        assert "the gradient of its operand 1" in str(error)


def test_values_too() -> None:
    x = ad.Value(-1.0, name="x")
    error = caught(lambda: ad.log(x * 2))
    assert (error.op, error.phase) == ("log", "forward")
    assert "operand 0, the result of 'multiply' made at" in str(error)
    assert "the number -2.0" in str(error)
    assert caught(lambda: x * 1e300 * 1e300).op == "multiply"
    assert caught(lambda: ad.total([x, float("inf"), -float("inf")])).op == "total"
    with ad.no_grad():
        assert caught(lambda: ad.log(x)).op == "log"
        assert caught(lambda: ad.total([x, float("nan")])).op == "total"
    zero = ad.Value(0.0)
    assert caught(lambda: (zero**0.5).backward()).phase == "backward"


def test_constants_and_what_is_not_recorded_are_looked_at_too() -> None:
    error = caught(lambda: ad.log(ad.Tensor([-1.0])))  # a constant
    assert error.origin == (__file__, line_of("a constant"))
    x = ad.Tensor([-1.0], requires_grad=True)
    with ad.no_grad():
        assert caught(lambda: ad.sqrt(x)).op == "sqrt"


def test_an_infinity_that_comes_in_is_passed_on_but_nan_is_not() -> None:
    x = ad.Tensor([[1.0, 2.0, 3.0]], requires_grad=True)
    mask = ad.Tensor([[True, False, True]])
    with ad.detect_anomaly():
        y = ad.softmax(ad.where(mask, x, -np.inf), axis=-1)
        ad.log(ad.where(mask, y, 1.0)).sum().backward()
    assert np.isfinite(x.grad).all()
    nan = ad.Tensor([np.nan, 1.0], name="data")
    error = caught(lambda: x[0, :2] * nan)
    assert "its operand 1 was not finite already" in str(error)
    assert "operand 1, 'data' (a leaf): shape (2,), float64, all 1, 1 NaN" in str(error)


def test_gradients_given_and_gradients_of_hooks_are_looked_at() -> None:
    x = ad.Tensor([1.0], requires_grad=True, name="x")
    error = caught(lambda: (x * 2).backward(np.array([np.nan], np.float32)))
    assert "as given" in str(error)
    handle = x.register_hook(lambda g: g * np.float32(np.inf))
    error = caught(lambda: (x * 2).backward())
    assert (error.op, error.phase) == (None, "backward")
    assert "the gradient of 'x' (a leaf) after its hooks holds 1 infinity" in str(error)
    handle.remove()
    y = x * 2
    handle = y.register_hook(lambda g: g * np.float32(np.inf))
    assert caught(lambda: y.backward(create_graph=True)).op == "multiply"
    handle.remove()
    assert x.grad is None


def test_a_sum_of_gradients_that_overflows_is_noticed_where_it_is_used() -> None:
    x = ad.Tensor([0.0], requires_grad=True, name="x")
    loss = (x * 1e308 + x * 1e308).sum()
    assert "the sum of what reached it" in str(caught(loss.backward))


def test_integers_and_booleans_pass() -> None:
    with ad.detect_anomaly():
        y = ad.Tensor([1, 2, 3]) + 1
        assert (y > 2).tolist() == [False, True, True]
        assert ad.Tensor(np.zeros((0, 3))).sum(axis=1).shape == (0,)


def test_compiled_steps_are_run_as_written() -> None:
    w = ad.Tensor([1.0, 0.0], requires_grad=True)

    @ad.compile
    def step(x: Any) -> Any:
        w.zero_grad()
        loss = ad.sqrt(w * x).sum()
        loss.backward()
        return loss

    for _ in range(3):
        step(np.ones(2, np.float32))
    error = caught(lambda: step(np.ones(2, np.float32)))
    assert (error.op, error.phase) == ("sqrt", "backward")


def test_it_holds_within_other_modes_and_nests() -> None:
    assert not ad.is_anomaly_enabled()
    with ad.detect_anomaly():
        with ad.no_grad(), ad.scope("part"), ad.enable_grad():
            assert ad.is_anomaly_enabled()
        with ad.detect_anomaly(False):
            assert not ad.is_anomaly_enabled()
            ad.log(ad.Tensor([-1.0]))
        assert ad.is_anomaly_enabled()
    assert not ad.is_anomaly_enabled()

    @ad.detect_anomaly()
    def inside(n: int) -> list[bool]:
        return [ad.is_anomaly_enabled()] + (inside(n - 1) if n else [])

    assert inside(2) == [True] * 3


def test_off_means_that_nothing_is_looked_at() -> None:
    with ad.detect_anomaly():
        assert switches.anomaly == 1
        assert switches.asked
    assert switches.anomaly == 0
    ad.set_detect_anomaly(True)
    ad.set_detect_anomaly(True)
    assert switches.anomaly == 1
    ad.set_detect_anomaly(False)
    assert switches.anomaly == 0
    assert np.isnan(ad.log(ad.Tensor([-1.0])).data).all()
    assert np.isnan(ad.log(ad.Value(-1.0)).data)


def test_other_threads_and_tasks_are_left_alone() -> None:
    def log_of_minus_one() -> bool:
        with np.errstate(all="ignore"):
            return bool(np.isnan(ad.log(ad.Tensor([-1.0], requires_grad=True)).data).all())

    async def watched() -> str:
        with ad.detect_anomaly():
            await asyncio.sleep(0)
            try:
                log_of_minus_one()
            except ad.NonFiniteError:
                return "found"
            finally:
                await asyncio.sleep(0)
        return "missed"

    async def unwatched() -> bool:
        await asyncio.sleep(0)
        return log_of_minus_one()

    async def both() -> list[Any]:
        return await asyncio.gather(watched(), unwatched(), watched())

    assert asyncio.run(both()) == ["found", True, "found"]
    with ad.detect_anomaly(), ThreadPoolExecutor(1) as pool:
        assert pool.submit(log_of_minus_one).result()


def test_results_and_gradients_are_the_same_while_looking() -> None:
    def work() -> list[bytes]:
        x = ad.Tensor(np.linspace(-1, 1, 6).reshape(2, 3), requires_grad=True)
        h = ad.tanh(x @ x.T)
        h.retain_grad()
        (h * h + ad.relu(x).sum()).sum().backward()
        return [x.grad.tobytes(), h.grad.tobytes(), ad.gradients((x * x).sum())[x].tobytes()]

    plain = work()
    with ad.detect_anomaly():
        assert work() == plain
