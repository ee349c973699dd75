"""Activation functions as modules; the functions themselves are those of `autodiff`.

Each class is a row of a table: the function, its settings with their defaults and checks, and
what is known of its values. Constructor, text and tests follow from that. May import
`nn.module`, `nn.functional` and `nn.layers.making`.
"""

from typing import TYPE_CHECKING

from nn.layers.activations.base import *  # noqa: F403 - each file lists what it gives
from nn.layers.activations.rectifiers import *  # noqa: F403
from nn.layers.activations.smooth import *  # noqa: F403
from nn.layers.activations.varying import *  # noqa: F403
from nn.names.exports import exported

if not TYPE_CHECKING:
    # A type checker takes what the stars bring.
    __all__ = exported(globals())
