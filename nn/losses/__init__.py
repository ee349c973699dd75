"""Losses: how far predictions are from targets, as one number to make smaller."""

from __future__ import annotations

from nn.losses.binary import BCEWithLogitsLoss, binary_cross_entropy_with_logits
from nn.losses.class_margins import (
    multi_margin_loss,
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
)
from nn.losses.classification import CrossEntropyLoss, NLLLoss, cross_entropy, nll_loss
from nn.losses.ctc import ctc_loss
from nn.losses.likelihoods import (
    binary_cross_entropy,
    gaussian_nll_loss,
    kl_div,
    poisson_nll_loss,
)
from nn.losses.margins import (
    cosine_embedding_loss,
    hinge_embedding_loss,
    margin_ranking_loss,
    soft_margin_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from nn.losses.regression import (
    HalfSquaredErrorLoss,
    L1Loss,
    MSELoss,
    half_squared_error,
    l1_loss,
    mse_loss,
)
from nn.losses.robust import huber_loss, smooth_l1_loss

__all__ = [
    "BCEWithLogitsLoss",
    "CrossEntropyLoss",
    "HalfSquaredErrorLoss",
    "L1Loss",
    "MSELoss",
    "NLLLoss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cosine_embedding_loss",
    "cross_entropy",
    "ctc_loss",
    "gaussian_nll_loss",
    "half_squared_error",
    "hinge_embedding_loss",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "margin_ranking_loss",
    "mse_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "nll_loss",
    "poisson_nll_loss",
    "smooth_l1_loss",
    "soft_margin_loss",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]
