"""What a step does beside computing is said when it is recorded: what, where and what to do."""

from __future__ import annotations

import random
import warnings
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

_X = np.array([1.0, 2.0, -3.0], np.float32)
_numbers = list(range(100))
_latest: deque[Any] = deque(maxlen=200)
_many = {str(i): i for i in range(100)}
_seen: set[int] = set()
_rng = np.random.default_rng(0)
_w = ad.Tensor([1.0, 2.0, 3.0], requires_grad=True, name="w")


def _called_twice(step: Callable[..., Any], verify: bool = True) -> None:
    compiled = ad.compile(step, verify=verify)
    for _ in range(2):
        compiled(_X)


def _grows_a_long_list(x: Any) -> Any:
    _numbers.append(1)
    return x


def _grows_a_deque(x: Any) -> Any:
    _latest.append(1)
    return x


def _grows_a_large_dict(x: Any) -> Any:
    _many[str(len(_many))] = 0
    return x


def _grows_a_set(x: Any) -> Any:
    _seen.add(len(_seen))
    return x


class _Counting(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(3, 2)
        self.calls = 0

    def forward(self, x: Any) -> Any:
        self.calls += 1
        return self.layer(x)


_counting = _Counting()


def _counts_in_a_module(x: Any) -> Any:
    return _counting(ad.asarray(x))


def _draws_from_numpy(x: Any) -> Any:
    y = ad.exp(x)
    return y * np.random.rand(3)


def _draws_from_python(x: Any) -> Any:
    return x * random.random()


def _draws_from_a_generator(x: Any) -> Any:
    return x * _rng.random(3)


def _draws_from_the_library(x: Any) -> Any:
    return x * ad.random.generator().random(3)


def _draws_without_a_seed(x: Any) -> Any:
    return x * np.random.default_rng().random(3)


@pytest.mark.parametrize(
    ("step", "line", "words"),
    [
        (_grows_a_long_list, 1, "changes the length of _numbers, which lives outside"),
        (_grows_a_deque, 1, "changes the length of _latest"),
        (_grows_a_large_dict, 1, "changes the length of _many"),
        (_grows_a_set, 1, "changes _seen"),
        (_counts_in_a_module, None, r"changes _counting\.calls"),
        (_draws_from_numpy, 2, r"drawn directly from the global generator of numpy\.random"),
        (_draws_from_python, 1, "drawn directly from the global generator of random"),
        (_draws_from_a_generator, 1, "drawn directly from the Generator '_rng'"),
        (_draws_from_the_library, 1, r"drawn directly from autodiff\.random\.generator\(\)"),
        (_draws_without_a_seed, 1, "from a Generator made in it without a seed"),
    ],
)
def test_what_later_calls_would_not_do_is_refused(
    step: Callable[..., Any], line: int | None, words: str
) -> None:
    with pytest.raises(ad.TracingError, match=words) as raised:
        _called_twice(step, verify=False)
    code = _Counting.forward.__code__ if line is None else step.__code__
    place = f"{code.co_filename}:{code.co_firstlineno + (line or 1)}"
    text = str(raised.value)
    assert text.startswith(f"the compiled step '{step.__name__}' ")
    assert f"(at {place})" in text


def test_what_is_right_stays_silent() -> None:
    """Fixed seeds, things made once, and what is filled while nothing is recorded."""
    cache: dict[str, Any] = {}
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 2))
    optimizer = nn.optim.Adam(model.parameters())
    local: list[Any] = []

    def step(x: Any) -> Any:
        cache.setdefault("noise", np.random.default_rng(0).random(3, dtype=np.float32))
        optimizer.zero_grad()
        parts = [model(x + cache["noise"])]
        parts.append(parts[0] * np.random.default_rng(1).random(2, dtype=np.float32))
        loss = (parts[-1] ** 2).sum()
        loss.backward()
        optimizer.step()
        return loss

    compiled = ad.compile(step)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(4):
            local.append(compiled(np.ones((5, 3), np.float32)))
    assert compiled.recordings == 1


def _branches(x: Any) -> Any:
    total = ad.tanh(x).sum()
    return x if total.data > 0 else -x


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (lambda x: bool(x[0] > 0), r"shape \(\), computed in 'lambda|shape \(\), computed in '\("),
        (lambda x: float(x), "the argument 'x'"),
        (lambda x: list(map(float, _w.data)), r"shape \(\), computed in"),
        (lambda x: _w.numpy(), "the data of 'w'"),
        (_branches, r"computed in 'return x if total\.data > 0 else -x'"),
    ],
)
def test_arrays_are_called_what_the_user_calls_them(step: Callable[..., Any], words: str) -> None:
    with pytest.raises(ad.TracingError, match=words):
        ad.compile(step)(_X)


@pytest.mark.parametrize("name", ["cumsum", "argsort", "missing"])
def test_methods_that_arrays_in_a_step_lack(name: str) -> None:
    words = f"write numpy.{name}" if name != "missing" else "no attribute 'missing'"
    with pytest.raises(AttributeError, match=words):
        ad.compile(lambda x: getattr(x, name)())(_X)


def test_a_result_that_is_no_array_is_shown() -> None:
    with pytest.raises(ad.TracingError, match=r"there it is '<array x of .*', here '\[ 1"):
        _called_twice(lambda x: f"{x}")
