"""Losses against formulas, their gradients, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.nn.differences import assert_gradients


def softmax(z: Any, axis: int = 1) -> Any:
    e = np.exp(z - z.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


def one_hot(y: Any, classes: int) -> Any:
    return np.eye(classes)[y]


@pytest.fixture
def z() -> Any:
    return np.random.default_rng(0).standard_normal((6, 4)) * 3


Y = np.array([0, 3, 1, 1, 2, 0])


def test_cross_entropy_is_minus_the_log_probability_of_the_class(z: Any) -> None:
    expected = -np.log(softmax(z)[np.arange(6), Y])
    for reduction, value in (
        ("mean", expected.mean()),
        ("sum", expected.sum()),
        ("none", expected),
    ):
        loss = nn.cross_entropy(z, Y, reduction=reduction)
        np.testing.assert_allclose(loss.data, value, rtol=1e-12)


def test_the_gradient_of_cross_entropy_is_softmax_minus_y(z: Any) -> None:
    for target in (Y, one_hot(Y, 4), softmax(z * 0.3)):
        logits = ad.Tensor(z, requires_grad=True)
        nn.cross_entropy(logits, target).backward()
        y = target if target.ndim == 2 else one_hot(target, 4)
        np.testing.assert_allclose(logits.grad, (softmax(z) - y) / 6, rtol=1e-9, atol=1e-12)


def test_indices_and_probabilities_give_the_same_loss(z: Any) -> None:
    by_index = nn.cross_entropy(z, Y, reduction="none")
    for y in (one_hot(Y, 4), one_hot(Y, 4).astype(int), one_hot(Y, 4).astype(bool)):
        np.testing.assert_allclose(nn.cross_entropy(z, y, reduction="none").data, by_index.data)


def test_cross_entropy_of_huge_logits_is_finite() -> None:
    logits = ad.Tensor(np.array([[1e4, -1e4], [-1e4, 1e4]], np.float32), requires_grad=True)
    loss = nn.cross_entropy(logits, [1, 1])
    assert loss.item() == 1e4
    loss.backward()
    np.testing.assert_allclose(logits.grad, [[0.5, -0.5], [0.0, 0.0]])


def test_cross_entropy_of_one_sample_and_of_images(z: Any) -> None:
    single = nn.cross_entropy(z[0], 2)
    np.testing.assert_allclose(single.data, -np.log(softmax(z)[0, 2]))
    images = np.random.default_rng(1).standard_normal((2, 4, 3, 5))
    labels = np.random.default_rng(2).integers(0, 4, (2, 3, 5))
    p = np.take_along_axis(softmax(images), labels[:, None], 1)[:, 0]
    loss = nn.cross_entropy(images, labels, reduction="none")
    np.testing.assert_allclose(loss.data, -np.log(p), rtol=1e-12)


def test_class_weights(z: Any) -> None:
    w = np.array([0.5, 1.0, 2.0, 4.0])
    plain = -np.log(softmax(z)[np.arange(6), Y]) * w[Y]
    np.testing.assert_allclose(nn.cross_entropy(z, Y, w).data, plain.sum() / w[Y].sum())
    np.testing.assert_allclose(nn.cross_entropy(z, Y, w, reduction="sum").data, plain.sum())
    y = softmax(z * 0.2)
    by_class = -(w * y * np.log(softmax(z))).sum(1)
    np.testing.assert_allclose(nn.cross_entropy(z, y, w).data, by_class.mean())


def test_ignored_targets_count_neither_in_the_sum_nor_in_the_mean(z: Any) -> None:
    y = np.array([0, -100, 1, 1, -100, 0])
    kept = y >= 0
    expected = nn.cross_entropy(z[kept], y[kept])
    logits = ad.Tensor(z, requires_grad=True)
    loss = nn.cross_entropy(logits, y)
    np.testing.assert_allclose(loss.data, expected.data)
    loss.backward()
    assert not logits.grad[~kept].any()
    assert nn.cross_entropy(z, y, reduction="none").data[1] == 0
    np.testing.assert_allclose(
        nn.cross_entropy(z, Y, ignore_index=0).data, nn.cross_entropy(z[1:5], Y[1:5]).data
    )
    w = np.array([0.5, 1.0, 2.0, 4.0])
    np.testing.assert_allclose(
        nn.cross_entropy(z, y, w, label_smoothing=0.2).data,
        nn.cross_entropy(z[kept], y[kept], w, label_smoothing=0.2).data,
    )


def test_label_smoothing_is_a_mixture_with_the_uniform_distribution(z: Any) -> None:
    mixed = 0.9 * one_hot(Y, 4) + 0.1 / 4
    expected = -(mixed * np.log(softmax(z))).sum(1).mean()
    np.testing.assert_allclose(nn.cross_entropy(z, Y, label_smoothing=0.1).data, expected)
    smoothed = nn.cross_entropy(z, one_hot(Y, 4), label_smoothing=0.1)
    np.testing.assert_allclose(smoothed.data, expected)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"reduction": "sum"},
        {"label_smoothing": 0.2},
        {"weight": [0.5, 1.0, 2.0, 4.0]},
        {"weight": [0.5, 1.0, 2.0, 4.0], "label_smoothing": 0.2},
        {"ignore_index": 1},
        {"ignore_index": 1, "label_smoothing": 0.3},
    ],
)
@pytest.mark.parametrize("kind", ["indices", "probabilities"])
def test_gradients_of_cross_entropy(z: Any, options: dict[str, Any], kind: str) -> None:
    target = Y if kind == "indices" else softmax(z * 0.5)
    if kind == "probabilities":
        options = {name: given for name, given in options.items() if name != "ignore_index"}
    logits = ad.Tensor(z, requires_grad=True)
    assert_gradients(lambda: nn.cross_entropy(logits, target, **options), [logits])


def test_gradients_reach_soft_targets(z: Any) -> None:
    target = ad.Tensor(softmax(z * 0.5), requires_grad=True)
    assert_gradients(lambda: nn.cross_entropy(z, target, label_smoothing=0.1), [target])


@pytest.mark.parametrize(
    ("target", "error", "message"),
    [
        (
            np.array([0, 4, 0, 0, 0, 0]),
            IndexError,
            "target[1] is class 4, but the scores have 4 cl",
        ),
        (np.array([0, 0, -1, 0, 0, 0]), IndexError, "target[2] is class -1"),
        (np.zeros((6, 1), int), ad.ShapeError, "reshape it: target.reshape(6,)"),
        (np.zeros(5, int), ad.ShapeError, "need class indices of shape (6,)"),
        (np.zeros(6), TypeError, "class indices must be integers, and the target is float64"),
    ],
)
def test_wrong_targets(z: Any, target: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        nn.cross_entropy(z, target)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda z: nn.cross_entropy(z, Y, [1.0, 2.0]),
            ad.ShapeError,
            "shape (2,) were given for 4",
        ),
        (lambda z: nn.cross_entropy(z, Y, reduction="avg"), ValueError, "'mean', 'sum' or 'none'"),
        (lambda z: nn.cross_entropy(z, Y, label_smoothing=1.5), ValueError, "from 0 to 1, not 1.5"),
        (lambda z: nn.CrossEntropyLoss(label_smoothing=-1), ValueError, "from 0 to 1, not -1"),
        (lambda z: nn.cross_entropy(1.0, 0), ad.ShapeError, "no axis of classes"),
        (lambda z: nn.cross_entropy(z, np.full(6, -100)), ValueError, "no target counts"),
        (lambda z: nn.nll_loss(z, softmax(z)), ad.ShapeError, "use cross_entropy on the logits"),
        (lambda z: nn.MSELoss("avg"), ValueError, "not 'avg'"),
    ],
)
def test_wrong_arguments(z: Any, call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        call(z)
    assert message in str(caught.value)


def test_all_ignored_is_fine_in_a_sum_and_without_samples(z: Any) -> None:
    assert nn.cross_entropy(z, np.full(6, -100), reduction="sum").item() == 0
    assert nn.cross_entropy(z[:0], Y[:0], reduction="sum").item() == 0


def test_nll_is_cross_entropy_of_log_softmax(z: Any) -> None:
    logp = ad.log_softmax(ad.Tensor(z), axis=1)
    np.testing.assert_allclose(nn.nll_loss(logp, Y).data, nn.cross_entropy(z, Y).data)


P = np.array([[1.0, -2.0], [0.5, 3.0], [0.0, 1.0]])
T = np.array([[0.0, -1.0], [1.0, 3.5], [2.0, 1.0]])
REGRESSION: dict[str, Any] = {
    "mse_loss": ((P - T) ** 2, nn.mse_loss, nn.MSELoss),
    "l1_loss": (np.abs(P - T), nn.l1_loss, nn.L1Loss),
    "half_squared_error": (0.5 * (P - T) ** 2, nn.half_squared_error, nn.HalfSquaredErrorLoss),
}


@pytest.mark.parametrize("name", REGRESSION)
def test_regression_losses(name: str) -> None:
    entries, function, module = REGRESSION[name]
    mean = entries.sum() / 3 if name == "half_squared_error" else entries.mean()
    for reduction, value in (("none", entries), ("sum", entries.sum()), ("mean", mean)):
        np.testing.assert_allclose(function(P, T, reduction=reduction).data, value)
        np.testing.assert_allclose(module(reduction)(P, T).data, value)


@pytest.mark.parametrize("name", REGRESSION)
def test_gradients_of_regression_losses(name: str) -> None:
    x = ad.Tensor(P + 0.1, requires_grad=True)
    y = ad.Tensor(T, requires_grad=True)
    assert_gradients(lambda: REGRESSION[name][1](x, y), [x, y])


def test_the_gradient_of_half_the_square_is_the_difference() -> None:
    x = ad.Tensor(P, requires_grad=True)
    nn.HalfSquaredErrorLoss()(x, T).backward()
    np.testing.assert_array_equal(x.grad, P - T)


@pytest.mark.parametrize(
    "function", [*(f for _, f, _ in REGRESSION.values()), nn.binary_cross_entropy_with_logits]
)
def test_nothing_is_broadcast_in_silence(function: Any) -> None:
    with pytest.raises(ad.ShapeError) as caught:
        function(np.zeros((5, 1)), np.zeros(5))
    message = str(caught.value)
    assert function.__name__ in message
    assert "the prediction has shape (5, 1) and the target (5,)" in message
    assert "broadcasting would compare every prediction with every target" in message
    assert "target.reshape(5, 1)" in message
    with pytest.raises(ad.ShapeError, match="reshape the target to the shape of the prediction"):
        function(np.zeros((5, 2)), np.zeros(5))


def bce(z: Any, y: Any, pos: Any = 1.0) -> Any:
    p = 1 / (1 + np.exp(-z))
    return -pos * y * np.log(p) - (1 - y) * np.log(1 - p)


def test_binary_cross_entropy() -> None:
    y = np.array([[0.0, 1.0], [1.0, 0.25], [1.0, 0.0]])
    f = nn.binary_cross_entropy_with_logits
    np.testing.assert_allclose(f(P, y).data, bce(P, y).mean())
    np.testing.assert_allclose(f(P, (y > 0.5)).data, bce(P, y > 0.5).mean())
    pos, w = np.array([2.0, 0.5]), np.array([[1.0], [2.0], [3.0]])
    np.testing.assert_allclose(f(P, y, w, "none", pos).data, w * bce(P, y, pos))
    module = nn.BCEWithLogitsLoss(w, reduction="sum", pos_weight=pos)
    np.testing.assert_allclose(module(P, y).data, (w * bce(P, y, pos)).sum())
    x = ad.Tensor(P, requires_grad=True)
    assert_gradients(lambda: f(x, y, w, "mean", pos), [x])
    assert_gradients(lambda: f(x, y), [x])
    assert f([500.0, -500.0], [0.0, 1.0]).item() == 500.0


def test_losses_as_modules_equal_the_functions(z: Any) -> None:
    w = [0.5, 1.0, 2.0, 4.0]
    module = nn.CrossEntropyLoss(w, ignore_index=1, reduction="sum", label_smoothing=0.1)
    expected = nn.cross_entropy(z, Y, w, 1, "sum", 0.1)
    np.testing.assert_allclose(module(z, Y).data, expected.data, rtol=1e-6)
    logp = np.log(softmax(z))
    np.testing.assert_allclose(
        nn.NLLLoss(w, ignore_index=1)(logp, Y).data, nn.nll_loss(logp, Y, w, 1).data, rtol=1e-6
    )


def test_a_float32_model_keeps_float32() -> None:
    logits = ad.Tensor(np.zeros((2, 3), np.float32), requires_grad=True)
    loss = nn.cross_entropy(logits, [0, 1], [1.0, 2.0, 3.0], label_smoothing=0.1)
    assert loss.dtype == np.float32
    loss.backward()
    assert logits.grad.dtype == np.float32
