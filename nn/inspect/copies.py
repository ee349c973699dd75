"""A model to be looked at in the place of the one that is trained."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

from nn.layers.activations.varying import RReLU
from nn.layers.noise import Noise
from nn.module.base import Module

__all__ = ["without_chance"]

M = TypeVar("M", bound=Module)


def without_chance(model: M, dtype: Any = None) -> M:
    """A copy in training mode, so that batches are normalised, but without draws such as dropout.

    Args:
        model: the model, which stays as it is.
        dtype: floating dtype of the copy, if it is to be another.

    Returns:
        The copy.

    Example:
        >>> import nn
        >>> twin = without_chance(nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5)).eval())
        >>> [module.training for module in twin]
        [True, False]
    """
    twin = copy.deepcopy(model).train()
    for module in twin.modules():
        if isinstance(module, Noise | RReLU):
            module.eval()
        elif isinstance(getattr(module, "dropout", None), float):
            # Recurrent layers and attention thin out between their parts.
            module.dropout = 0.0
    return twin if dtype is None else twin.to(dtype)
