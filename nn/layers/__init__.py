"""Layers: modules with parameters or settings, one family per file.

A layer is written and listed (``__all__``) in the file of its family, and that is all: this
room and `nn` export whatever those lists name. What a layer computes is a function of
`autodiff` or of `nn.functional`; the layer holds the parameters and says what does not fit.
It may import `nn.module`, `nn.init` and `nn.functional`.
"""

from typing import TYPE_CHECKING

from nn.layers import activations, batchnorm, dropout, linear, probabilities, shape
from nn.layers.activations import *  # noqa: F403 - each file lists what it gives
from nn.layers.batchnorm import *  # noqa: F403
from nn.layers.dropout import *  # noqa: F403
from nn.layers.linear import *  # noqa: F403
from nn.layers.probabilities import *  # noqa: F403
from nn.layers.shape import *  # noqa: F403

if not TYPE_CHECKING:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ = [
        *activations.__all__,
        *batchnorm.__all__,
        *dropout.__all__,
        *linear.__all__,
        *probabilities.__all__,
        *shape.__all__,
    ]
