"""Batches: where they come from, and what of them a model and a loss are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

import autodiff as ad
from autodiff import Tensor
from nn.data import DataLoader
from nn.module.dtypes import as_data
from nn.module.inputs import as_node

__all__ = [
    "Batch",
    "Data",
    "Targets",
    "as_loader",
    "called",
    "length_of",
    "nested",
    "only_arrays",
    "taken_apart",
    "took_first",
]

Data = Any
"""Whatever a `DataLoader` takes, or what gives batches."""
Targets = str | int | Sequence[str | int] | None


class Batch(NamedTuple):
    """A batch taken apart.

    Attributes:
        inputs: of the model: an array, a tuple of arguments, or a dict of arguments by name.
        targets: the second argument of the loss.
        size: how many samples there are.
    """

    inputs: Any
    targets: Any
    size: int


class _Calls:
    """Batches of a function that begins anew in every epoch."""

    def __init__(self, function: Callable[[], Iterable[Any]]) -> None:
        self._function = function

    def __iter__(self) -> Iterator[Any]:
        return iter(self._function())


def as_loader(data: Data, batch_size: int | None, shuffle: bool, rng: Any) -> Any:
    """Something that gives batches when it is iterated, and has a length or not.

    Raises:
        TypeError, ValueError: it cannot be told what the data are.
    """
    if isinstance(data, DataLoader):
        return data
    if callable(data) and not hasattr(data, "__iter__") and not hasattr(data, "__getitem__"):
        return _Calls(data)
    if isinstance(data, list) and (batch_size is None or _are_batches(data)):
        return data
    streamed = hasattr(data, "__iter__") and not hasattr(data, "__getitem__")
    if streamed and not hasattr(data, "__array__") and not isinstance(data, Tensor):
        return data
    if isinstance(data, list) and not all(isinstance(item, tuple | Mapping) for item in data):
        # Lists of two are pairs too; of tuples and dicts they are samples.
        data = tuple(data)
    if isinstance(data, tuple) and len(data) != 2:
        raise ValueError(
            f"data must be a pair (inputs, targets), a list of such samples or a DataLoader, and "
            f"{len(data)} arrays were given; for several inputs write ((x1, x2), y)"
        )
    if isinstance(data, tuple) and any(isinstance(part, tuple | Mapping) for part in data):
        return nested(data, batch_size, shuffle, rng)
    return DataLoader(data, batch_size, shuffle, rng=rng)


def _are_batches(data: list[Any]) -> bool:
    """Whether a list holds batches, pairs of arrays of one length, rather than samples."""

    def is_batch(item: Any) -> bool:
        if not (isinstance(item, tuple) and len(item) == 2):
            return False
        x, y = item
        arrays = all(isinstance(part, np.ndarray | Tensor) for part in item)
        return arrays and x.ndim >= 2 and y.ndim >= 1 and x.shape[0] == y.shape[0]

    return bool(data) and all(is_batch(item) for item in data)


class _Nested:
    """Samples of arrays that are nested in tuples and dicts."""

    def __init__(self, data: Any) -> None:
        leaves, self._structure = ad.tree.flatten(data)
        self._arrays = [as_data(leaf) for leaf in leaves]
        lengths = sorted({len(array) for array in self._arrays})
        if len(lengths) != 1:
            raise ad.ShapeError(f"inputs and targets have {lengths} samples; give as many of each")
        self._length = lengths[0]

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: Any) -> Any:
        return ad.tree.unflatten(self._structure, [array[index] for array in self._arrays])


def nested(data: Any, batch_size: int | None, shuffle: bool, rng: Any) -> DataLoader:
    """A loader of arrays that are nested in tuples and dicts."""
    return DataLoader(_Nested(data), batch_size, shuffle, rng=rng)


def length_of(loader: Any) -> int | None:
    """How many batches there are; None if that is not known."""
    try:
        return len(loader)
    except TypeError:
        return None


def taken_apart(batch: Any, targets: Targets, kind: np.dtype[Any] | None) -> Batch:
    """The inputs and targets of a batch.

    Args:
        batch: what a loader gave.
        targets: the key or index of the targets, or several; None for the second of two.
        kind: the float type that inputs are brought to.

    Raises:
        TypeError: it has not the parts that are expected.
    """
    if targets is not None:
        inputs, wanted = _without(batch, targets)
    elif isinstance(batch, tuple | list) and len(batch) == 2:
        inputs, wanted = batch
    else:
        parts = f" of {len(batch)}" if isinstance(batch, tuple | list | Mapping) else ""
        raise TypeError(
            f"a batch is a pair (inputs, targets), and the loader gave a {type(batch).__name__}"
            f"{parts}; let the dataset give samples (x, y), for several inputs ((x1, x2), y); or "
            "say by targets= which part, by its key or index, is the target"
        )
    if inputs.__class__ is not np.ndarray or (kind is not inputs.dtype and kind is not None):
        inputs = _arrays(inputs, kind)
    wanted = wanted if wanted.__class__ is np.ndarray else _arrays(wanted, None)
    return Batch(inputs, wanted, _size(inputs))


def took_first(batch: Any, kind: np.dtype[Any] | None) -> Batch:
    """The inputs of a batch that may have targets, for predictions."""
    paired = isinstance(batch, tuple | list) and len(batch) in (1, 2)
    inputs = _arrays(batch[0] if paired else batch, kind)
    return Batch(inputs, None, _size(inputs))


def _without(batch: Any, targets: Any) -> tuple[Any, Any]:
    several = isinstance(targets, Sequence) and not isinstance(targets, str)
    keys = list(targets) if several else [targets]
    if isinstance(batch, Mapping):
        parts = dict(batch)
    elif isinstance(batch, tuple | list):
        parts = dict(enumerate(batch))
        keys = [key + len(batch) if isinstance(key, int) and key < 0 else key for key in keys]
    else:
        parts = {}
    missing = [key for key in keys if key not in parts]
    if missing:
        raise TypeError(
            f"targets={targets!r}, but the loader gave a {type(batch).__name__} with "
            f"{', '.join(map(repr, parts)) or 'no parts'}"
        )
    found = {key: parts.pop(key) for key in keys}
    wanted: Any = found if isinstance(batch, Mapping) else tuple(found.values())
    if not several:
        (wanted,) = found.values()
    if isinstance(batch, Mapping):
        return parts, wanted
    left = tuple(parts.values())
    return (left[0] if len(left) == 1 else left), wanted


def _arrays(part: Any, kind: np.dtype[Any] | None) -> Any:
    """Lists of numbers as arrays, and floats in the type of the model."""
    if isinstance(part, np.ndarray):
        if kind is not None and part.dtype is not kind and part.dtype.kind == "f":
            return part.astype(kind, copy=False)
        return part
    if isinstance(part, Mapping):
        return {key: _arrays(entry, kind) for key, entry in part.items()}
    if isinstance(part, tuple):
        return tuple(_arrays(entry, kind) for entry in part)
    if isinstance(part, list):
        array = as_data(part) if not _holds_text(part) else None
        return part if array is None or array.dtype == object else _arrays(array, kind)
    return part


def _holds_text(part: Any) -> bool:
    while isinstance(part, list) and part:
        part = part[0]
    return isinstance(part, str | bytes | Mapping)


def _size(inputs: Any) -> int:
    if inputs.__class__ is np.ndarray and inputs.ndim:
        return len(inputs)
    for leaf in ad.tree.leaves(inputs):
        if hasattr(leaf, "shape"):
            return int(leaf.shape[0]) if leaf.shape else 1
    return len(inputs) if isinstance(inputs, list) else 1


def only_arrays(part: Any) -> bool:
    """Whether there are arrays and tensors alone, which a compiled step reads anew each time."""
    if isinstance(part, np.ndarray):
        return part.dtype.kind in "biufc"
    if isinstance(part, tuple):
        return all(map(only_arrays, part))
    if isinstance(part, Mapping):
        return all(map(only_arrays, part.values()))
    return part is None or isinstance(part, Tensor)


def called(model: Callable[..., Any], inputs: Any) -> Any:
    """What a model gives: one argument, several in a tuple, or named ones in a dict."""
    if isinstance(inputs, tuple):
        return model(*map(_named, inputs))
    if isinstance(inputs, Mapping):
        return model(**{key: _named(entry) for key, entry in inputs.items()})
    node = _named(inputs)
    if isinstance(node, Tensor) and node.name is None:
        node.name = "x"
    return model(node)


def _named(x: Any) -> Any:
    """An argument as a tensor, if it is numbers."""
    return x if isinstance(x, list | str | tuple | Mapping) or x is None else as_node(x)
