"""Augmentations: random changes of images, and mixtures of them; for training data alone.

Batches of images and a generator come in; batches of the same shape go out. May import
`nn.data.transforms`.
"""

from typing import TYPE_CHECKING

from nn.data.augment.base import *  # noqa: F403 - each file lists what it gives
from nn.data.augment.colours import *  # noqa: F403
from nn.data.augment.elastic import *  # noqa: F403
from nn.data.augment.mixing import *  # noqa: F403
from nn.data.augment.moves import *  # noqa: F403
from nn.data.augment.turns import *  # noqa: F403
from nn.names.exports import exported

if not TYPE_CHECKING:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ = exported(globals())
