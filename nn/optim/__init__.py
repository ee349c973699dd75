"""Optimizers: how gradients change parameters, with PyTorch's names and formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn._names import missing
from nn.optim.adam import Adam, AdamW
from nn.optim.optimizer import Optimizer
from nn.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer"]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name)
