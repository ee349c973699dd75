"""Neural networks on `autodiff`: modules, losses, optimizers, data and training.

Names, signatures and layouts are PyTorch's, so that code and weights carry over.

Example:
    >>> import nn
    >>> model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
    >>> optimizer = nn.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    >>> loss = nn.cross_entropy(model([[0.5, -0.5]]), [1])
    >>> loss.backward()
    >>> optimizer.step()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn import data, functional, init, io, metrics, optim, scalar
from nn._names import missing
from nn._nodes import cast_input
from nn.containers import ModuleDict, ModuleList, Sequential
from nn.dtypes import default_dtype, get_default_dtype, set_default_dtype
from nn.io import CheckpointError, load, load_state, save, save_state
from nn.layers import (
    ELU,
    GELU,
    SELU,
    BatchNorm1d,
    Dropout,
    Flatten,
    Identity,
    LeakyReLU,
    Linear,
    LogSoftmax,
    Mish,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from nn.losses import (
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HalfSquaredErrorLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
    binary_cross_entropy_with_logits,
    cross_entropy,
    half_squared_error,
    l1_loss,
    mse_loss,
    nll_loss,
)
from nn.module import Module
from nn.parameter import Buffer, Parameter
from nn.scalar import MLP, Layer, Neuron
from nn.training import (
    Callback,
    EarlyStopping,
    History,
    Run,
    TrainingWarning,
    evaluate,
    fit,
    predict,
)

__all__ = [
    "ELU",
    "GELU",
    "MLP",
    "SELU",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "Buffer",
    "Callback",
    "CheckpointError",
    "CrossEntropyLoss",
    "Dropout",
    "EarlyStopping",
    "Flatten",
    "HalfSquaredErrorLoss",
    "History",
    "Identity",
    "L1Loss",
    "Layer",
    "LeakyReLU",
    "Linear",
    "LogSoftmax",
    "MSELoss",
    "Mish",
    "Module",
    "ModuleDict",
    "ModuleList",
    "NLLLoss",
    "Neuron",
    "Parameter",
    "ReLU",
    "Run",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
    "TrainingWarning",
    "binary_cross_entropy_with_logits",
    "cast_input",
    "cross_entropy",
    "data",
    "default_dtype",
    "evaluate",
    "fit",
    "functional",
    "get_default_dtype",
    "half_squared_error",
    "init",
    "io",
    "l1_loss",
    "load",
    "load_state",
    "metrics",
    "mse_loss",
    "nll_loss",
    "optim",
    "predict",
    "save",
    "save_state",
    "scalar",
    "set_default_dtype",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name)
