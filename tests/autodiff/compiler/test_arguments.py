"""What a compiled step may be given and may return."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.errors import TracingError
from tests.autodiff.compiler.twins import Step, Twins, assert_same

_Pair = namedtuple("_Pair", "left right")


def _stateless(function: Step) -> Twins:
    return Twins(lambda: (function, []))


def _array(*shape: int, seed: int = 0, dtype: Any = np.float32) -> Any:
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def test_nested_arguments_and_results() -> None:
    """Tuples, lists, dicts and named tuples of arrays, Tensors and numbers."""

    def step(batch: Any, scale: float, *rest: Any, options: Any) -> Any:
        x, y = batch["x"], batch["more"][1]
        total = ad.multiply(x, scale) + y
        return {
            "sum": total.sum(),
            "all": [total, (ad.exp(total), {"r": rest[0] * 2.0})],
            "pair": _Pair(total * options["k"], 3),
            "name": "fixed",
            "nothing": None,
        }

    twins = _stateless(step)
    for seed in range(4):
        batch = {"x": ad.Tensor(_array(2, 3, seed=seed)), "more": [1, _array(3, seed=seed + 9)]}
        found = twins.call(batch, 0.5, _array(2, seed=seed), options={"k": 2})
        assert isinstance(found["pair"], _Pair)
        assert found["name"] == "fixed"
    assert twins.compiled.recordings == 1


def test_kinds_of_results_are_kept() -> None:
    """A Tensor comes back as a Tensor without a graph, an array as an array, in every call."""
    w = ad.Tensor([1.0, 2.0], requires_grad=True)

    @ad.compile
    def step(x: Any) -> Any:
        w.zero_grad()
        y = (w * x).sum()
        y.backward()
        return y, w.grad, w

    for _ in range(4):
        y, gradient, data = step(np.ones(2, np.float32))
        assert isinstance(y, ad.Tensor)
        assert y.is_leaf
        assert not y.requires_grad
        assert isinstance(gradient, np.ndarray)
        assert data is not w
        assert data.tolist() == [1.0, 2.0]


def test_results_are_the_callers_own() -> None:
    """No later call writes into what an earlier one returned, nor do its changes matter."""
    w = ad.Tensor([1.0, 2.0], requires_grad=True)

    @ad.compile
    def step(x: Any) -> Any:
        w.zero_grad()
        y = w * x
        y.sum().backward()
        w.data -= w.grad
        return y, w

    found = [step(np.full(2, n, np.float32)) for n in range(5)]
    kept = [[t.numpy() for t in pair] for pair in found]
    for y, data in found:
        y.data[...] = 77.0
        data.data[...] = 77.0
    assert step(np.ones(2, np.float32))[0].tolist() == [-9.0, -8.0]
    assert [k[1].tolist() for k in kept] == [[1.0 - s, 2.0 - s] for s in (0, 1, 3, 6, 10)]


def test_gradients_that_are_kept_stay() -> None:
    """An array taken from `.grad`, or a view of it, is not written by later calls."""
    w = ad.Tensor(_array(3, 2), requires_grad=True)

    @ad.compile
    def step(x: Any) -> Any:
        w.zero_grad()
        y = (x @ w.T).sum()
        y.backward()
        return y

    kept, copies = [], []
    for seed in range(8):
        step(_array(4, 2, seed=seed))
        kept.append(w.grad if seed % 2 else w.grad.T[0])
        copies.append(kept[-1].copy())
    assert_same(kept, copies)


@pytest.mark.parametrize("second", [_array(5, 3), _array(2, 3, dtype=np.float64), _array(3)])
def test_other_shapes_and_dtypes_are_recorded_anew(second: Any) -> None:
    """Each kind of argument has its own recording, and all stay right."""
    twins = _stateless(lambda x: ad.softmax(ad.multiply(x, 2.0)))
    for _ in range(3):
        twins.call(_array(2, 3))
        twins.call(second)
    assert twins.compiled.recordings == 2


def test_memory_layouts() -> None:
    """Transposed and strided arguments give the same bits as in ordinary code."""
    twins = _stateless(lambda x: (ad.matmul(x, x.T), ad.exp(x).sum(axis=0), ad.reshape(x, -1)))
    big = _array(40, 40)
    for x in (big, big.T, big[::2, 1::3], big[:, ::-1], np.asfortranarray(big)) * 3:
        twins.call(ad.Tensor(x) if x.flags.c_contiguous else x)


def test_plain_values_are_part_of_the_recording() -> None:
    """Each value of a number, a switch or a string is recorded anew."""
    twins = _stateless(lambda x, flag, n, name: (x * n if flag else x + n, name))
    x = ad.Tensor(_array(3))
    for flag, n, name in ((True, 2, "a"), (False, 2, "a"), (True, 3, "a"), (True, 2.0, "b")) * 3:
        twins.call(x, flag, n, name)
    assert twins.compiled.recordings == 4


def test_numbers_that_differ_little() -> None:
    """Signs of zeros, NaN and integers beside floats are told apart."""
    twins = _stateless(lambda x, n: x * n)
    for n in (0.0, -0.0, 0, float("nan"), 1, True, 1.0) * 2:
        twins.call(ad.Tensor(_array(2)), n)
    assert twins.compiled.recordings == 7


def test_integer_and_boolean_arguments() -> None:
    """Indices and masks are ordinary arguments."""
    twins = _stateless(lambda x, i, m: (x[i], ad.where(m, x, 0.0).sum(), x[1:, None]))
    for seed in range(4):
        rng = np.random.default_rng(seed)
        x = ad.Tensor(_array(5, 2, seed=seed))
        twins.call(x, rng.integers(0, 5, 7), rng.random((5, 2)) > 0.5)


def test_the_same_array_twice() -> None:
    """Two arguments may be one array, and an argument may be a state's array."""
    w = ad.Tensor(_array(3))

    @ad.compile
    def step(a: Any, b: Any) -> Any:
        first = a * 2.0
        w.data += 1.0
        return first + b * 2.0 + a * 2.0

    for _ in range(4):
        x = _array(3)
        assert_same(step(x, x), step(x, x.copy()))
        held, before = w.data, w.numpy()
        expected = before * 2.0 + (before + np.float32(1.0)) * 2.0 + (before + np.float32(1)) * 2.0
        assert_same(step(held, held), expected)


def test_arguments_changed_in_place() -> None:
    """A step may write into an array that it was given."""

    def step(x: Any) -> Any:
        x *= 2.0
        return x.sum()

    twins = _stateless(step)
    for _ in range(4):
        x = np.ones(3, np.float32)
        left, right = x.copy(), x.copy()
        assert_same(twins.eager(left), twins.compiled(right))
        assert_same(left, right)


def test_methods_and_partial_functions() -> None:
    """Bound methods and callable objects are compiled as functions are."""

    class Trainer:
        def __init__(self) -> None:
            self.w = ad.Tensor([1.0], requires_grad=True)
            self.rate = 0.5

        def step(self, x: Any) -> Any:
            self.w.zero_grad()
            loss = (self.w * x).sum()
            loss.backward()
            self.w.data -= self.rate * self.w.grad
            return loss

    a, b = Trainer(), Trainer()
    compiled = ad.compile(b.step)
    for rate in (0.5, 0.5, 0.5, 0.25, 0.25, 0.25):
        a.rate = b.rate = rate
        assert_same(a.step(np.ones(1, np.float32)), compiled(np.ones(1, np.float32)))
        assert_same(a.w.data, b.w.data)


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        (ad.Tensor([1.0], requires_grad=True, name="w"), "'w'.* needs a gradient"),
        (ad.Value(1.0), "was given a Value"),
        ({1, 2}, "was given a set, as its argument 'x'"),
    ],
)
def test_refused_arguments(argument: Any, words: str) -> None:
    """What cannot be recorded is refused with a way out."""
    with pytest.raises(TracingError, match=words):
        ad.compile(lambda x: x)(argument)


def test_many_recordings_warn() -> None:
    """A number that changes in every call is better an array."""
    step = ad.compile(lambda x, n: x * n)
    x = ad.Tensor([1.0])
    for n in range(16):
        step(x, n)
    with pytest.warns(UserWarning, match=r"recorded 17 times.*autodiff\.live\.number"):
        step(x, 16)
    assert [step(x, n).item() for n in range(40)] == list(range(40))
    assert step.recordings == 16
