"""Layers that bring their input to mean 0 and variance 1, or to length 1.

Over the samples (`batch`), over space (`instance`), over features or groups of channels
(`features`), over neighbouring channels (`response`). What the first two share, running figures
above all, is in `channels`. Tensors of any number of samples come in, the same shape goes out.
May import `nn.functional`, `nn.module` and `nn.layers.making`.
"""

from typing import TYPE_CHECKING

from nn.layers.normalization.batch import *  # noqa: F403 - each file lists what it gives
from nn.layers.normalization.features import *  # noqa: F403
from nn.layers.normalization.instance import *  # noqa: F403
from nn.layers.normalization.response import *  # noqa: F403
from nn.names.exports import exported

if not TYPE_CHECKING:
    # A type checker takes what the stars bring.
    __all__ = exported(globals())
