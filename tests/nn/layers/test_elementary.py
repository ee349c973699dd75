"""Layers of two inputs, distances, axes merged and split, softmax over many classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn

Array = np.ndarray[Any, Any]
RNG = np.random.default_rng(2)
A, B = RNG.standard_normal((5, 3)), RNG.standard_normal((5, 3))


def twins(mine: nn.Module, name: str, *args: Any, **options: Any) -> Any:
    """PyTorch's layer of that name, in float64, with the state of ours, that is loaded back."""
    torch = pytest.importorskip("torch")
    mine.to(np.float64)
    other = getattr(torch.nn, name)(*args, **options).double()
    other.load_state_dict({k: torch.from_numpy(v) for k, v in mine.state_dict().items()})
    mine.load_state_dict(other.state_dict())
    return other


def test_bilinear_is_a_form_for_every_output() -> None:
    layer = nn.Bilinear(3, 2, 4, rng=0).to(np.float64)
    y = RNG.standard_normal((5, 2))
    expected = np.einsum("ni,kij,nj->nk", A, layer.weight.data, y) + layer.bias.data
    np.testing.assert_allclose(layer(A, y).data, expected, rtol=1e-12)
    assert abs(layer.weight.data).max() <= 3**-0.5
    assert abs(layer.bias.data).max() <= 3**-0.5
    assert nn.Bilinear(3, 2, 4, bias=False).bias is None
    assert layer(A[0], y[0]).shape == (4,)
    assert repr(layer).startswith("Bilinear(3, 2, 4)")


@pytest.mark.parametrize(("name", "args", "shapes"), [
    ("Bilinear", (3, 2, 4), [(5, 3), (5, 2)]),
    ("Bilinear", (3, 3, 1, False), [(2, 5, 3), (2, 5, 3)]),
    ("CosineSimilarity", (), [(5, 3), (5, 3)]),
    ("CosineSimilarity", (0, 1e-3), [(5, 3), (5, 3)]),
    ("CosineSimilarity", (-1,), [(4, 1, 3), (5, 3)]),
    ("PairwiseDistance", (), [(5, 3), (5, 3)]),
    ("PairwiseDistance", (1.0, 1e-3, True), [(5, 3), (1, 3)]),
    ("PairwiseDistance", (3.5,), [(3,), (3,)]),
    ("Flatten", (1, 2), [(2, 3, 4, 5)]),
    ("Unflatten", (1, (2, -1)), [(3, 8, 2)]),
    ("Unflatten", (-1, [4, 2]), [(3, 8)]),
])  # fmt: skip
def test_values_and_gradients_are_those_of_pytorch(
    name: str, args: tuple[Any, ...], shapes: list[tuple[int, ...]]
) -> None:
    torch = pytest.importorskip("torch")
    mine = getattr(nn, name)(*args)
    other = twins(mine, name, *args)
    arrays = [RNG.standard_normal(shape) for shape in shapes]
    xs = [ad.Tensor(a, requires_grad=True) for a in arrays]
    ts = [torch.tensor(a, requires_grad=True) for a in arrays]
    y, u = mine(*xs), other(*ts)
    np.testing.assert_allclose(y.data, u.detach().numpy(), rtol=1e-11)
    weights = np.cos(np.arange(y.size)).reshape(y.shape)
    (y * weights).sum().backward()
    (u * torch.tensor(weights)).sum().backward()
    found = [x.grad for x in xs] + [p.grad for p in mine.parameters()]
    wanted = [t.grad for t in ts] + [p.grad for p in other.parameters()]
    for g, h in zip(found, wanted, strict=True):
        np.testing.assert_allclose(g, h.numpy(), rtol=1e-9, atol=1e-13)


def adapted(**options: Any) -> nn.AdaptiveLogSoftmaxWithLoss:
    return nn.AdaptiveLogSoftmaxWithLoss(12, 20, [5, 9, 14], 2.0, rng=0, **options)


@pytest.mark.parametrize("targets", [[0, 4, 5, 19, 9, 13, 2, 8], [1, 2], [19, 18]])
def test_many_classes(targets: list[int]) -> None:
    layer, y = adapted(head_bias=True).to(np.float64), np.array(targets)
    x = RNG.standard_normal((len(targets), 12))
    log_prob = layer.log_prob(x).data
    np.testing.assert_allclose(np.exp(log_prob).sum(1), 1, rtol=1e-12)
    output, loss = layer(x, y)
    np.testing.assert_allclose(output.data, log_prob[np.arange(len(y)), y], rtol=1e-12)
    assert loss.item() == pytest.approx(-output.data.mean(), rel=1e-12)
    assert layer.predict(x).tolist() == log_prob.argmax(1).tolist()
    np.testing.assert_allclose(layer(x[0], y[0]).output.item(), output.data[0], rtol=1e-12)
    step = ad.compile(lambda x, y: layer(x, y).loss)
    for _ in range(2):
        np.testing.assert_allclose(step(x, y).item(), loss.item(), rtol=1e-12)


def test_many_classes_are_those_of_pytorch() -> None:
    torch = pytest.importorskip("torch")
    layer = adapted()
    other = twins(layer, "AdaptiveLogSoftmaxWithLoss", 12, 20, [5, 9, 14], 2.0)
    x, y = RNG.standard_normal((30, 12)), RNG.integers(0, 20, 30)
    found, wanted = layer(x, y), other(torch.tensor(x), torch.tensor(y))
    np.testing.assert_allclose(found.output.data, wanted.output.detach().numpy(), rtol=1e-11)
    found.loss.backward()
    wanted.loss.backward()
    for p, q in zip(layer.parameters(), other.parameters(), strict=True):
        np.testing.assert_allclose(p.grad, q.grad.numpy(), rtol=1e-9, atol=1e-14)


WRONG: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: nn.Bilinear(0, 1, 1), ValueError, "Bilinear: in1_features must be a positive integer"),
    (lambda: nn.Bilinear(3, 2, 4)(A, B), ad.ShapeError, "lengths 3 and 2 and whose other axes"),
    (lambda: nn.Bilinear(3, 3, 4)(A, B[:2]), ad.ShapeError, "shapes (5, 3) and (2, 3)"),
    (lambda: nn.CosineSimilarity(1.5), TypeError, "dim must be an integer, not 1.5"),  # type: ignore[arg-type]
    (lambda: nn.Unflatten(1, 6), ValueError, "lengths, one of which may be -1, not 6"),  # type: ignore[arg-type]
    (lambda: nn.Unflatten("c", (2, 3)), TypeError, "dim must be an integer, not 'c'"),  # type: ignore[arg-type]
    (lambda: nn.Unflatten(1, (-1, -1)), ValueError, "not (-1, -1)"),
    (lambda: nn.Unflatten(1, (2, 2))(A), ad.ShapeError, "axis 1 of length 3"),
    (lambda: adapted()(A, [0] * 5), ad.ShapeError, "(in_features)"),
    (lambda: adapted()(np.ones((2, 12)), [0, 20]), IndexError, "target[1] is class 20"),
    (lambda: adapted()(np.ones((2, 12)), [0, -1]), IndexError, "target[1] is class -1"),
    (lambda: adapted()(np.ones((2, 12)), [[0, 1]]), ad.ShapeError, "class indices of shape (2,)"),
    (lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 9, [5, 5]), ValueError, "rising whole numbers"),
    (lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 9, [9]), ValueError, "from 1 to 8, not [9]"),
    (lambda: nn.AdaptiveLogSoftmaxWithLoss(8, 9, [3, 5]), ValueError, "take a smaller div_value"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), WRONG, ids=[row[2] for row in WRONG])
def test_what_does_not_fit_is_said(
    call: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)
