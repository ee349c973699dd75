"""What "accuracy" means in a fit with each loss: a number that is right, or what to give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn

fn = nn.functional
RNG = np.random.default_rng(0)
X = RNG.standard_normal((12, 4)).astype(np.float32)
YES = (X[:, :1] > 0).astype(np.int64)
CLASSES = RNG.integers(0, 3, 12)
ONE_HOT = np.eye(3)[CLASSES]
SEVERAL = np.array([[1, 1, 0], [0, 0, 0], [1, 0, 0]] * 4)
NUMBERS = RNG.standard_normal((12, 3))

ASKED, ROWS = "give threshold=0 for logits", "for several yes-or-no questions per sample give"

# Loss, number of outputs, targets, activation; the threshold, "highest", or the message.
CASES: dict[str, tuple[Any, int, Any, Any, float | str]] = {
    "cross_entropy": (fn.cross_entropy, 3, CLASSES, nn.Identity, "highest"),
    "cross_entropy of rows": (fn.cross_entropy, 3, ONE_HOT, nn.Identity, "highest"),
    "CrossEntropyLoss": (nn.CrossEntropyLoss(), 3, CLASSES, nn.Identity, "highest"),
    "nll_loss": (fn.nll_loss, 3, CLASSES, nn.LogSoftmax, "highest"),
    "kl_div": (fn.kl_div, 3, ONE_HOT, nn.LogSoftmax, "highest"),
    "multi_margin_loss": (fn.multi_margin_loss, 3, CLASSES, nn.Identity, "highest"),
    "mse_loss of rows": (fn.mse_loss, 3, ONE_HOT, nn.Identity, "highest"),
    "with_logits of rows": (nn.BCEWithLogitsLoss(), 3, ONE_HOT, nn.Identity, "highest"),
    "with_logits": (fn.binary_cross_entropy_with_logits, 1, YES, nn.Identity, 0.0),
    "BCEWithLogitsLoss": (nn.BCEWithLogitsLoss(), 1, YES, nn.Identity, 0.0),
    "soft_margin_loss": (fn.soft_margin_loss, 1, 2 * YES - 1, nn.Identity, 0.0),
    "binary_cross_entropy": (fn.binary_cross_entropy, 1, YES, nn.Sigmoid, 0.5),
    "mse_loss": (fn.mse_loss, 1, YES, nn.Identity, ASKED),
    "l1_loss": (fn.l1_loss, 1, YES, nn.Identity, ASKED),
    "huber_loss": (fn.huber_loss, 1, YES, nn.Identity, ASKED),
    "smooth_l1_loss": (fn.smooth_l1_loss, 1, YES, nn.Identity, ASKED),
    "half_squared_error": (fn.half_squared_error, 1, YES, nn.Identity, ASKED),
    "poisson_nll_loss": (fn.poisson_nll_loss, 1, YES, nn.Identity, ASKED),
    "hinge_embedding_loss": (fn.hinge_embedding_loss, 1, 2 * YES - 1, nn.Identity, ASKED),
    "with_logits of several": (nn.BCEWithLogitsLoss(), 3, SEVERAL, nn.Identity, ROWS),
    "multilabel_soft_margin_loss": (
        fn.multilabel_soft_margin_loss,
        3,
        SEVERAL,
        nn.Identity,
        0.0,
    ),
    "multilabel_margin_loss": (
        fn.multilabel_margin_loss,
        3,
        np.tile([0, -1, -1], (12, 1)),
        nn.Identity,
        ROWS,
    ),
    "mse_loss of numbers": (fn.mse_loss, 3, NUMBERS, nn.Identity, ROWS),
}


@pytest.mark.parametrize("name", CASES)
def test_accuracy_is_right_or_asks(name: str) -> None:
    loss, outputs, y, activation, meaning = CASES[name]
    model = nn.Sequential(nn.Linear(4, outputs), activation())
    optimizer = nn.optim.SGD(model.parameters(), lr=0.0)
    settings: dict[str, Any] = {"epochs": 1, "metrics": ["accuracy"], "progress": False}
    if meaning in (ASKED, ROWS):
        with pytest.raises(ValueError, match=str(meaning)):
            nn.fit(model, loss, optimizer, (X, y), **settings)
        with pytest.raises(ValueError, match=str(meaning)):
            nn.evaluate(model, loss, (X, y), metrics=["accuracy"])
        return
    scores = model(X).data
    if meaning == "highest":
        expected = np.mean(scores.argmax(axis=1) == (y.argmax(axis=1) if y.ndim == 2 else y))
    else:
        expected = np.mean((scores > meaning) == (y > 0))
    history = nn.fit(model, loss, optimizer, (X, y), (X, y), **settings)
    assert history.last["accuracy"] == history.last["val_accuracy"] == pytest.approx(expected)
