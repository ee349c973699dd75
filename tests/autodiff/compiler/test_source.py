"""The printed program: readable names, comments that say which part it is, runnable."""

from __future__ import annotations

import re
import traceback
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn


def _digits() -> Any:
    model = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3), nn.ReLU(), nn.Linear(3, 2))
    optimizer = nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)

    @ad.compile
    def step(images: Any, labels: Any) -> Any:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        return loss

    for _ in range(2):
        step(np.ones((5, 4), np.float32), np.array([0, 1, 0, 1, 0]))
    return step


@pytest.fixture(scope="module")
def source() -> str:
    text: str = _digits().source
    return text


def test_the_inputs_have_the_names_of_the_parameters(source: str) -> None:
    assert "def step(images, labels, " in source
    assert "#     images: float32 (5, 4)\n" in source
    assert "#     lr: float32 (), a setting read anew in every call" in source


def test_parameters_are_named_by_their_place(source: str) -> None:
    assert "linear0_weight,  # float32 (3, 4): 0.weight of Linear(4, 3)" in source
    assert "batchnorm1d1_running_mean,  # float32 (3,): 1.running_mean of" in source
    assert "linear0_weight_momentum_buffer,  # float32 (3, 4)" in source
    assert "linear0_weight_grad = np.matmul(" in source
    assert "linear0_weight_T = linear0_weight.T" in source


def test_names_of_nested_modules() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.blocks = [nn.Sequential(nn.Linear(2, 2), nn.Tanh()), nn.Linear(2, 2)]

        def forward(self, x: Any) -> Any:
            return self.blocks[1](self.blocks[0](x))

    step = ad.compile(Net())
    step(np.ones((1, 2), np.float32))
    assert repr(step).startswith("<compiled step Net(")
    assert re.search(r"^    blocks_0_linear0_weight,", step.source, re.M) is not None
    assert re.search(r"^    blocks_1_weight,", step.source, re.M) is not None


def test_comments_name_the_parts(source: str) -> None:
    comments = re.findall(r"^        # (.*)$", source, re.M)
    assert comments[0] == "forward: 0 Linear(4, 3)"
    assert "loss = nn.functional.cross_entropy(model(images), labels)" in comments
    assert "backward of relu, 2 ReLU()" in comments
    assert "backward of inner, 3 Linear(3, 2)" in comments
    assert "SGD: linear3_bias" in comments


def test_it_is_terse(source: str) -> None:
    for needless in ("keepdims=False", "copy=True", "np.swapaxes", "axis=None, keepdims"):
        assert needless not in source
    assert re.search(r"np.add\(h\d, linear0_bias, out=b0\)", source)
    assert not re.search(r"[a-z0-9]_ =", source)


def test_equal_numbers_have_one_name(source: str) -> None:
    numbers = re.findall(r"= np\.array\((.*)\)$", source, re.M)
    assert numbers
    assert len(set(numbers)) == len(numbers)


def test_it_runs_on_its_own() -> None:
    """The source is all there is: executed elsewhere it does the same."""
    w = ad.Tensor([1.0, 2.0], name="w")
    step = ad.compile(lambda x: ad.tanh(w * x + 0.5))
    x = np.array([3.0, -1.0], np.float32)
    expected = step(x)
    namespace: dict[str, Any] = {"np": np}
    exec(step.source, namespace)
    (found,) = namespace["make_step"](w.data)(x)
    assert found.tolist() == expected.tolist()


def test_names_that_are_taken() -> None:
    """Keywords and the source's own names are avoided, and equal names told apart."""
    tensors = [ad.Tensor([float(i)], requires_grad=True, name="np") for i in range(3)]
    more = [ad.Tensor([1.0], requires_grad=True, name=n) for n in ("lambda", "2 x", "step", "b0")]
    step = ad.compile(lambda h1: sum(t * h1 for t in [*tensors, *more]))
    for _ in range(3):
        assert step(np.ones(1, np.float32)).item() == 7.0
    for name in ("np_2", "np_3", "np_4", "_lambda", "_2_x", "step_2", "b0"):
        assert re.search(rf"^    {name},  #", step.source, re.M) is not None


def test_indices_and_views_are_written_as_in_numpy() -> None:
    w = ad.Tensor(np.arange(24.0).reshape(2, 3, 4))
    index = np.array([0, 1])

    def step(i: Any) -> Any:
        first, second = w[0, 1:, ::2], w[..., None]
        return first, second * 1.5, w[:, i], w[index], ad.transpose(w, (2, 0, 1))

    compiled = ad.compile(step)
    for _ in range(3):
        compiled(np.array([2, 0]))
    assert "w[0, 1:, ::2]" in compiled.source
    assert "w[..., None]" in compiled.source
    assert "w[:, i]" in compiled.source
    assert "np.transpose(w, (2, 0, 1))" in compiled.source


def test_errors_in_a_replay_show_the_line() -> None:
    step = ad.compile(lambda i: ad.Tensor([1.0, 2.0])[i])
    for _ in range(3):
        step(np.array([0, 1]))
    with pytest.raises(IndexError) as caught:
        step(np.array([0, 7]))
    assert "<glassgrad compiled step" in "".join(traceback.format_exception(caught.value))
    assert "[i]" in "".join(traceback.format_exception(caught.value))


def test_what_a_step_says_of_itself() -> None:
    step = _digits()
    assert re.fullmatch(
        r"<compiled step _digits\.<locals>\.step\(images: float32\[5, 4\], labels: int64\[5\]\): "
        r"\d+ array calls, \d+ buffers of [\d,]+ bytes>",
        repr(step),
    )
    step(np.ones((3, 4), np.float32), np.array([0, 1, 0]))
    assert "and 1 other recording>" in repr(step)
    assert step.__name__ == "step"
    assert repr(ad.compile(len)) == "<compiled step len, not called yet>"
    assert ad.compile(len).source == ""
