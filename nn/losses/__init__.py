"""Losses: how far predictions are from targets, as one number to make smaller."""

from __future__ import annotations

from nn.losses.binary import BCEWithLogitsLoss, binary_cross_entropy_with_logits
from nn.losses.classification import CrossEntropyLoss, NLLLoss, cross_entropy, nll_loss
from nn.losses.regression import (
    HalfSquaredErrorLoss,
    L1Loss,
    MSELoss,
    half_squared_error,
    l1_loss,
    mse_loss,
)

__all__ = [
    "BCEWithLogitsLoss",
    "CrossEntropyLoss",
    "HalfSquaredErrorLoss",
    "L1Loss",
    "MSELoss",
    "NLLLoss",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "half_squared_error",
    "l1_loss",
    "mse_loss",
    "nll_loss",
]
