"""Initial values of parameters.

Each scheme comes in two forms: a function of a shape that returns a new array
(``xavier_uniform((16, 2))``) and, with a trailing underscore, one that fills a tensor in
place as in PyTorch (``xavier_uniform_(layer.weight)``). `SCHEMES` finds them by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn._names import missing
from nn.init.fans import calculate_fan, calculate_gain
from nn.init.fill import (
    constant_,
    kaiming_normal_,
    kaiming_uniform_,
    lecun_normal_,
    lecun_uniform_,
    normal_,
    ones_,
    trunc_normal_,
    uniform_,
    xavier_normal_,
    xavier_uniform_,
    zeros_,
)
from nn.init.plain import constant, normal, ones, small_normal, truncated_normal, uniform, zeros
from nn.init.registry import SCHEMES, Initializer, get_initializer
from nn.init.scaled import (
    glorot_normal,
    glorot_uniform,
    he_normal,
    he_uniform,
    kaiming_normal,
    kaiming_uniform,
    lecun_normal,
    lecun_uniform,
    xavier_normal,
    xavier_uniform,
)

__all__ = [
    "SCHEMES",
    "Initializer",
    "calculate_fan",
    "calculate_gain",
    "constant",
    "constant_",
    "get_initializer",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "kaiming_normal",
    "kaiming_normal_",
    "kaiming_uniform",
    "kaiming_uniform_",
    "lecun_normal",
    "lecun_normal_",
    "lecun_uniform",
    "lecun_uniform_",
    "normal",
    "normal_",
    "ones",
    "ones_",
    "small_normal",
    "trunc_normal_",
    "truncated_normal",
    "uniform",
    "uniform_",
    "xavier_normal",
    "xavier_normal_",
    "xavier_uniform",
    "xavier_uniform_",
    "zeros",
    "zeros_",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name)
