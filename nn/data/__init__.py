"""Data: scaling, seeded splits, batches, and the handwritten digits.

Arrays, lists or datasets come in; batches of arrays in the float type of `nn` go out.
It may import `nn.module`, for that type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nn.data.collate import collate
from nn.data.digits import Digits, load_digits
from nn.data.loader import DataLoader, TensorDataset
from nn.data.scaling import Standardizer, min_max_scale, standardize
from nn.data.splitting import split, train_test_split
from nn.names.missing import missing

__all__ = [
    "DataLoader",
    "Digits",
    "Standardizer",
    "TensorDataset",
    "collate",
    "load_digits",
    "min_max_scale",
    "split",
    "standardize",
    "train_test_split",
]


def __dir__() -> list[str]:
    return __all__


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name)
