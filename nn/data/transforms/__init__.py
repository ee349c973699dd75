"""Transforms: other scales, other axes, other names for classes, other sizes.

Arrays come in and go out; what is fitted is a module whose figures are saved with a model. May
import `nn.module`.
"""

from typing import TYPE_CHECKING

from nn.data.transforms.compose import *  # noqa: F403 - each file lists what it gives
from nn.data.transforms.encoding import *  # noqa: F403
from nn.data.transforms.fitted import *  # noqa: F403
from nn.data.transforms.resizing import *  # noqa: F403
from nn.data.transforms.robust import *  # noqa: F403
from nn.data.transforms.scaling import *  # noqa: F403
from nn.data.transforms.whitening import *  # noqa: F403
from nn.names.exports import exported

if not TYPE_CHECKING:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ = exported(globals())
