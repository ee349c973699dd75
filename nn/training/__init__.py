"""Fitting a model to data, and watching it."""

from __future__ import annotations

from nn.training.callbacks import Callback, EarlyStopping, Run
from nn.training.evaluation import evaluate, predict
from nn.training.fit import fit
from nn.training.history import History
from nn.training.reach import TrainingWarning

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
