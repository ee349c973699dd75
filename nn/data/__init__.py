"""Data: datasets, files, synthetic sets, batches, transforms, splits, and the digits.

Arrays, lists or datasets come in; batches of arrays in the float type of `nn` go out. What a
file here lists (``__all__``) is exported. It may import `nn.module`, for that type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn.data.arrays import *  # noqa: F403 - each file lists what it gives
from nn.data.augment import *  # noqa: F403
from nn.data.collate import *  # noqa: F403
from nn.data.datasets import *  # noqa: F403
from nn.data.digits import *  # noqa: F403
from nn.data.folds import *  # noqa: F403
from nn.data.loading import *  # noqa: F403
from nn.data.padding import *  # noqa: F403
from nn.data.readers import *  # noqa: F403
from nn.data.samplers import *  # noqa: F403
from nn.data.splitting import *  # noqa: F403
from nn.data.synthetic import *  # noqa: F403
from nn.data.table import *  # noqa: F403
from nn.data.transforms import *  # noqa: F403
from nn.names.exports import exported
from nn.names.missing import missing


def __dir__() -> list[str]:
    return exported(globals())


if not TYPE_CHECKING:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ = exported(globals())

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name)
