"""The gradient of a cross-entropy, (p − y)/n, is told where it is that, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from viz import draw

F = nn.functional
LABELS = np.array([2, 0, 1, 1, 0])
ROWS = np.arange(5)
SOFT = np.full((5, 3), 1 / 3)

Loss = Callable[[Any], Any]
TOLD: list[tuple[Loss, str, Any]] = [
    (lambda z: F.cross_entropy(z, LABELS), "(p − y)/n", 1 / 5),
    (lambda z: F.cross_entropy(z, LABELS, reduction="sum"), "p − y", 1.0),
    (lambda z: F.cross_entropy(z, np.eye(3)[LABELS]), "(p − y)/n", 1 / 5),
    (lambda z: F.nll_loss(ad.log_softmax(z), LABELS), "(p − y)/n", 1 / 5),
    (lambda z: -ad.mean(ad.log_softmax(z)[ROWS, LABELS]), "(p − y)/n", 1 / 5),
    (lambda z: ad.mean(-ad.log_softmax(z)[ROWS, LABELS]), "(p − y)/n", 1 / 5),
    (lambda z: -ad.log_softmax(z)[ROWS, LABELS].sum() / 5, "(p − y)/n", 1 / 5),
    (lambda z: -ad.log_softmax(z)[ROWS, LABELS].sum(), "p − y", 1.0),
]
NOT_TOLD: list[Loss] = [
    lambda z: F.cross_entropy(z, LABELS, ignore_index=1),
    lambda z: F.nll_loss(ad.log_softmax(z), LABELS, ignore_index=1, reduction="sum"),
    lambda z: F.cross_entropy(z, LABELS, weight=[1.0, 2.0, 3.0]),
    lambda z: F.cross_entropy(z, np.ones((5, 3))),
    lambda z: -ad.log_softmax(z)[ROWS, LABELS].sum() / 4,
    lambda z: ad.mean(ad.log_softmax(z)[ROWS, LABELS]),
    lambda z: -ad.mean(ad.log_softmax(z)[ROWS[::-1], LABELS]),
    lambda z: -ad.mean(ad.log_softmax(z)[:, 1]),
    lambda z: -ad.mean(ad.log_softmax(z, axis=0)[ROWS, LABELS]),
    lambda z: ad.mean(ad.square(ad.log_softmax(z)[ROWS, LABELS])),
    lambda z: ad.mean(ad.log_softmax(z)),
]


def logits() -> ad.Tensor:
    return ad.Tensor(np.random.default_rng(0).normal(size=(5, 3)), requires_grad=True, name="z")


def difference(z: Any) -> Any:
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True) - np.eye(3)[LABELS]


def of_logits(loss: Any) -> Any:
    drawing = draw(loss, engine="builtin")
    names = {card.id: card.name for card in drawing.graph.cards}
    return next(wire for wire in drawing.graph.edges if names[wire.source] == "z")


@pytest.mark.parametrize(("function", "formula", "share"), TOLD)
def test_it_is_told(function: Loss, formula: str, share: float) -> None:
    z = logits()
    loss = function(z)
    loss.name = "L"
    wire = of_logits(loss)
    assert wire.local == f"∂L/∂z = {formula}"
    assert "p = softmax(z)" in wire.tooltip
    assert (", n = 5" in wire.tooltip) == ("/n" in formula)
    loss.backward()
    np.testing.assert_allclose(z.grad, difference(z.data) * share)


@pytest.mark.parametrize("function", NOT_TOLD)
def test_it_is_not_told_of_another_loss(function: Loss) -> None:
    z = logits()
    loss = function(z)
    assert "p −" not in of_logits(loss).local.replace("⊙ (p −", "")
    loss.backward()
    for share in (1.0, 1 / 5):
        assert not np.allclose(z.grad, difference(z.data) * share)


def test_a_loss_with_more_to_it_is_told_as_far_as_it_goes() -> None:
    z = logits()
    data = F.cross_entropy(z, LABELS)
    data.name = "data"
    assert of_logits(data * 2.0 + ad.sum(z**2)).local == "∂data/∂z = (p − y)/n"


def test_a_card_that_is_the_loss_has_the_formula() -> None:
    z = logits()
    loss = nn.CrossEntropyLoss()(ad.tanh(z), LABELS)
    wires = draw(loss, depth=0, gradients=True, engine="builtin").graph.edges
    assert "(p − y)/n" in [wire.local for wire in wires]
