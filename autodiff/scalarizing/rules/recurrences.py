"""Recurrences, one step after the other."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.arrays import arrays
from autodiff.ops.elementwise import arithmetic
from autodiff.ops.networks.recurrences import lstm_adjoint
from autodiff.ops.reductions import reductions
from autodiff.scalarizing.array import elements_of, objects
from autodiff.scalarizing.rules.elementwise import of_elements
from autodiff.scalarizing.rules.products import sum_of_products
from autodiff.scalarizing.table import RULES

__all__: list[str] = []


def _linear(scalarizer: Any, function: Any, a: Any, b: Any, axis: int = -1) -> Any:
    factors = np.moveaxis(elements_of(a), axis, 0)
    states = np.moveaxis(elements_of(b).copy(), axis, 0)
    for t in range(1, len(states)):
        for at in np.ndindex(*states.shape[1:]):
            states[t, *at] = sum_of_products(
                [(factors[t, *at], states[t - 1, *at])], states[t, *at]
            )
    return scalarizer.wrap(np.moveaxis(states, 0, axis))


def _banded(scalarizer: Any, function: Any, w: Any, b: Any) -> Any:
    weights, states = elements_of(w), elements_of(b).copy()
    bands = weights.shape[-3]
    for *at, t, s in np.ndindex(*states.shape):
        if t:
            pairs = (
                (weights[*at, k, t, s], states[*at, t - 1, s - k]) for k in range(min(bands, s + 1))
            )
            states[*at, t, s] = sum_of_products(pairs, states[*at, t, s])
    return scalarizer.wrap(states)


def _log_banded(scalarizer: Any, function: Any, w: Any, x: Any) -> Any:
    ways, states = elements_of(w), elements_of(x).copy()
    bands = ways.shape[-2]
    for *at, t, s in np.ndindex(*states.shape):
        if t:
            met = [
                of_elements(arithmetic.add, ways[*at, k, s], states[*at, t - 1, s - k])
                for k in range(min(bands, s + 1))
            ]
            row = scalarizer.wrap(objects(met, (len(met),)))
            together = elements_of(reductions.logsumexp.forward(arrays, row)).item()
            states[*at, t, s] = of_elements(arithmetic.add, together, states[*at, t, s])
    return scalarizer.wrap(states)


def _lstm(scalarizer: Any, function: Any, a: Any, w: Any, h: Any, c: Any) -> Any:
    steps = []
    for t in range(a.shape[-3]):
        sums = a[..., t, :, :] + np.matmul(h, np.swapaxes(w, -1, -2))
        size = h.shape[-1]
        i, f, g, o = (sums[..., k * size : (k + 1) * size] for k in range(4))
        i, f, o, g = arrays.sigmoid(i), arrays.sigmoid(f), arrays.sigmoid(o), np.tanh(g)
        c = f * c + i * g
        h = o * np.tanh(c)
        steps.append(np.stack([i, f, g, o, c, h], -3))
    return np.stack(steps, -4)


def _lstm_adjoint(scalarizer: Any, function: Any, *operands: Any) -> Any:
    return lstm_adjoint(arrays, *operands)


RULES.update(
    {
        "banded_recurrence": _banded,
        "linear_recurrence": _linear,
        "log_banded_recurrence": _log_banded,
        "lstm_adjoint": _lstm_adjoint,
        "lstm_recurrence": _lstm,
    }
)
