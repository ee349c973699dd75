"""Figures of batches that are kept for later: changed in place, where they last."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.errors import BatchingError
from autodiff.graph.modes import current_mode
from autodiff.tensors.tensor import Tensor

__all__: list[str] = []


def track(running: Any, batch: Any, momentum: float) -> None:
    """running ← (1 − momentum) running + momentum · batch, in place.

    Raises:
        BatchingError: within `vmap`, where every example has figures of its own.
        TypeError: the running figures are no tensor.
    """
    if not isinstance(running, Tensor):
        raise TypeError(
            f"instance_norm() updates running figures in place, and a {type(running).__name__} "
            "was given; give tensors, or None"
        )
    if current_mode().batches:
        raise BatchingError(
            "instance_norm() was to update running figures within vmap, where every example has "
            "figures of its own; give none, or use_input_stats=False (a model's eval())"
        )
    figures = running._data
    kept = np.multiply(figures, np.subtract(1.0, momentum), out=figures)
    running.data = np.add(kept, np.multiply(batch, momentum), out=figures)
