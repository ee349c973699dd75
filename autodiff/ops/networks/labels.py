"""Losses of class labels, without a row of zeros and a one for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autodiff.ops.primitive import ADDITIVE, MULTIPLICATIVE, Notation, Structural, structural
from autodiff.ops.sample_operands import Sample

_LABELS = (
    ((3, 4), np.array([2, 0, 3]), 1, None),
    ((3, 4), np.array([1, 0, -100, 1]), 0, -100),
    ((2, 3, 2), np.array([[2, 1], [0, 2]]), 1, 1),
    ((4,), np.array(3), -1, -1),
)


def _of_scores(rng: np.random.Generator) -> Iterator[Sample]:
    for shape, labels, axis, ignored in _LABELS:
        yield [rng.standard_normal(shape)], {"labels": labels, "axis": axis, "ignored": ignored}


def _of_losses(rng: np.random.Generator) -> Iterator[Sample]:
    for (x,), params in _of_scores(rng):
        yield [rng.standard_normal(params["labels"].shape), x], params


def _of_gradients(rng: np.random.Generator) -> Iterator[Sample]:
    for (v, x), params in _of_losses(rng):
        yield [x, v], params


def _nothing(x: Any) -> Any:
    return np.zeros(x.shape, x.dtype)


label_loss: Structural = structural(
    "label_loss",
    lambda xp, total, x, *, labels, axis, ignored: xp.label_loss(total, x, labels, axis, ignored),
    [
        lambda xp, g, y, total, x, *, labels, axis, ignored: xp.label_loss(
            g, _nothing(x), labels, axis, ignored
        ),
        lambda xp, g, y, total, x, *, labels, axis, ignored: xp.subtract_label(
            _nothing(x), g, labels, axis, ignored
        ),
    ],
    notation=Notation("{0} − {1}[y]", "{0} - {1}_y", ADDITIVE, (ADDITIVE, 5)),
    linear=True,
    keeps=["labels"],
    samples=_of_losses,
    factors=[
        ("where it counts", "g where the label counts, else 0"),
        ("−1 at the label", "−g at the label, else 0"),
    ],
    doc="Totals less the scores of the labels; 0 where a label is ignored.",
)


subtract_label: Structural = structural(
    "subtract_label",
    lambda xp, x, v, *, labels, axis, ignored: xp.subtract_label(x, v, labels, axis, ignored),
    [
        lambda xp, g, y, x, v, *, labels, axis, ignored: xp.subtract_label(
            g, _nothing(v), labels, axis, ignored
        ),
        lambda xp, g, y, x, v, *, labels, axis, ignored: xp.label_loss(
            _nothing(v), g, labels, axis, ignored
        ),
    ],
    notation=Notation("{0} − {1} y", "{0} - {1} y", ADDITIVE, (ADDITIVE, MULTIPLICATIVE)),
    linear=True,
    keeps=["labels"],
    samples=_of_gradients,
    factors=[
        ("where it counts", "g where the label counts, else 0"),
        ("−1 at the label", "−g at the label, else 0"),
    ],
    doc="A copy less a number at each label; zeros where a label is ignored.",
)


def _label_cross_entropy(xp: Any, z: Any, *, labels: Any, axis: int, ignored: Any) -> Any:
    if 0 in z.shape:
        return xp.label_loss(xp.sum(z, axis=axis), z, labels, axis, ignored)
    shifted = z - xp.max(z, axis=axis, keepdims=True)
    total = xp.log(xp.sum(xp.exp(shifted), axis=axis))
    return xp.label_loss(total, shifted, labels, axis, ignored)


def _scores_vjp(xp: Any, g: Any, loss: Any, z: Any, *, labels: Any, axis: int, ignored: Any) -> Any:
    if 0 in z.shape:
        return xp.exp(z)
    # g (p - y), where y is 1 at the label: of the quotients only those of the rows are taken.
    e = xp.exp(z - xp.max(z, axis=axis, keepdims=True))
    share = xp.expand_dims(g, axis) / xp.sum(e, axis=axis, keepdims=True)
    return xp.subtract_label(e * share, g, labels, axis, ignored)


def _tangent(
    xp: Any, tangents: Any, loss: Any, z: Any, *, labels: Any, axis: int, ignored: Any
) -> Any:
    mean = xp.sum(xp.softmax(z, axis=axis) * tangents[0], axis=axis)
    return xp.label_loss(mean, tangents[0], labels, axis, ignored)


label_cross_entropy: Structural = structural(
    "label_cross_entropy",
    _label_cross_entropy,
    [_scores_vjp],
    jvp=_tangent,
    notation=Notation.function("CE", r"\operatorname{{CE}}"),
    reads=(0,),
    keeps=["labels"],
    samples=_of_scores,
    factors=[("⊙ (p − y)", "g ⊙ (softmax({0}) − 1 at the label), 0 where it is ignored")],
    ordered=True,
    sums=True,
    doc="Minus the logarithm of the softmax at the labels; its derivative is softmax(z) - y.",
)
