"""Steps whose sums run in another order than in ordinary code are compiled, wrong ones refused."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, pairwise
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import TracingError


def _array(rng: np.random.Generator, *shape: int) -> Any:
    return rng.standard_normal(shape).astype(np.float32)


_NORMS: dict[str, Callable[[Any], Any]] = {
    "batch": lambda y: nn.functional.batch_norm(y, None, None, training=True),
    "layer": lambda y: ad.layer_norm(y, y.shape[1:]),
    "group": lambda y: ad.group_norm(y, 2),
    "quotient": lambda y: y / ad.mean(y * y, axis=(0, 2, 3), keepdims=True),
}


def _normed_step(
    norm: Callable[[Any], Any], scale: Callable[[], float] = lambda: 1.0
) -> Callable[[Any], Any]:
    w = ad.Tensor(_array(np.random.default_rng(0), 8, 3, 3, 3), requires_grad=True)

    def step(x: Any) -> Any:
        w.zero_grad()
        y = norm(ad.conv2d(x, w, padding=1))
        loss = ad.sum(ad.relu(y) * y) * scale()
        loss.backward()
        w.data -= 1e-5 * w.grad
        return loss

    return step


@pytest.mark.parametrize("name", _NORMS)
def test_a_convolution_that_is_normalised(name: str) -> None:
    """Results above 256 KB, whose memory NumPy uses again within an expression."""
    rng = np.random.default_rng(1)
    eager, compiled = _normed_step(_NORMS[name]), ad.compile(_normed_step(_NORMS[name]))
    for _ in range(3):
        x = _array(rng, 24, 3, 28, 28)
        assert compiled(x).item() == pytest.approx(eager(x).item(), rel=1e-5)


def test_what_is_more_than_rounding_is_refused() -> None:
    """A factor that changes by a thousandth part, in the very step that rounds otherwise."""
    ticks = count()
    step = ad.compile(_normed_step(_NORMS["batch"], lambda: 1.0 + 1e-3 * (next(ticks) > 0)))
    x = _array(np.random.default_rng(1), 24, 3, 28, 28)
    step(x)
    with pytest.raises(TracingError, match=r"by [\d.e+]+, where rounding explains [\d.e-]+\. Some"):
        step(x)


def test_a_state_that_was_compared_is_as_ordinary_code_left_it() -> None:
    """However often the step ran for the comparison, it counts once."""
    ticks = count()
    w, rng = ad.Tensor(np.ones(3, np.float32), name="w"), np.random.default_rng(3)

    def step() -> Any:
        w.data = w.data + 1.0 + 1e-3 * next(ticks) + ad.live.uniform(rng, (3,))
        return w

    compiled = ad.compile(step)
    compiled()
    other = np.random.default_rng(3)
    other.random(3, np.float32)
    before, drawn = w.numpy(), other.random(3, np.float32)
    with pytest.raises(TracingError, match="something else each time"):
        compiled()
    assert np.abs(w.data - (before + 1.0 + drawn)).max() < 5e-3
    assert rng.bit_generator.state == other.bit_generator.state


class _Convolution(nn.Module):
    def __init__(self, rng: np.random.Generator, i: int, o: int, k: int, stride: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(_array(rng, o, i, k, k) * np.float32((2 / (i * k * k)) ** 0.5))
        self.scale, self.shift = nn.Parameter(np.ones(o)), nn.Parameter(np.zeros(o))
        self.mean, self.variance = nn.Buffer(np.zeros(o)), nn.Buffer(np.ones(o))
        self.stride, self.padding = stride, k // 2

    def forward(self, x: Any) -> Any:
        y = ad.conv2d(x, self.weight, stride=self.stride, padding=self.padding)
        figures = self.mean, self.variance, self.scale, self.shift
        return nn.functional.batch_norm(y, *figures, training=True)


class _Block(nn.Module):
    def __init__(self, rng: np.random.Generator, i: int, o: int, stride: int) -> None:
        super().__init__()
        self.first = _Convolution(rng, i, o, 3, stride)
        self.second = _Convolution(rng, o, o, 3, 1)
        self.shortcut = _Convolution(rng, i, o, 1, stride) if stride > 1 else None

    def forward(self, x: Any) -> Any:
        y = self.second(ad.relu(self.first(x)))
        return ad.relu(y + (x if self.shortcut is None else self.shortcut(x)))


class _ResNet18(nn.Module):
    """He et al., "Deep Residual Learning", 2016, table 1, for small images."""

    def __init__(self, rng: np.random.Generator, c: int) -> None:
        super().__init__()
        self.stem = _Convolution(rng, 3, c, 3, 1)
        widths = [c, c, c, 2 * c, 2 * c, 4 * c, 4 * c, 8 * c, 8 * c]
        self.blocks = [_Block(rng, i, o, 2 if i != o else 1) for i, o in pairwise(widths)]
        self.head = nn.Linear(8 * c, 10, rng=rng)

    def forward(self, x: Any) -> Any:
        x = ad.relu(self.stem(x))
        for block in self.blocks:
            x = block(x)
        return self.head(ad.mean(x, axis=(2, 3)))


@pytest.mark.parametrize("channels", [4, pytest.param(16, marks=pytest.mark.exhaustive)])
def test_a_residual_network_of_eighteen_layers(channels: int) -> None:
    """Forward, backward and update go on as in ordinary code, and the network learns."""

    def build() -> tuple[Callable[..., Any], nn.Module]:
        net = _ResNet18(np.random.default_rng(0), channels)
        rule = nn.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)

        def step(images: Any, labels: Any) -> Any:
            rule.zero_grad()
            loss = nn.functional.cross_entropy(net(images), labels)
            loss.backward()
            rule.step()
            return loss

        return step, net

    (eager, _), (step, net) = build(), build()
    compiled = ad.compile(step)
    rng = np.random.default_rng(1)
    images, labels = _array(rng, 16, 3, 16, 16), rng.integers(0, 10, 16)
    losses = [compiled(images, labels).item() for _ in range(5)]
    assert losses[:3] == pytest.approx([eager(images, labels).item() for _ in range(3)], rel=1e-3)
    assert losses[-1] < losses[0]
    assert compiled.recordings == 1
    assert all(p.grad is not None for p in net.parameters())
