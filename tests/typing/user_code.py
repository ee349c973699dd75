"""A piece of user code as an editor and a type checker see it; it runs, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

import autodiff as ad
import nn
from autodiff.typing import Axis, TensorLike


def tensors() -> float:
    x = ad.Tensor([[1.0, 2.0], [3.0, 4.0]], dtype=np.float64, requires_grad=True, name="x")
    y: ad.Tensor = 1 + x * 2 - x / 3 + x**2 + x @ x + np.ones(2) * x
    row: ad.Tensor = y[0]
    turned: ad.Tensor = y.T.reshape(4).astype(np.float64)
    chosen: ad.Tensor = x.at[0].set(row).at[1].add(1.0)
    mask: ad.Tensor = x > 2
    total: ad.Tensor = ad.sum(ad.where(mask, x, 0.0)) + turned.sum() + chosen.mean(axis=0).sum()
    bent: ad.Tensor = ad.tanh(x) * ad.maximum(x, 0) + ad.leaky_relu(x, 0.2) + ad.where(mask, 1, x)
    special: ad.Tensor = ad.special.gammaln(np.ones(2)) + ad.add(1.0, 2.0) + ad.exp([0.5, 1.0])
    assert bent.shape == special.shape or special.ndim == 1
    parts: ad.Tensor = ad.concatenate([x, ad.softmax(x, axis=-1), ad.sort(x)])
    for line in parts:
        total += line.max()
    total.backward(retain_graph=True)
    gradient: npt.NDArray[np.float64] = x.grad
    shape: tuple[int, ...] = x.shape
    name: str | None = x.name
    assert (len(x), name, gradient.shape) == (2, "x", shape)
    return float(total.item())


def spread(x: TensorLike, axis: Axis = None) -> ad.Tensor:
    return ad.amax(x, axis) - ad.amin(x, axis)


def values() -> float:
    a, b = ad.Value(2.0, name="a"), ad.Value(3.0)
    c: ad.Value = (a * b + 1 - 2 / a) ** 2
    d: ad.Value = ad.total([c.tanh(), abs(c), -c, c.relu()])
    smooth: ad.Value = ad.tanh(c) + ad.maximum(c, 0.0) + ad.hypot(1.0, c) + ad.elu(c, alpha=2)
    chosen: ad.Value = ad.where(c > 0, c, smooth)
    assert ad.tanh.__name__ == "tanh"
    several: ad.Tensor = a * np.ones(2) + spread(np.arange(3.0)) + spread(ad.Tensor([c.data, 1]))
    assert several.shape == (2,)
    assert chosen is not c
    less: bool = d < 2
    d.backward()
    handle = a.register_hook(lambda g: None if less else g)
    handle.remove()
    text: str = d.trace(depth=2)
    steps: list[str] = [visit.node.describe() for visit in ad.explain_backward(c).visits]
    assert text
    assert steps
    return d.data + d.item()


@ad.no_grad()
def evaluate(model: Callable[[ad.Tensor], ad.Tensor], batches: Iterator[ad.Tensor]) -> list[float]:
    return [model(batch).mean().item() for batch in batches]


def transforms() -> None:
    slope: Callable[..., object] = ad.grad(lambda t: t * t)
    assert slope(3.0) == 6.0
    x = ad.Tensor([1.0, 2.0], requires_grad=True)
    found = ad.gradients((x * x).sum(), inputs=[x])
    assert found[0].tolist() == [2.0, 4.0]
    with ad.detect_anomaly(), ad.scope("part"), ad.enable_grad():
        order: list[ad.Node] = ad.topological_order(x * 2)
    assert any(node is x for node in order)


def training() -> list[float]:
    first = nn.Linear(2, 3, bias=False)
    width: int = first.out_features
    model = nn.Sequential(first, nn.Tanh(), nn.Linear(width, 1))
    assert nn.functional.relu(nn.functional.pad(first.weight, 1)).shape == (3, 4)
    optimizer = nn.optim.Adam(model.parameters(), lr=0.01)
    x = ad.Tensor(np.ones((4, 2), np.float32))
    losses: list[float] = []
    for _ in range(2):
        optimizer.zero_grad()
        loss = ad.mean(model(x) ** 2)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    with ad.no_grad():
        for p in model.parameters():
            p -= 0.1 * p.grad
    return losses + evaluate(model, iter([x]))


def errors() -> str:
    x = ad.Tensor([1.0], requires_grad=True)
    try:
        ad.Tensor([1.0, 2.0], requires_grad=True).backward()
    except ad.NonScalarBackwardError as error:
        text = str(error)
    try:
        with ad.detect_anomaly(), np.errstate(all="ignore"):
            ad.log(x - 1)
    except ad.NonFiniteError as error:
        operation: str | None = error.op
        assert operation == "log"
    return text
