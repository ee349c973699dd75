"""Figures of merit, as functions of all data and as states that are updated batch by batch.

What a classifier gives is read by its shape: scores (logits or probabilities) with one column
for each class, or labels. A single score per sample says yes or no only together with the number
above which it means yes: ``threshold=0`` for logits and margins, 0.5 for probabilities. All take
NumPy arrays, lists or tensors; numbers go out. It may import `nn.names` only.
"""

from typing import TYPE_CHECKING, Any

from nn.metrics.base import *  # noqa: F403 - each file lists what it gives
from nn.metrics.classification import *  # noqa: F403
from nn.metrics.per_class import *  # noqa: F403
from nn.metrics.probabilities import *  # noqa: F403
from nn.metrics.ranking import *  # noqa: F403
from nn.metrics.regression import *  # noqa: F403
from nn.names.exports import exported
from nn.names.missing import missing

if not TYPE_CHECKING:
    # A type checker takes what the stars bring; some cannot add up lists.
    __all__ = exported(globals())

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name)

    def __dir__() -> list[str]:
        return __all__
