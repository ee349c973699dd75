"""Every loss in a compiled step gives what it gives in an ordinary one, for any inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autodiff as ad
import nn
from tests.nn.test_more_losses import CASES, CLASSES, P, Q, X, Y

MORE: list[tuple[str, list[Any], dict[str, Any]]] = [
    ("mse_loss", [X, Y], {}),
    ("l1_loss", [X, Y], {}),
    ("binary_cross_entropy_with_logits", [X, Q], {}),
    ("binary_cross_entropy_with_logits", [X, Q], {"pos_weight": np.array([0.5, 2.0, 1.0])}),
    ("cross_entropy", [X, CLASSES], {}),
    ("cross_entropy", [X, P / P.sum(1, keepdims=True)], {"label_smoothing": 0.2}),
    ("cross_entropy", [X, CLASSES], {"weight": np.array([0.5, 2.0, 1.0])}),
    ("nll_loss", [np.log(P), CLASSES], {}),
]


def _turned(operands: list[Any], by: int) -> list[Any]:
    """Other numbers of the same kinds: the samples in another order, the scores scaled."""
    found = []
    for x in operands:
        y = np.roll(x, by, axis=0) if np.ndim(x) else x
        found.append(y)
    if np.asarray(found[0]).dtype.kind == "f" and found[0].min() < 0:
        found[0] = found[0] * (1 + 0.25 * by)
    return found


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("case", [*CASES, *MORE], ids=lambda c: f"{c[0]}-{'-'.join(c[2])}")
def test_a_compiled_loss_is_the_ordinary_one(case: Any, reduction: str) -> None:
    name, operands, settings = case
    loss_of = getattr(nn.functional, name)

    shift = ad.Tensor(np.zeros_like(operands[0]), requires_grad=True)

    def step(first: ad.Tensor, *others: ad.Tensor) -> Any:
        shift.zero_grad()
        loss = loss_of(first + shift, *others, **settings, reduction=reduction)
        loss.backward()
        return loss

    compiled = ad.compile(step)
    for by in (0, 1, 2, 3):
        nodes = [ad.Tensor(x) for x in _turned(operands, by)]
        found = [compiled(*nodes).item(), shift.grad.copy()]
        expected = [step(*nodes).item(), shift.grad]
        for a, b in zip(found, expected, strict=True):
            assert np.array_equal(a, b, equal_nan=True)
