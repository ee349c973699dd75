"""Synthetic data: points in the plane with classes, and numbers that follow from others.

A number of samples and a seed come in; inputs and targets go out. May import `nn.module`.
"""

from typing import TYPE_CHECKING

from nn.data.synthetic.classes import *  # noqa: F403 - each file lists what it gives
from nn.data.synthetic.regression import *  # noqa: F403
from nn.names.exports import exported

if not TYPE_CHECKING:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ = exported(globals())
