"""Losses as modules, one family per file; the functions behind them are in `nn.functional`.

A loss is written and listed (``__all__``) in the file of its family; this room and `nn` export
whatever those lists name. It may import `nn.module` and `nn.functional`.
"""

from typing import TYPE_CHECKING

from nn.losses import binary, classification, regression
from nn.losses.binary import *  # noqa: F403 - each file lists what it gives
from nn.losses.classification import *  # noqa: F403
from nn.losses.regression import *  # noqa: F403

if not TYPE_CHECKING:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ = [*binary.__all__, *classification.__all__, *regression.__all__]
