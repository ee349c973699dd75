"""Layers of signals, images and volumes, one family per file, by the names of `autodiff`'s.

Each family has one base for any number of axes, and the 1d, 2d and 3d names say how many. What
they compute, and what does not fit, are functions of `autodiff` and `nn.functional`; a layer
keeps settings and parameters, and puts its name before what such a function refuses.
May import `nn.module`, `nn.init`, `nn.functional` and `nn.layers.making`.
"""

from typing import TYPE_CHECKING

from nn.layers.images.adaptive_pooling import *  # noqa: F403 - each file lists what it gives
from nn.layers.images.convolution import *  # noqa: F403
from nn.layers.images.folding import *  # noqa: F403
from nn.layers.images.fractional_pooling import *  # noqa: F403
from nn.layers.images.padding import *  # noqa: F403
from nn.layers.images.pooling import *  # noqa: F403
from nn.layers.images.power_pooling import *  # noqa: F403
from nn.layers.images.repeated_padding import *  # noqa: F403
from nn.layers.images.resizing import *  # noqa: F403
from nn.layers.images.shuffling import *  # noqa: F403
from nn.layers.images.transposed_convolution import *  # noqa: F403
from nn.layers.images.unpooling import *  # noqa: F403
from nn.names.exports import exported

if not TYPE_CHECKING:
    # A type checker takes what the stars bring.
    __all__ = exported(globals())
