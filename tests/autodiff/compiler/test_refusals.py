"""Steps that cannot be replayed raise errors that say why, and are never silently wrong."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import count
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any
from unittest.mock import ANY

import numpy as np
import pytest

import autodiff as ad
from autodiff.compiler.effects import watching_effects
from autodiff.errors import TracingError

_X = np.array([1.0, 2.0, -3.0], np.float32)
_DOUBLED = np.frompyfunc(lambda a: a * 2, 1, 1)
_count = 0


def _calls(step: Callable[..., Any], times: int = 4) -> None:
    compiled = ad.compile(step)
    for _ in range(times):
        compiled(_X.copy())


def _branch(x: Any) -> Any:
    y = ad.tanh(x).sum()
    return y * 2.0 if y.data > 0 else y


def _append(x: Any, seen: list[Any]) -> Any:
    seen.append(ad.tanh(x))
    return seen[-1]


def _values(x: Any) -> Any:
    return ad.stack([v * 2.0 for v in ad.values(ad.tanh(x))])


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda x: ad.exp(x).sum().item(), r"item\(\) was called.*shape \(\).*return what you"),
        (lambda x: float(ad.exp(x).sum().data), "Python float"),
        (lambda x: int(ad.exp(x).sum().data), "Python int"),
        (lambda x: _X[ad.sum(x).data], "as an index into one, for an array of shape"),
        (lambda x: ad.exp(x).tolist(), r"tolist\(\) was called"),
        (lambda x: ad.exp(x).numpy(), "plain NumPy array"),
        (lambda x: np.asarray(x), r"plain NumPy array.*shape \(3,\)"),
        (lambda x: list(map(float, x)), "Python float"),
        (_branch, r"branched on it \(if.*autodiff\.where"),
        (lambda x: [y for y in (x,) if y[0] > 0], "branched on it"),
        (lambda x: x[x > 0], "array of booleans.*autodiff.where"),
        (lambda x: ad.exp(x)[x > 0], "array of booleans"),
        (lambda x: np.unique(x), "numpy.unique is not supported"),
        (lambda x: np.fft.fft(x), "fft is not supported"),
        (lambda x: np.add.accumulate(x), r"numpy\.add\.accumulate is not supported"),
        (lambda x: _DOUBLED(x), r"ufunc <lambda> is not supported in a compiled step.*outside the"),
        (lambda x: np.modf(x)[0], "gives several arrays"),
        (_values, "Python float"),
    ],
)
def test_numbers_that_python_sees(step: Callable[..., Any], words: str) -> None:
    """The first call tells what was done with an array that Python must not look at."""
    with pytest.raises(TracingError, match=words):
        ad.compile(step)(_X)


def test_values_from_outside() -> None:
    """Scalar nodes are not recorded, whether read or differentiated."""
    v = ad.Value(2.0, name="v")

    def scaled(x: Any) -> Any:
        return ad.tanh(x) * v.data

    def differentiated(x: Any) -> Any:
        (v * 3.0).backward()
        return x

    for step in (scaled, differentiated):
        with pytest.raises(TracingError, match=r"uses the Value v.*use a Tensor"):
            ad.compile(step)(_X)
    assert v.grad is None
    (v * 3.0).backward()
    assert v.grad == 3.0


def test_a_counter_in_a_global() -> None:
    """A number that the step itself counts up is named."""

    def step(x: Any) -> Any:
        global _count
        _count += 1
        return x / _count

    with pytest.raises(TracingError, match=r"assigns '_count'.*Count and collect outside"):
        ad.compile(step)(_X)


def test_a_counter_in_a_closure_or_an_object() -> None:
    """Likewise in a closure and in an attribute of a method's object."""
    count = 0

    def step(x: Any) -> Any:
        nonlocal count
        count += 1
        return x / count

    class Trainer:
        steps = 0

        def __init__(self) -> None:
            self.steps = 0

        def step(self, x: Any) -> Any:
            self.steps += 1
            return x / self.steps

    with pytest.raises(TracingError, match="assigns 'count'"):
        ad.compile(step)(_X)
    with pytest.raises(TracingError, match="assigns 'steps'"):
        ad.compile(Trainer().step)(_X)


def test_what_the_step_changes_for_itself() -> None:
    """An entry of a dict, a list or an object may be made once, but not changed each time."""

    def counted(x: Any, state: Any) -> Any:
        state["count"] += 1
        return x / state["count"]

    def listed(x: Any, state: Any) -> Any:
        state["list"].append("called")
        return x

    def helped(x: Any, state: Any) -> Any:
        state["helper"].count += 1
        return x

    for step, words in (
        (counted, r"changes state\['count'\], which lives outside.*Count and collect"),
        (listed, r"changes the length of state\['list'\]"),
        (helped, r"changes state\['helper'\].count"),
    ):
        state = {"count": 1, "list": [], "helper": SimpleNamespace(count=0)}
        with pytest.raises(TracingError, match=words):
            _calls(_with(step, state))


def _with(step: Callable[..., Any], state: Any) -> Callable[..., Any]:
    return lambda x: step(x, state)


def test_a_counter_that_the_recording_cannot_see() -> None:
    """The second call finds by comparison what the first could not know."""
    numbers = count(1)

    def step(x: Any) -> Any:
        return x / next(numbers)

    with pytest.raises(TracingError, match=r"does not repeat: what it returns.*Python counter"):
        _calls(step)


def test_a_counter_in_the_update() -> None:
    """A difference in a parameter is found, and the parameter named."""
    w = ad.Tensor([1.0, 1.0, 1.0], name="w")
    numbers = count(1)

    def step(x: Any) -> Any:
        w.data -= x / next(numbers)
        return x

    with pytest.raises(TracingError, match=r"does not repeat: 'w' afterwards"):
        _calls(step)


def test_a_gradient_that_differs() -> None:
    """A difference in a gradient alone is found too."""
    w = ad.Tensor([1.0, 1.0, 1.0], requires_grad=True, name="w")
    numbers = count(1)

    def step(x: Any) -> Any:
        w.zero_grad()
        (w * x * float(next(numbers))).sum().backward()

    with pytest.raises(TracingError, match="does not repeat: the gradient of 'w'"):
        _calls(step)


def test_a_plain_array_as_a_buffer() -> None:
    """A NumPy array that is renewed in the step by means that are not recorded."""
    buffer = np.zeros(3, np.float32)

    def step(x: Any) -> Any:
        buffer[...] = buffer + 1.0
        return x * buffer

    with pytest.raises(TracingError, match=r"does not repeat.*plain NumPy array"):
        _calls(step)


def test_a_plain_array_that_recorded_calls_write_is_fine() -> None:
    """Written from arrays under recording, it is state like any other."""
    left, right = np.zeros(3, np.float32), np.zeros(3, np.float32)

    def step(x: Any, buffer: Any) -> Any:
        np.add(buffer, x, out=buffer)
        return np.multiply(buffer, x)

    compiled = ad.compile(lambda x: step(x, right))
    for _ in range(5):
        assert step(_X, left).tolist() == compiled(_X).tolist()
        assert left.tolist() == right.tolist()


def test_an_accumulator_made_in_the_step() -> None:
    """A plain array that is fresh in every call and then written is found by comparison."""
    w = ad.Tensor(_X)

    def step(x: Any) -> Any:
        total = np.zeros(3, np.float32)
        total += x
        total += w.data
        return total

    with pytest.raises(TracingError, match="does not repeat"):
        _calls(step)


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda rng: rng.random(3, dtype=np.float32), "the Generator 'rng'"),
        (lambda rng: np.random.rand(3).astype(np.float32), "the global generator of numpy.random"),
        (lambda rng: np.float32(random.random()), "the global generator of random"),
    ],
)
def test_direct_draws(draw: Callable[[Any], Any], words: str) -> None:
    """Random numbers drawn past the library are refused when the step is recorded."""
    rng = np.random.default_rng(0)
    state, other = np.random.get_state(), random.getstate()
    try:
        with pytest.raises(TracingError, match=rf"drawn directly from {words}.*live\.uniform"):
            ad.compile(lambda x: x * draw(rng))(_X)
    finally:
        np.random.set_state(state)
        random.setstate(other)


def test_draws_from_what_has_no_name() -> None:
    """Random numbers of a generator that is made anew are found by comparison."""
    seeds = count()

    def step(x: Any) -> Any:
        return x * np.random.default_rng(next(seeds)).random(3, dtype=np.float32)

    with pytest.raises(
        TracingError, match=r"random numbers drawn directly.*autodiff\.live\.uniform"
    ):
        _calls(step)


def test_printing(capsys: pytest.CaptureFixture[str]) -> None:
    """A step that prints says that later calls will not."""

    def step(x: Any) -> Any:
        print("here")
        return x * 2.0

    compiled = ad.compile(step)
    with pytest.warns(ad.TracingWarning, match="step' prints here, which it does while") as caught:
        compiled(_X)
    line = step.__code__.co_firstlineno + 1
    assert [(w.filename, w.lineno) for w in caught] == [(__file__, line)]
    for _ in range(3):
        compiled(_X)
    assert capsys.readouterr().out == "here\n" * 2
    assert print.__module__ == "builtins"


def test_print_is_put_back_whichever_thread_ends_first() -> None:
    """Of two recordings that overlap each is told of its own thread's printing alone."""
    before, began, ended, told = print, Event(), Event(), []

    def first() -> None:
        with watching_effects() as effects:
            began.set()
            ended.wait(10)
            print(end="")
            told.append(effects.printed)

    thread = Thread(target=first)
    with watching_effects() as effects:
        thread.start()
        began.wait(10)
        assert not effects.printed
    ended.set()
    thread.join()
    assert print is before
    assert told == [(__file__, ANY)]
    assert not effects.printed


def test_results_kept_in_a_list() -> None:
    """A list that the step fills would stay as it is in later calls."""
    seen: list[Any] = []
    w = ad.Tensor(_X, requires_grad=True)
    with pytest.raises(TracingError, match=r"keeps the result of 'tanh' made at .*test_refusals"):
        ad.compile(lambda x: _append(w * x, seen))(_X)
    assert seen[0]._data.__class__ is np.ndarray
    assert seen[0].sum().item() == pytest.approx(np.tanh(_X * _X).sum())


def test_constants_kept_in_a_list() -> None:
    """Without gradients the first call is not recorded, and the second refuses."""
    seen: list[Any] = []
    compiled = ad.compile(lambda x: _append(x, seen))
    compiled(_X)
    with pytest.raises(TracingError, match=r"keeps a leaf of shape \(3,\).*return it"):
        compiled(_X)


def test_arrays_kept_in_a_list() -> None:
    """A bare array that got out of the recording cannot be used afterwards."""
    seen: list[Any] = []

    def step(x: Any) -> Any:
        y = ad.tanh(x)
        seen.append(y.data)
        return y

    ad.compile(step)(_X)
    for use in (lambda y: y + 1.0, lambda y: y[0], np.sum, float, lambda y: y.__setitem__(0, 1)):
        with pytest.raises(TracingError, match=r"return it from the step|return what you want"):
            use(seen[0])


def test_another_number_of_results() -> None:
    """What a step returns may not grow."""
    numbers = count(1)

    def step(x: Any) -> Any:
        return [x] * next(numbers)

    with pytest.raises(TracingError, match="the number of things it returns"):
        _calls(step)


def test_without_verification_nothing_is_compared() -> None:
    """The comparison can be left out, at one's own risk."""
    numbers = count(1)

    def step(x: Any) -> Any:
        return x * next(numbers)

    compiled = ad.compile(verify=False)(step)
    assert [compiled(_X)[0] for _ in range(3)] == [1.0, 1.0, 1.0]
    assert next(numbers) == 2


def test_an_error_of_the_step_itself() -> None:
    """Errors of ordinary code pass through the recording as they are."""
    w = ad.Tensor(np.ones((2, 2)), requires_grad=True)
    with pytest.raises(ad.ShapeError, match=r"'matmul'.*\(2, 2\).*\(3,\)"):
        ad.compile(lambda x: w @ x)(_X)
