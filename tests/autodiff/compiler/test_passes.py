"""What the passes leave out, and what they must leave in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
from tests.autodiff.compiler.twins import Twins

_X = np.array([[1.0, -2.0, 3.0], [0.5, 0.0, -1.0]], np.float32)


def _body(step: Callable[..., Any], *args: Any) -> str:
    """The lines of the recorded step, after holding it against the ordinary one."""
    twins = Twins(lambda: (step, []))
    for _ in range(4):
        twins.call(*args)
    source: str = twins.compiled.source
    return source.partition("def step(")[2]


def test_equal_calls_are_made_once() -> None:
    body = _body(lambda x: ad.exp(x) + ad.exp(x).sum() * ad.exp(x), _X)
    assert body.count("np.exp") == 1


def test_equal_calls_around_a_write_are_both_made() -> None:
    w = ad.Tensor([1.0, 2.0, 3.0])

    def step(x: Any) -> Any:
        first = ad.exp(w * x)
        w.data += 0.5
        second = ad.exp(w * x)
        w.data -= 0.5
        return first + second

    assert _body(step, _X).count("np.exp") == 2


def test_equal_reads_of_an_argument_around_a_write_to_it() -> None:
    def step(x: Any) -> Any:
        first = ad.exp(x)
        x += 1.0
        second = ad.exp(x)
        x -= 1.0
        return first + second

    assert _body(step, _X).count("np.exp") == 2


def test_two_results_that_are_equal_stay_two() -> None:
    body = _body(lambda x: (ad.exp(x), ad.exp(x)), _X)
    assert body.count("np.exp") == 2


def test_what_nothing_needs_is_left_out() -> None:
    def step(x: Any) -> Any:
        ad.sin(x)
        return ad.cos(x)

    assert "np.sin" not in _body(step, _X)


def test_transposes_that_cancel() -> None:
    body = _body(lambda x: ad.transpose(ad.transpose(ad.swapaxes(ad.tanh(x), 0, 1))).T + 1.0, _X)
    assert ".T" not in body
    assert "np.transpose" not in body


def test_factors_of_one() -> None:
    body = _body(lambda x: ad.tanh(x) * 1.0 * ad.ones_like(ad.Tensor([1.0])).data, _X)
    assert body.count("np.multiply") == 1


def test_means_are_sums_divided() -> None:
    for dtype in (np.float32, np.float64):
        x = np.random.default_rng(0).standard_normal((7, 11)).astype(dtype)
        body = _body(lambda x: (ad.mean(x), ad.mean(x, axis=0), ad.mean(x, 1, True)), x)
        assert "np.mean" not in body
    assert "np.mean" in _body(lambda x: ad.mean(x), _X.astype(np.float16))


def test_numbers_known_beforehand_are_computed_once() -> None:
    w = ad.Tensor([1.0, 2.0, 3.0], requires_grad=True)

    def step(x: Any) -> Any:
        w.zero_grad()
        loss = (w * x).mean()
        loss.backward()
        return w.grad

    assert "np.divide(one" not in _body(step, _X)


def test_buffers_are_shared_but_not_while_in_use() -> None:
    """A long chain needs few buffers; values needed at the end keep their own."""

    def chain(x: Any) -> Any:
        first = ad.tanh(x)
        y = first
        for _ in range(20):
            y = ad.sin(y) + 0.5 * ad.cos(y)
        return y * first

    twins = Twins(lambda: (chain, []))
    for number in range(5):
        twins.call(_X * number)
    assert "b3" not in twins.compiled.source


def test_layouts_of_results_are_those_of_ordinary_code() -> None:
    """Sums over an array run in the order of its memory, so buffers keep that order."""
    rng = np.random.default_rng(0)

    def step(x: Any) -> Any:
        y = ad.transpose(x, (2, 0, 1)) * 1.5
        return y, y.sum(axis=0), ad.exp(y).sum(axis=(1, 2)), ad.reshape(y + 1.0, (6, -1)).sum(0)

    twins = Twins(lambda: (step, []))
    for _ in range(4):
        twins.call(rng.standard_normal((3, 40, 17)).astype(np.float32))


def test_random_draws_stay_even_if_unused() -> None:
    """Leaving one out would change all that follow."""
    rngs = iter((np.random.default_rng(1), np.random.default_rng(1)))

    def build() -> tuple[Callable[..., Any], list[ad.Tensor]]:
        rng = next(rngs)

        def step(x: Any) -> Any:
            ad.live.uniform(rng, (3,))
            return x * ad.live.uniform(rng, (3,))

        return step, []

    twins = Twins(build)
    for _ in range(5):
        twins.call(_X)
