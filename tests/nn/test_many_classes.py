"""Cross-entropy of many classes, which never writes the targets out as distributions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from nn.functional import classification

CLASSES = 70
RNG = np.random.default_rng(8)
SHAPES: list[Any] = [((5, CLASSES), (5,)), ((CLASSES,), ()), ((2, CLASSES, 3), (2, 3))]


def _case(shapes: Any, ignored: bool) -> tuple[Any, Any]:
    scores, targets = shapes
    labels = RNG.integers(0, CLASSES, targets)
    if ignored and labels.ndim:
        labels.flat[1] = -100
    return RNG.standard_normal(scores) * 3, labels


def _both(monkeypatch: pytest.MonkeyPatch, call: Any) -> list[Any]:
    found = []
    for many in (64, 1000):
        monkeypatch.setattr(classification, "_MANY", many)
        found.append(call())
    return found


@pytest.mark.parametrize("ignored", [False, True])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("shapes", SHAPES)
def test_it_is_the_loss_of_distributions(
    shapes: Any, reduction: str, ignored: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    z, y = _case(shapes, ignored)

    def call() -> list[Any]:
        x = ad.Tensor(z, requires_grad=True)
        loss = nn.cross_entropy(x, y, reduction=reduction)
        loss.backward(np.cos(np.arange(loss.size) + 1.0).reshape(loss.shape), create_graph=True)
        first = x.grad
        x.zero_grad()
        (first * first).sum().backward()
        return [loss.data, first.data, x.grad]

    one, other = _both(monkeypatch, call)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


def test_the_operation_is_one_node_of_the_scores_type() -> None:
    z = ad.Tensor(np.zeros((3, CLASSES), np.float32), requires_grad=True)
    loss = nn.cross_entropy(z, np.array([0, 1, 69]), reduction="none")
    assert loss.op is not None
    assert loss.op.name == "label_cross_entropy"
    assert loss.dtype == np.float32
    loss.sum().backward()
    assert z.grad.dtype == np.float32


def _smoothed(z: Any, y: Any, weight: Any) -> ad.Tensor:
    return nn.cross_entropy(z, y, weight, label_smoothing=0.1)


@pytest.mark.parametrize("loss_of", [nn.cross_entropy, nn.nll_loss, _smoothed])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("classes", [12, 50, 120])
def test_a_compiled_step_sees_other_targets_and_ignores_them(
    loss_of: Any, weighted: bool, classes: int
) -> None:
    x = ad.Tensor(RNG.standard_normal((4, classes)), requires_grad=True)
    weight = np.linspace(0.5, 2.0, classes) if weighted else None

    def step(labels: ad.Tensor) -> ad.Tensor:
        x.zero_grad()
        loss: ad.Tensor = loss_of(x, labels, weight)
        loss.backward()
        return loss

    compiled = ad.compile(step)
    for labels in ([1, 2, 3, 4], [5, 6, 7, 8], [9, -100, 10, 11], [-100, 0, -100, 3], [1] * 4):
        target = ad.Tensor(np.array(labels))
        found, gradient = compiled(target).item(), x.grad.copy()
        assert found == step(target).item()
        np.testing.assert_array_equal(gradient, x.grad)
    for wrong in (-1, classes):
        with pytest.raises(IndexError, match=str(wrong)):
            compiled(ad.Tensor(np.array([0, wrong, 1, 2])))


def test_gradients_of_every_example() -> None:
    z, y = RNG.standard_normal((4, CLASSES)), RNG.integers(0, CLASSES, 4)
    found = ad.vmap(ad.grad(nn.cross_entropy))(z, y)
    expected = [ad.grad(nn.cross_entropy)(row, label) for row, label in zip(z, y, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_a_class_that_is_none_and_no_class_at_all() -> None:
    z = np.zeros((2, CLASSES))
    for wrong in (CLASSES, -1):
        with pytest.raises(IndexError, match=rf"target\[1\] is class {wrong}, but the scores have"):
            nn.cross_entropy(z, [0, wrong])
    with pytest.raises(ValueError, match="no target counts"):
        nn.cross_entropy(z, [-100, -100])
    assert nn.cross_entropy(z, [-1, 3], ignore_index=-1).item() == pytest.approx(np.log(CLASSES))
    assert nn.cross_entropy(z, [7, 3], ignore_index=7).item() == pytest.approx(np.log(CLASSES))


def test_a_class_that_is_ruled_out_is_no_trouble() -> None:
    z = np.zeros((2, CLASSES))
    z[:, 5] = -np.inf
    x = ad.Tensor(z, requires_grad=True)
    nn.cross_entropy(x, [0, 1]).backward()
    assert np.isfinite(x.grad).all()
    assert (x.grad[:, 5] == 0).all()
    with np.errstate(all="ignore"):
        assert nn.cross_entropy(z, [5, 1], reduction="none").data[0] == np.inf


@pytest.mark.parametrize("options", [{"weight": np.linspace(0.5, 2, CLASSES)}, {"smooth": 0.1}])
def test_weights_and_smoothing_go_the_other_way(options: Any) -> None:
    z, y = _case(SHAPES[0], False)
    smoothing = options.get("smooth", 0.0)
    loss = nn.cross_entropy(z, y, options.get("weight"), label_smoothing=smoothing)
    logp = z - np.log(np.exp(z).sum(1, keepdims=True))
    weights = options.get("weight", np.ones(CLASSES))
    target = np.eye(CLASSES)[y] * (1 - smoothing) + smoothing / CLASSES
    expected = -(target * logp * weights).sum() / weights[y].sum()
    assert loss.item() == pytest.approx(expected, rel=1e-12)


def test_messages_of_the_operation_itself() -> None:
    with pytest.raises(ad.ShapeError, match=r"without axis 1, that of the classes, .* \(2,\)"):
        ad.label_cross_entropy(np.ones((2, 3)), [1, 0, 1])
    with pytest.raises(TypeError, match="labels are integers, and those given are float"):
        ad.label_cross_entropy(np.ones((2, 3)), [1.0, 0.0])
    with pytest.raises(IndexError, match="3"):
        ad.label_cross_entropy(np.ones((2, 3)), [1, 3])
    with pytest.raises(ad.ShapeError, match="at least one axis"):
        ad.label_cross_entropy(1.0, 1)
