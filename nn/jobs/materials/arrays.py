"""Arrays in files as something to learn from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from nn.data import read_cifar10, read_idx, read_libsvm, read_npz
from nn.jobs.materials.describing import fields_of
from nn.jobs.materials.material import Material, MaterialError, Picturing
from nn.jobs.materials.picturing import of_images, pictured
from nn.jobs.materials.source import Source
from nn.jobs.materials.targets import FARTHEST, taken

__all__ = ["as_floats", "from_cifar10", "from_idx", "from_libsvm", "from_npz"]

Array = np.ndarray[Any, Any]

_X = ("x", "X", "x_train", "X_train", "data", "features", "images", "inputs")
_Y = ("y", "Y", "y_train", "target", "targets", "labels", "label", "classes")


def from_npz(source: Source) -> Material:
    """An archive of inputs and targets; ``x_test`` and ``y_test`` become the test part.

    Raises:
        DataFileError: it is no such archive.
        MaterialError: there are no such arrays, or they do not belong together.
    """
    if source.path.suffix.lower() == ".npy":
        raise MaterialError(
            f"{source.path} is one array; to learn, inputs x and targets y are needed: "
            "numpy.savez('data.npz', x=x, y=y)"
        )
    arrays = read_npz(source.path)
    x = _named(arrays, _X, source, "inputs")
    y = _named(arrays, _Y if source.target is None else (source.target,), source, "targets")
    tested = None
    if source.target is None and {"x_train", "y_train", "x_test", "y_test"} <= set(arrays):
        x, y = arrays["x_train"], arrays["y_train"]
        _check_test(x, y, arrays["x_test"], arrays["y_test"], source)
        tested = len(x) + np.arange(len(arrays["x_test"]))
        x, y = np.concatenate([x, arrays["x_test"]]), np.concatenate([y, arrays["y_test"]])
    return _material(source, x, y, tested)


def _check_test(x: Array, y: Array, x_test: Array, y_test: Array, source: Source) -> None:
    """See that a test part is one of the same kind."""
    shapes = [(a.shape[1:], b.shape[1:]) for a, b in ((x, y), (x_test, y_test))]
    if shapes[0] != shapes[1] or not x_test.ndim or len(x_test) != len(y_test) or not len(x_test):
        raise MaterialError(
            f"{source.path}: x_train and y_train have shapes {x.shape} and {y.shape}, and x_test "
            f"and y_test {x_test.shape} and {y_test.shape}; the test part needs a sample at least, "
            "of the same shape"
        )
    if (y.dtype.kind in "US") != (y_test.dtype.kind in "US"):
        raise MaterialError(
            f"{source.path}: y_train holds {y.dtype} and y_test {y_test.dtype}; they have to be of "
            "one kind"
        )


def _named(arrays: Mapping[str, Array], names: tuple[str, ...], source: Source, what: str) -> Array:
    found = next((name for name in names if name in arrays), None)
    if found is None:
        there = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        more = "" if what == "inputs" else "; give --target NAME"
        raise MaterialError(
            f"{source.path} has no array {' or '.join(names[:3])} for the {what}; there are "
            f"{there or 'none'}{more}"
        )
    return arrays[found]


def from_libsvm(source: Source) -> Material:
    """Text of LIBSVM.

    Raises:
        DataFileError: it is malformed.
        MaterialError: nothing can be learnt from it.
    """
    x, y = read_libsvm(source.path)
    return _material(source, x, y, None)


def from_idx(source: Source) -> Material:
    """Images of an IDX file, with the labels of the file beside it.

    Raises:
        DataFileError: a file is malformed.
        MaterialError: the labels are not found.
    """
    x = read_idx(source.path)
    return _material(source, x, read_idx(_labels(source)), None, dark=False)


def _labels(source: Source) -> Path:
    if source.labels is not None:
        return source.labels
    name = source.path.name.replace("images", "labels").replace("idx3", "idx1")
    found = source.path.with_name(name)
    if found != source.path and found.exists():
        return found
    raise MaterialError(
        f"{source.path} holds the images; which file holds their labels? give --labels FILE"
    )


def from_cifar10(source: Source) -> Material:
    """A binary file of CIFAR-10.

    Raises:
        DataFileError: it is none.
    """
    found = read_cifar10(source.path)
    names = np.array(found.classes)[found.labels]
    return _material(source, found.images, names, None, dark=True)


def _material(
    source: Source, x: Array, y: Array, tested: Array | None, *, dark: bool = False
) -> Material:
    if x.dtype.kind not in "biuf":
        raise MaterialError(f"{source.path}: the inputs are {x.dtype}, and have to be numbers")
    if x.ndim < 2 or not y.ndim or len(x) != len(y) or not x[:1].size:
        raise MaterialError(
            f"{source.path}: inputs of shape {x.shape} and targets of shape {y.shape}; there has "
            "to be one target for each of N inputs of shape (D,), (height, width) or (channels, "
            "height, width), none of them empty"
        )
    target = source.target or "y"
    y, classes = taken(y.reshape(len(y)) if y.size == len(y) else y, None, source.task, target)
    wide = as_floats(x)
    picturing: Picturing | None
    if wide.ndim in (3, 4):
        wide = _channels_first(wide, source)
        picturing = of_images(wide, dark=dark or wide.shape[1] == 3)
        if source.image is not None:
            raise MaterialError("--image is for columns; these are images already")
    elif wide.ndim == 2:
        picturing = pictured(wide, source.image)
    else:
        raise MaterialError(f"{source.path}: inputs of shape {x.shape} have too many axes")
    _all_there(wide, source)
    unit = "samples" if picturing is None else "images"
    return Material(
        f"Predicting {target}" if target != "y" else f"Learning {source.path.name}",
        f"{len(wide)} {unit} of {source.path.name}",
        unit,
        wide,
        y,
        target,
        classes,
        tuple(f"x{i}" for i in range(wide.shape[1])) if picturing is None else (),
        picturing,
        fields_of(wide, y, classes, target, picturing),
        {"kind": "arrays", "shape": list(wide.shape[1:]), "missing": source.missing},
        (),
        tested,
    )


def as_floats(x: Array) -> Array:
    """Inputs as floats; those that are no images keep their digits until they are scaled."""
    kind = np.result_type(x.dtype, np.float32) if x.ndim == 2 else np.dtype(np.float32)
    with np.errstate(over="ignore"):
        # What becomes infinite is refused.
        return x.astype(kind)


def _channels_first(x: Array, source: Source) -> Array:
    if x.ndim == 3:
        return x[:, None]
    if x.shape[1] in (1, 3):
        return x
    if x.shape[3] in (1, 3):
        return np.ascontiguousarray(x.transpose(0, 3, 1, 2))
    raise MaterialError(
        f"{source.path}: images of shape {x.shape[1:]}; they need 1 or 3 channels, first or last"
    )


def _all_there(x: Array, source: Source) -> None:
    flat = x.reshape(len(x), -1)
    limit = min(FARTHEST, float(np.finfo(x.dtype).max))
    far = np.flatnonzero((np.abs(flat) > limit).any(axis=1))
    if len(far):
        raise MaterialError(
            f"{source.path}: sample number {far[0] + 1} holds infinite numbers, or some beyond "
            f"{limit:g}; mend or remove it"
        )
    gone = np.isnan(flat).any(axis=1)
    if gone.any() and source.missing == "error":
        raise MaterialError(
            f"{source.path}: {int(gone.sum())} of {len(x)} samples hold NaN, "
            f"the first is number {int(np.flatnonzero(gone)[0]) + 1}; give --missing mean to take "
            "the mean there"
        )
