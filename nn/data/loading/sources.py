"""What a loader is given, as something it can ask for samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from autodiff import Tensor
from nn.data.arrays import TensorDataset
from nn.data.collate import is_number
from nn.data.datasets import IterableDataset
from nn.data.table import Table

__all__ = ["as_source", "is_stream"]


def is_stream(source: Any) -> bool:
    """Whether its samples only come one after the other."""
    by_number = hasattr(source, "__len__") and hasattr(source, "__getitem__")
    return isinstance(source, IterableDataset) or not by_number


def as_source(given: Any) -> Any:
    """Something with a length and an entry for every index, or a stream of samples.

    Raises:
        TypeError: it is neither, or it may be columns or samples.
    """
    if isinstance(given, tuple):
        return TensorDataset(*given)
    if isinstance(getattr(given, "columns", None), Iterable) and hasattr(given, "__array__"):
        return Table(given)
    if isinstance(given, Tensor) or hasattr(given, "__array__"):
        return TensorDataset(given)
    if isinstance(given, list):
        return _samples(given)
    if isinstance(given, Mapping | str | bytes):
        raise TypeError(
            f"a DataLoader cannot tell the samples of a {type(given).__name__}; give a tuple of "
            "arrays, (x, y), a list of samples, or an object with __len__ and __getitem__"
        )
    if not is_stream(given) or (hasattr(given, "__iter__") and not isinstance(given, Iterator)):
        return given
    hint = "; make a list of it: list(...)" if hasattr(given, "__iter__") else ""
    raise TypeError(
        f"a {type(given).__name__} has no __len__ and __getitem__, by which a DataLoader finds "
        f"its samples{hint}"
    )


def _samples(given: list[Any]) -> Sequence[Any]:
    plain = all(is_number(item) or isinstance(item, str | bytes) for item in given)
    if given and (plain or all(isinstance(item, tuple | Mapping) for item in given)):
        return given
    kinds = ", ".join(sorted({type(item).__name__ for item in given})) or "nothing"
    raise TypeError(
        f"a list of {kinds} may be columns or samples: for arrays with one entry per sample give "
        "a tuple, (x, y), or TensorDataset(x, y); for one array per sample give numpy.stack(list), "
        "or a list of tuples, [(x,), …]"
    )
