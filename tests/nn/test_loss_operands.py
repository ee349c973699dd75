"""Every operand of every loss: its gradient passes or it is refused; shapes never spread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from autodiff.errors import NonDifferentiableError
from autodiff.testing import gradcheck

fn = nn.functional
RNG = np.random.default_rng(7)
Z, Y = RNG.standard_normal((4, 3)), RNG.standard_normal((4, 3))
P, Q = 1 / (1 + np.exp(-Z)), 1 / (1 + np.exp(-Y))
SIGNS = np.sign(Y)
CLASSES, SHARES = np.array([2, 0, 1, 2]), Q / Q.sum(axis=1, keepdims=True)
MANY, FEW = RNG.standard_normal((4, 100)), np.array([70, 3, 3, 99])
PER_CLASS, PER_SAMPLE = np.array([0.5, 2.0, 1.5]), np.array([[0.5], [2.0], [1.0], [1.5]])

# Operands that are not the prediction, each with the loss as a function of it.
OPERANDS: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "mse_loss: target": (lambda v: fn.mse_loss(Z, v), Y),
    "l1_loss: target": (lambda v: fn.l1_loss(Z, v), Y),
    "half_squared_error: target": (lambda v: fn.half_squared_error(Z, v), Y),
    "huber_loss: target": (lambda v: fn.huber_loss(Z, v), Y),
    "huber_loss: weight": (lambda v: fn.huber_loss(Z, Y, weight=v), PER_SAMPLE),
    "huber_loss: delta": (lambda v: fn.huber_loss(Z, Y, delta=v), np.array(0.7)),
    "smooth_l1_loss: target": (lambda v: fn.smooth_l1_loss(Z, v), Y),
    "smooth_l1_loss: beta": (lambda v: fn.smooth_l1_loss(Z, Y, beta=v), np.array(0.7)),
    "binary_cross_entropy: target": (lambda v: fn.binary_cross_entropy(P, v), Q),
    "binary_cross_entropy: weight": (
        lambda v: fn.binary_cross_entropy(P, Q, weight=v),
        PER_CLASS,
    ),
    "with_logits: target": (lambda v: fn.binary_cross_entropy_with_logits(Z, v), Q),
    "with_logits: weight": (
        lambda v: fn.binary_cross_entropy_with_logits(Z, Q, weight=v),
        PER_SAMPLE,
    ),
    "with_logits: pos_weight": (
        lambda v: fn.binary_cross_entropy_with_logits(Z, Q, pos_weight=v),
        PER_CLASS,
    ),
    "cross_entropy: shares": (lambda v: fn.cross_entropy(Z, v, label_smoothing=0.1), SHARES),
    "cross_entropy: weight": (lambda v: fn.cross_entropy(Z, CLASSES, v), PER_CLASS),
    "cross_entropy: weight, smoothed": (
        lambda v: fn.cross_entropy(Z, CLASSES, v, ignore_index=1, label_smoothing=0.2),
        PER_CLASS,
    ),
    "cross_entropy: weight, sum": (
        lambda v: fn.cross_entropy(Z, CLASSES, v, reduction="sum"),
        PER_CLASS,
    ),
    "cross_entropy: weight of shares": (lambda v: fn.cross_entropy(Z, SHARES, v), PER_CLASS),
    "cross_entropy: weight of many": (
        lambda v: fn.cross_entropy(MANY, FEW, v),
        np.abs(MANY[0]) + 0.5,
    ),
    "nll_loss: weight": (lambda v: fn.nll_loss(np.log(SHARES), CLASSES, v), PER_CLASS),
    "nll_loss: weight, ignored": (
        lambda v: fn.nll_loss(np.log(SHARES), CLASSES, v, ignore_index=2),
        PER_CLASS,
    ),
    "multi_margin_loss: weight": (
        lambda v: fn.multi_margin_loss(Z, CLASSES, weight=v),
        PER_CLASS,
    ),
    "multi_margin_loss: margin": (
        lambda v: fn.multi_margin_loss(Z, CLASSES, margin=v),
        np.array(1.0),
    ),
    "multilabel_soft_margin_loss: target": (
        lambda v: fn.multilabel_soft_margin_loss(Z, v),
        Q,
    ),
    "multilabel_soft_margin_loss: weight": (
        lambda v: fn.multilabel_soft_margin_loss(Z, Q, weight=v),
        PER_CLASS,
    ),
    "kl_div: target": (lambda v: fn.kl_div(np.log(P), v), Q),
    "poisson_nll_loss: target": (lambda v: fn.poisson_nll_loss(Z, v), Q),
    "poisson_nll_loss: eps": (
        lambda v: fn.poisson_nll_loss(P, Q, log_input=False, eps=v),
        np.array(0.1),
    ),
    "gaussian_nll_loss: target": (lambda v: fn.gaussian_nll_loss(Z, v, Q), Y),
    "gaussian_nll_loss: var": (lambda v: fn.gaussian_nll_loss(Z, Y, v), Q),
    "gaussian_nll_loss: one var": (lambda v: fn.gaussian_nll_loss(Z, Y, v), np.array(0.5)),
    "gaussian_nll_loss: repeated": (lambda v: fn.gaussian_nll_loss(Z, v, Q), Y[:, :1]),
    "hinge_embedding_loss: margin": (
        lambda v: fn.hinge_embedding_loss(Z, SIGNS, margin=v),
        np.array(0.7),
    ),
    "soft_margin_loss: target": (lambda v: fn.soft_margin_loss(Z, v), Y),
    "margin_ranking_loss: input2": (lambda v: fn.margin_ranking_loss(Z, v, SIGNS, 0.3), Y),
    "margin_ranking_loss: margin": (
        lambda v: fn.margin_ranking_loss(Z, Y, SIGNS, margin=v),
        np.array(0.3),
    ),
    "cosine_embedding_loss: input2": (
        lambda v: fn.cosine_embedding_loss(Z, v, SIGNS[:, 0], 0.1),
        Y,
    ),
    "triplet_margin_loss: positive": (lambda v: fn.triplet_margin_loss(Z, v, Q, 3.0), Y),
    "triplet_margin_loss: negative": (lambda v: fn.triplet_margin_loss(Z, Y, v, 3.0), Q),
}


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda v: fn.cross_entropy(Z, CLASSES, label_smoothing=v), "label_smoothing"),
        (
            lambda v: fn.cross_entropy(MANY, FEW, PER_CLASS[0] + 0 * MANY[0], -1, "sum", v),
            "label_smoothing",
        ),
        (lambda v: fn.softplus(Z, threshold=v), "threshold"),
    ],
)
def test_a_setting_without_a_derivative_is_refused_by_name(
    call: Callable[[Any], Any], name: str
) -> None:
    wanted = ad.Tensor(0.2, requires_grad=True)
    with pytest.raises(NonDifferentiableError, match=rf"{name}= as .* for which a gradient"):
        call(wanted)
    assert np.array_equal(call(wanted.detach()).numpy(), call(0.2).numpy())


@pytest.mark.parametrize("name", OPERANDS)
def test_a_gradient_passes_to_every_operand(name: str) -> None:
    loss, at = OPERANDS[name]
    report = gradcheck(loss, at)
    assert report.passed, str(report)
    assert any(entry.analytic for entry in report.entries), "no gradient passed at all"


@pytest.mark.parametrize("name", ["cross_entropy", "nll_loss", "multi_margin_loss"])
def test_class_weights_are_learned_also_in_transforms_and_recorded_steps(name: str) -> None:
    loss = getattr(fn, name)

    def of_weight(w: Any) -> Any:
        return loss(Z, CLASSES, weight=w)

    expected = ad.grad(of_weight)(PER_CLASS)
    leaf = ad.Tensor(PER_CLASS, requires_grad=True)
    of_weight(leaf).backward()
    np.testing.assert_allclose(leaf.grad, expected)
    tangent = np.array([1.0, -2.0, 0.5])
    _, moved = ad.jvp(of_weight, (PER_CLASS,), (tangent,))
    np.testing.assert_allclose(np.asarray(moved), expected @ tangent)
    leaf.grad = None

    @ad.compile
    def step() -> Any:
        value = of_weight(leaf)
        value.backward()
        return value

    step()
    np.testing.assert_allclose(leaf.grad, expected)


TWO: dict[str, Callable[[Any, Any], Any]] = {
    name: getattr(fn, name)
    for name in (
        "mse_loss l1_loss half_squared_error huber_loss smooth_l1_loss binary_cross_entropy "
        "binary_cross_entropy_with_logits kl_div poisson_nll_loss hinge_embedding_loss "
        "soft_margin_loss multilabel_soft_margin_loss multilabel_margin_loss"
    ).split()
} | {
    "gaussian_nll_loss": lambda z, y: fn.gaussian_nll_loss(z, y, np.ones(np.shape(z))),
    "margin_ranking_loss": lambda z, y: fn.margin_ranking_loss(z, z, y),
    "margin_ranking_loss of inputs": lambda z, y: fn.margin_ranking_loss(z, y, z),
    "triplet_margin_loss": lambda z, y: fn.triplet_margin_loss(z, y, z),
    "cosine_embedding_loss": lambda z, y: fn.cosine_embedding_loss(z, y, 1),
}


@pytest.mark.parametrize("name", TWO)
def test_a_column_and_a_vector_are_never_spread_over_each_other(name: str) -> None:
    vector, column = np.full(4, 0.5), np.full((4, 1), 0.5)
    for prediction, target in ((column, vector), (vector, column)):
        with pytest.raises(ad.ShapeError) as caught:
            TWO[name](prediction, target)
        assert str(prediction.shape) in str(caught.value)
        assert str(target.shape) in str(caught.value)


@pytest.mark.parametrize(
    "name", ["gaussian_nll_loss", "hinge_embedding_loss", "margin_ranking_loss"]
)
def test_targets_that_say_what_they_repeat_are_repeated(name: str) -> None:
    loss = TWO[name]
    for target in (SIGNS[:, :1], SIGNS[:1], SIGNS[0, 0]):
        expected = loss(Z, np.broadcast_to(target, Z.shape)).item()
        assert loss(Z, target).item() == expected
    for target in (SIGNS[0], SIGNS[:2], SIGNS[None]):
        with pytest.raises(ad.ShapeError, match="must be equal"):
            loss(Z, target)


WEIGHTED: dict[str, Callable[[Any, Any], Any]] = {
    "huber_loss": lambda z, w: fn.huber_loss(z, z, weight=w),
    "binary_cross_entropy": lambda z, w: fn.binary_cross_entropy(z, z, weight=w),
    "with_logits": lambda z, w: fn.binary_cross_entropy_with_logits(z, z, weight=w),
    "pos_weight": lambda z, w: fn.binary_cross_entropy_with_logits(z, z, pos_weight=w),
    "multilabel_soft_margin_loss": lambda z, w: fn.multilabel_soft_margin_loss(z, z, weight=w),
}


@pytest.mark.parametrize("name", WEIGHTED)
def test_weights_do_not_enlarge_the_losses(name: str) -> None:
    column, vector = np.full((4, 1), 0.5), np.full(4, 0.5)
    with pytest.raises(ad.ShapeError, match=r"weight of shape \(4,\) cannot.*losses, \(4, 1\)"):
        WEIGHTED[name](column, vector)
    for weight in (2.0, [2.0], column):
        WEIGHTED[name](column, weight)


@pytest.mark.parametrize("name", ["cross_entropy", "nll_loss", "multi_margin_loss"])
def test_class_weights_are_one_for_each_class(name: str) -> None:
    with pytest.raises(ad.ShapeError, match=rf"{name}: class weights of shape \(2,\).*3 classes"):
        getattr(fn, name)(Z, CLASSES, weight=[1.0, 2.0])
