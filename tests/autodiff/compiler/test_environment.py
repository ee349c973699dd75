"""What a step reaches by name is changed between calls: noticed at once, or later with a word."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import TracingError
from tests.autodiff.compiler.twins import assert_same

_X = np.array([1.0, -2.0, 3.0])
_scale = 2.0
_unrelated: Any = None


class _Scaler:
    power = 1

    def __init__(self) -> None:
        self.factor = 1.0

    @property
    def doubled(self) -> float:
        return self.factor * 2

    def __call__(self, x: Any) -> Any:
        return x**self.power * self.doubled


class _Steps:
    def __init__(self) -> None:
        self.sizes = [1.0, 2.0]

    def __iter__(self) -> Any:
        return iter(self.sizes)

    def __getitem__(self, index: int) -> float:
        return self.sizes[index]


class _Slotted:
    __slots__ = ("factor",)

    def __init__(self) -> None:
        self.factor = 1.0


def _scaled(x: Any) -> Any:
    return x * _scale


def _set_global(value: float) -> None:
    global _scale
    _scale = value


Case = tuple[Callable[[Any], Any], Callable[[], None]]


def _of_dict(settings: dict[str, Any], change: Callable[[], None]) -> Case:
    return lambda x: x * settings["a"]["b"][0] + settings.get("c", 0.0), change


def _cases() -> dict[str, Case]:
    nested: dict[str, Any] = {"a": {"b": [1.0]}}
    entry: dict[str, Any] = {"a": {"b": (1.0,)}}
    added: dict[str, Any] = {"a": {"b": (1.0,)}}
    space, scaler, other, slotted = SimpleNamespace(k=1.0), _Scaler(), _Scaler(), _Slotted()
    layer, array, weights = nn.LeakyReLU(0.1), np.ones(3), [1.0, 2.0]
    functions = {"act": ad.tanh}
    walked, indexed, by_string = _Steps(), _Steps(), SimpleNamespace(k=1.0)

    def helper(x: Any, power: int = 2) -> Any:
        return x**power

    def inner(x: Any) -> Any:
        return helper(x)

    def new_default() -> None:
        helper.__defaults__ = (3,)

    def new_code() -> None:
        inner.__code__ = (lambda x: helper(x) * 0.5).__code__

    def importing(x: Any) -> Any:
        from tests.autodiff.compiler.test_environment import _scale

        return x * _scale

    added_factor = partial(lambda factor, x: x * factor["k"], {"k": 1.0})
    return {
        "a global used in a helper": (lambda x: _scaled(x), lambda: _set_global(_scale + 1)),
        "a list in a dict": _of_dict(nested, lambda: nested["a"]["b"].__setitem__(0, 3.0)),
        "an entry of a dict": _of_dict(entry, lambda: entry["a"].update(b=(2.0,))),
        "a new entry": _of_dict(added, lambda: added.update(c=1.0)),
        "a list that grows": (lambda x: sum(x * w for w in weights), lambda: weights.append(1.0)),
        "an attribute": (lambda x: x * space.k, lambda: setattr(space, "k", 2.0)),
        "an attribute in a property": (lambda x: scaler(x), lambda: setattr(scaler, "factor", 3)),
        "one that hides the class's": (lambda x: other(x), lambda: setattr(other, "power", 2)),
        "a slot": (lambda x: x * slotted.factor, lambda: setattr(slotted, "factor", 2.0)),
        "a layer's setting": (lambda x: layer(x), lambda: setattr(layer, "negative_slope", 0.3)),
        "a function": (lambda x: functions["act"](x), lambda: functions.update(act=ad.sin)),
        "a default of a helper": (inner, new_default),
        "the code of a helper": (lambda x: inner(x), new_code),
        "numbers used by NumPy": (lambda x: x * float(array[0]), lambda: array.fill(2.0)),
        "an attribute named by a string": (
            lambda x: x * getattr(by_string, "k"),  # noqa: B009
            lambda: setattr(by_string, "k", 3.0),
        ),
        "an entry of vars()": (lambda x: x * vars(space)["k"], lambda: setattr(space, "k", 4.0)),
        "an entry of globals()": (
            lambda x: x * globals()["_scale"],
            lambda: _set_global(_scale + 1),
        ),
        "what is imported within": (importing, lambda: _set_global(_scale + 1)),
        "what __iter__ reads": (lambda x: x * sum(walked), lambda: walked.sizes.append(3.0)),
        "what __getitem__ reads": (lambda x: x * indexed[0], lambda: indexed.sizes.insert(0, 3.0)),
        "a partial's argument": (added_factor, lambda: added_factor.args[0].update(k=5.0)),
    }


@pytest.mark.parametrize("name", _cases())
def test_changes_are_noticed_in_the_next_call(name: str) -> None:
    """Each is recorded anew, without a word."""
    try:
        step, change = _cases()[name]
        compiled = ad.compile(step)
        x = ad.Tensor(_X)
        for number in range(4):
            for _ in range(3):
                assert_same(step(x), compiled(x))
            before = step(x).tolist()
            change()
            assert step(x).tolist() != before or number > 0
        assert compiled.recordings > 1
    finally:
        _set_global(2.0)


@pytest.mark.parametrize(
    "step",
    [
        lambda xs, w: w * xs,
        lambda xs, w: ad.multiply(xs, w),
        lambda xs, w: ad.matmul(xs, w) + ad.exp(xs),
        lambda xs, w: ad.Tensor(xs, dtype=np.float32) * w,
        lambda xs, w: ad.asarray(xs) - ad.stack([w, xs])[1],
        lambda xs, w: w[xs.astype(int) * 0] + ad.where(w > 0, xs, 1.0),
        lambda xs, w: nn.functional.mse_loss(w, xs),
        lambda xs, w: np.add(xs, w) + np.maximum(w, xs),
    ],
)
def test_closed_over_arrays_are_read_anew(step: Callable[..., Any]) -> None:
    """A plain array that is refilled costs no new recording."""
    xs, w = np.ones(3), ad.Tensor([1.0, 2.0, -3.0])
    compiled = ad.compile(lambda: step(xs, w))
    for number in range(6):
        xs[:] = number + _X
        assert_same(step(xs, w), compiled())
    assert compiled.recordings == 1


@pytest.mark.parametrize("size", [3, 5000])
def test_an_array_used_by_numpy_alone_as_well_is_not_taken_for_one_that_is_read_anew(
    size: int,
) -> None:
    """When it is refilled the comparison is repeated, and finds that one use is not recorded."""
    xs = np.ones(size)
    compiled = ad.compile(lambda x: ad.sum(ad.multiply(xs, x)) * float(xs.mean()))
    for number in range(6):
        assert compiled(2.0).item() == 2.0 * size, number
    xs[:] = 3.0
    for _ in range(2):
        with pytest.raises(TracingError, match=r"does not repeat.*a plain NumPy array"):
            compiled(2.0)


def test_comparisons_for_a_refilled_array_are_made_three_times() -> None:
    """After that the array is known to be read anew everywhere."""
    xs, calls = np.ones(3), count()

    def step(x: Any) -> Any:
        next(calls)
        return ad.multiply(xs, x)

    compiled = ad.compile(step)
    for number in range(12):
        xs[:] = number
        assert compiled(ad.Tensor(_X)).tolist() == (_X * number).tolist()
    assert next(calls) == 4


def test_numbers_that_agree_by_chance_are_no_proof() -> None:
    """A refill that hides a use by NumPy alone leaves the next one to be compared."""
    mask = np.array([True, False, True, False])
    compiled = ad.compile(lambda x: ad.sum(ad.select([mask, ~mask], [x, 2 * x])))
    for _ in range(3):
        assert compiled(np.ones(4)).item() == 6.0
    mask[:] = [True, True, True, False]
    assert compiled(np.ones(4)).item() == 5.0
    for _ in range(2):
        mask[:] = [False, True, True, False]
        with pytest.raises(TracingError, match="does not repeat"):
            compiled(np.ones(4))
        mask[:] = [True, True, True, False]
        assert compiled(np.ones(4)).item() == 5.0


def test_large_things_are_looked_at_from_time_to_time() -> None:
    """A late change is named, and the step recorded anew."""
    table, total = np.ones(5000), [0.0] * 500
    for change, words in (
        (lambda: table.fill(2.0), "the numbers of table was changed.*noticed now: up to 15 calls"),
        (lambda: total.__setitem__(7, 1.0), "an entry of total was changed"),
    ):
        compiled = ad.compile(lambda x: x * float(table.sum()) + sum(total))
        x = ad.Tensor(_X)
        for _ in range(17):
            compiled(x)
        change()
        with pytest.warns(UserWarning, match=words):
            found = [compiled(x) for _ in range(16)]
        assert found[-1].tolist() == (_X * table.sum() + sum(total)).astype(x.dtype).tolist()
        assert compiled.recordings == 2


def test_early_changes_of_large_things_are_noticed_at_once() -> None:
    """In the first calls everything is looked at."""
    table = np.ones(5000)
    compiled = ad.compile(lambda x: x * float(table.sum()))
    for number in range(10):
        table.fill(number)
        assert compiled(ad.Tensor([1.0])).tolist() == [5000.0 * number]


def test_a_global_named_like_an_attribute_is_not_watched() -> None:
    """A loop's variable that only shares its name makes no new recordings."""
    settings = SimpleNamespace(_unrelated=2.0)
    compiled = ad.compile(lambda x: x * settings._unrelated)
    for number in range(3):
        globals()["_unrelated"] = number
        assert compiled(np.ones(1)).tolist() == [2.0]
    assert compiled.recordings == 1


def test_the_comparison_is_repeated() -> None:
    """What no look can notice is found by the ordinary code, run again after 16 calls."""
    ticks = count()

    def step(x: Any) -> Any:
        return x * (1.0 if next(ticks) < 2 else 2.0)

    compiled = ad.compile(step)
    for _ in range(16):
        compiled(_X)
    with pytest.raises(TracingError, match="does not repeat"):
        compiled(_X)


def test_a_step_is_not_slowed_by_what_is_large() -> None:
    """What is looked at in every call is little, however large the data."""
    data = [np.zeros(10) for _ in range(5000)]
    held = ad.compile(lambda x: x + len(data))
    held(_X)
    assert len(held._last.held.always) + len(held._last.held.seldom) < 10


@pytest.mark.parametrize("layout", [lambda a: a, lambda a: a.T, lambda a: a[:, ::2]])
def test_a_sample_of_a_large_array_is_looked_at(layout: Callable[[Any], Any]) -> None:
    """Whatever its layout in memory, refilling it is noticed."""
    table = layout(np.zeros((400, 600)))
    compiled = ad.compile(lambda x: x + float(table.sum()))
    for number in range(4):
        table[...] = number
        assert compiled(np.zeros(1)).tolist() == [number * float(table.size)]
