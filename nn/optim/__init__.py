"""Optimizers: how gradients change parameters, with PyTorch's names and formulas."""

from __future__ import annotations

from nn.optim.adam import Adam, AdamW
from nn.optim.optimizer import Optimizer
from nn.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer"]
