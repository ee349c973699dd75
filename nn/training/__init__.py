"""Fitting a model to data, and watching it.

A model, a loss, an optimizer and data come in; the model is changed, and a `History` goes out.
It may import `nn.module`, `nn.functional`, `nn.losses`, `nn.optim`, `nn.data` and `nn.metrics`.
"""

from __future__ import annotations

from nn.training.callbacks import Callback, EarlyStopping, Run
from nn.training.evaluation import evaluate, predict
from nn.training.fit import fit
from nn.training.history import History
from nn.training.untrained import TrainingWarning

__all__ = [
    "Callback",
    "EarlyStopping",
    "History",
    "Run",
    "TrainingWarning",
    "evaluate",
    "fit",
    "predict",
]
