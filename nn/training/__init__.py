"""Fitting a model to data: steps, the loop around them, callbacks, checkpoints, evaluation.

A model, a loss, an optimizer and data come in; the model is changed, and a `History` goes out.
What a file here lists (``__all__``) and this names is exported. It may import `nn.module`,
`nn.functional`, `nn.losses`, `nn.optim`, `nn.data`, `nn.io` and `nn.metrics`.
"""

from __future__ import annotations

from nn.training.callbacks import Callback, Run
from nn.training.checkpoints import Checkpoint
from nn.training.class_weights import class_weights
from nn.training.early_stopping import EarlyStopping
from nn.training.evaluation import evaluate, predict
from nn.training.fit import fit
from nn.training.history import History
from nn.training.logs import CSVLog, JSONLinesLog, TensorBoardLog
from nn.training.schedules import Schedule
from nn.training.step import Step, StepResult
from nn.training.trainer import Trainer
from nn.training.untrained import TrainingWarning

__all__ = [
    "CSVLog",
    "Callback",
    "Checkpoint",
    "EarlyStopping",
    "History",
    "JSONLinesLog",
    "Run",
    "Schedule",
    "Step",
    "StepResult",
    "TensorBoardLog",
    "Trainer",
    "TrainingWarning",
    "class_weights",
    "evaluate",
    "fit",
    "predict",
]
