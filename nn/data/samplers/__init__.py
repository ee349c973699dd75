"""Samplers: in which order, how often and in which batches the samples of an epoch come.

A length, weights, labels or a dataset come in; arrays of sample numbers go out.
May import `nn.data.datasets`.
"""

from typing import TYPE_CHECKING

from nn.data.samplers.base import *  # noqa: F403 - each file lists what it gives
from nn.data.samplers.classes import *  # noqa: F403
from nn.data.samplers.lengths import *  # noqa: F403
from nn.data.samplers.plain import *  # noqa: F403
from nn.data.samplers.weighted import *  # noqa: F403
from nn.names.exports import exported

if not TYPE_CHECKING:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ = exported(globals())
