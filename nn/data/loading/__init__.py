"""Loading: from a dataset and an order to batches, with threads, and with a state to resume from.

A dataset comes in; batches of arrays go out. May import `nn.data.datasets`, `nn.data.arrays`,
`nn.data.samplers` and `nn.data.collate`.
"""

from typing import TYPE_CHECKING

from nn.data.loading.loader import *  # noqa: F403 - each file lists what it gives
from nn.names.exports import exported

if not TYPE_CHECKING:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ = exported(globals())
