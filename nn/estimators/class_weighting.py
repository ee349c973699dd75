"""Weights of classes by their labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["class_weights"]

Array = np.ndarray[Any, Any]


def class_weights(
    given: Mapping[Any, float] | str, classes: Array, indices: Array, weight: Array | None
) -> Array:
    """One weight for each class.

    Args:
        given: by label, 1 for those that are missing; or ``"balanced"``, by which all classes
            that occur weigh the same, Σ w / (K · Σ_{i of class k} w_i).
        classes: the K labels.
        indices: of the samples' classes.
        weight: w, of the samples; None for 1.

    Raises:
        ValueError: a label is unknown, or a weight negative.

    Example:
        >>> class_weights("balanced", np.array(["a", "b"]), np.array([0, 0, 0, 1]), None).round(2)
        array([0.67, 2.  ])
    """
    if isinstance(given, str):
        if given != "balanced":
            raise ValueError(f"class_weight is 'balanced', a dict or None, not {given!r}")
        counts = np.bincount(indices, weight, len(classes))
        # A class that does not occur has no samples that could be weighed.
        return np.asarray(counts.sum() / (len(counts) * np.where(counts, counts, np.inf)))
    found = np.ones(len(classes))
    for label, value in given.items():
        if label not in classes:
            raise ValueError(f"class_weight has the label {label!r}, and the classes are {classes}")
        if not 0 <= value < np.inf:
            raise ValueError(f"class_weight of {label!r} must be from 0 up, not {value!r}")
        found[classes == label] = value
    return found
