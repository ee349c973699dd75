"""Layers, one family per file."""

from __future__ import annotations

from nn.layers.activations import (
    ELU,
    GELU,
    SELU,
    Identity,
    LeakyReLU,
    LogSoftmax,
    Mish,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
)
from nn.layers.batchnorm import BatchNorm1d, batch_norm
from nn.layers.dropout import Dropout, dropout
from nn.layers.linear import Linear, linear
from nn.layers.shape import Flatten, flatten

__all__ = [
    "ELU",
    "GELU",
    "SELU",
    "BatchNorm1d",
    "Dropout",
    "Flatten",
    "Identity",
    "LeakyReLU",
    "Linear",
    "LogSoftmax",
    "Mish",
    "ReLU",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
    "batch_norm",
    "dropout",
    "flatten",
    "linear",
]
