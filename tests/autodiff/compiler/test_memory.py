"""The model of memory: random programs on other numbers than were recorded, and bad plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
from autodiff.compiler.buffers import plan_buffers
from autodiff.compiler.numpy_writer import emit
from tests.autodiff.compiler.plans import check_plan
from tests.autodiff.compiler.twins import assert_same

Function = Callable[..., Any]

_N = 4
_ONE: list[Function] = [
    *(ad.tanh, ad.sin, ad.exp, ad.relu, ad.square, ad.softmax, ad.sigmoid, ad.gelu, ad.abs),
    lambda a: ad.sqrt(ad.relu(a)),
    lambda a: a**3,
    lambda a: ad.clip(a, -0.5, 0.5),
    lambda a: ad.reshape(ad.transpose(ad.reshape(a, (2, 2))), (4,)),
    lambda a: ad.flip(a),
    lambda a: a[np.array([3, 0, 0, 2])],
    lambda a: ad.concatenate([a[1:], a[:1]]),
    lambda a: a - ad.logsumexp(a),
    lambda a: ad.cumsum(a),
    lambda a: ad.astype(a, np.float64),
    lambda a: ad.sum(ad.broadcast_to(a, (3, _N)), axis=0),
    lambda a: a * 1.0,
    lambda a: ad.prod(ad.reshape(a, (2, 2)), axis=0)[np.array([0, 1, 1, 0])],
    lambda a: ad.sort(a),
    lambda a: ad.log(ad.relu(a)) * 0.1 + ad.where(a > 0, a, 0.0),
]
_TWO: list[Function] = [
    *(ad.add, ad.multiply, ad.subtract, ad.maximum, ad.arctan2, ad.logaddexp),
    lambda a, b: ad.matmul(ad.reshape(a, (2, 2)), ad.reshape(b, (2, 2))).reshape(4),
    lambda a, b: ad.where(a > b, a, b * 2.0),
    lambda a, b: ad.stack([a, b])[1] + a,
    lambda a, b: a * ad.sum(b),
]


def _program(rng: np.random.Generator) -> Function:
    """A scalar function of two vectors, of some operations that use what was found before."""
    steps: list[tuple[Function, list[int]]] = []
    for number in range(2, 9):
        pool, count = (_ONE, 1) if rng.random() < 0.6 else (_TWO, 2)
        operation = pool[rng.integers(len(pool))]
        steps.append((operation, list(rng.integers(max(0, number - 4), number, count))))

    def function(w: Any, x: Any) -> Any:
        found = [w, x]
        for operation, places in steps:
            found.append(operation(*(found[place] for place in places)))
        return ad.sum(found[-1] * found[-2] + found[-3])

    return function


def _vmap_grad(f: Function) -> Function:
    return ad.vmap(ad.grad(f), in_axes=(None, 0))


def _jvp(f: Function) -> Function:
    return lambda w, x: ad.jvp(lambda w: f(w, x[0]), (w,), (x[1],))


_TRANSFORMS: dict[str, Callable[[Function], Function]] = {
    "vmap grad": _vmap_grad,
    "grad": lambda f: lambda w, x: ad.grad(f, argnums=(0, 1))(w, x[0]),
    "jvp": _jvp,
    "hessian": lambda f: lambda w, x: ad.hessian(f)(w, x[0]),
}


def _hold_against(function: Function, first: list[Any], others: list[list[Any]]) -> None:
    recorded = ad.compile(function, verify=False)
    with np.errstate(all="ignore"):
        for data in [first, *others]:
            expected = function(*(x.copy() for x in data))
            assert_same(expected, recorded(*(x.copy() for x in data)))
    assert recorded.recordings == 1


def _compare(name: str, seeds: range) -> None:
    transform = _TRANSFORMS[name]
    for seed in seeds:
        rng = np.random.default_rng(seed)
        function = transform(_program(rng))
        dtype = rng.choice([np.float32, np.float64])
        data = [
            [rng.standard_normal(_N).astype(dtype), rng.standard_normal((3, _N)).astype(dtype)]
            for _ in range(3)
        ]
        zeros = [np.zeros_like(x) for x in data[0]]
        with_infinity = [x * np.where(x > 1, np.inf, 1).astype(dtype) for x in data[0]]
        try:
            _hold_against(function, zeros, [*data, with_infinity])
            _hold_against(function, data[0], [zeros, *data, with_infinity])
        except AssertionError as error:
            raise AssertionError(f"the program of seed {seed} under {name}") from error


@pytest.mark.parametrize("name", _TRANSFORMS)
def test_random_programs_on_other_numbers(name: str) -> None:
    """What was recorded with zeros is right for other numbers, and the other way round."""
    _compare(name, range(8))


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", _TRANSFORMS)
def test_many_random_programs_on_other_numbers(name: str) -> None:
    """The same with more programs."""
    _compare(name, range(100, 160))


def test_a_view_keeps_its_memory() -> None:
    """A conversion that converts nothing gives the same array, which is needed later."""

    def step(x: Any) -> Any:
        y = np.tanh(x)
        view = y.astype(y.dtype, copy=False)
        z = np.exp(y) + np.sin(x)
        return view * z, np.ravel(view) + np.sum(z)

    x = np.array([1.0, -2.0])
    _hold_against(step, [np.zeros(2)], [[x], [x * 2]])


def test_an_argument_that_lies_in_a_states_memory() -> None:
    """It is copied where the state is written while the copy is needed."""
    for overlap in (False, True, True):
        left, right = ad.Tensor([1.0, 2.0]), ad.Tensor([1.0, 2.0])

        def step(x: Any, w: Any) -> Any:
            kept = ad.multiply(x, 1.0)
            w.data += 1.0
            return kept * 2.0, ad.exp(x) * w

        recorded = ad.compile(lambda x, w=right: step(x, w), verify=False)
        recorded(np.zeros(2, right.dtype))
        left.data += 1.0
        x, y = (t.data if overlap else np.ones(2, t.dtype) for t in (left, right))
        assert_same(step(x, left), recorded(y))


def test_results_that_a_state_had_before() -> None:
    """What lay in an assigned tensor's array is given out as it was."""
    for _ in range(2):
        w = ad.Tensor([[1.0, 2.0], [3.0, 4.0]])

        @ad.compile(verify=False)
        def step() -> Any:
            before, turned = w.data, w.data.T  # noqa: B023
            w.data = w.data * 2.0  # noqa: B023
            return before, turned, w  # noqa: B023

        for number in range(4):
            before, turned, now = step()
            assert before.tolist() == turned.T.tolist()
            assert before[0, 0] == 2.0**number
            assert now.tolist() == (before * 2.0).tolist()


def test_numbers_replaced_in_place() -> None:
    """`nan_to_num(copy=False)` writes into its operand."""

    def step(x: Any) -> Any:
        y = np.log(x)
        np.nan_to_num(y, copy=False, neginf=-1.0)
        return y + np.sin(x)

    _hold_against(step, [np.ones(3)], [[np.array([0.0, 2.0, 3.0])]])


def test_bad_plans_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check of all plans refuses one where everything of a shape shares a buffer."""

    def too_few(program: Any) -> Any:
        layouts: dict[Any, int] = {}
        plan = {
            v: layouts.setdefault(v.layout, len(layouts)) for v in reversed(plan_buffers(program))
        }
        check_plan(program, plan)
        return plan

    monkeypatch.setattr(emit, "plan_buffers", too_few)
    with pytest.raises(AssertionError, match=r"call \d \(numpy.add\) needs b\d, overwritten"):
        ad.compile(lambda x: np.add(np.tanh(x), np.sin(x)))(np.ones(3))
