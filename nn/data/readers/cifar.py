"""The CIFAR pictures in their binary format."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from nn.data.readers.files import DataFileError, PathLike

__all__ = ["LabelledImages", "read_cifar10", "read_cifar100"]

Array = np.ndarray[Any, Any]

_PIXELS = 3 * 32 * 32


class LabelledImages(NamedTuple):
    """Pictures and what they show.

    Attributes:
        images: of shape (N, channels, height, width).
        labels: int64 of shape (N,).
        classes: what each label stands for; empty if that is not known.
    """

    images: Array
    labels: Array
    classes: tuple[str, ...] = ()


def read_cifar10(paths: PathLike | Sequence[PathLike]) -> LabelledImages:
    """Pictures of CIFAR-10 from its binary files, one after the other.

    Each record is one byte for the label and 3072 for the pixels, red, green and blue, each
    in rows. Source: Krizhevsky, "Learning multiple layers of features from tiny images", 2009.

    Args:
        paths: a file such as ``data_batch_1.bin``, or several.

    Returns:
        Images of uint8 and shape (N, 3, 32, 32), labels from 0 to 9, and the classes.

    Raises:
        DataFileError: a file is not a whole number of records, has a label that there is not,
            or is one of the pickled files.
        OSError: a file cannot be read.

    Example:
        >>> import tempfile, os, pathlib
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "data_batch_1.bin")
        ...     _ = pathlib.Path(path).write_bytes(bytes([6]) + bytes(3072))
        ...     images, labels, classes = read_cifar10(path)
        >>> images.shape, classes[labels[0]]
        ((1, 3, 32, 32), 'frog')
    """
    names = "airplane automobile bird cat deer dog frog horse ship truck"
    heads, images = _records(paths, (10,), "CIFAR-10")
    return LabelledImages(images, heads[:, 0].astype(np.int64), tuple(names.split()))


def read_cifar100(paths: PathLike | Sequence[PathLike], labels: str = "fine") -> LabelledImages:
    """Pictures of CIFAR-100 from its binary files; see `read_cifar10`.

    Each record has a byte more: the first is one of 20 coarse labels, the second one of 100
    fine ones.

    Args:
        paths: a file such as ``train.bin``, or several.
        labels: ``"fine"`` or ``"coarse"``.

    Returns:
        Images of uint8 and shape (N, 3, 32, 32), and labels; the files do not name the classes.

    Raises:
        DataFileError: as for `read_cifar10`.
        ValueError: there are no such labels.

    Example:
        >>> import tempfile, os, pathlib
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "train.bin")
        ...     _ = pathlib.Path(path).write_bytes(bytes([6, 70]) + bytes(3072))
        ...     read_cifar100(path).labels, read_cifar100(path, "coarse").labels
        (array([70]), array([6]))
    """
    if labels not in ("fine", "coarse"):
        raise ValueError(f"labels are 'fine' or 'coarse', not {labels!r}")
    heads, images = _records(paths, (20, 100), "CIFAR-100")
    return LabelledImages(images, heads[:, int(labels == "fine")].astype(np.int64))


def _records(
    paths: PathLike | Sequence[PathLike], classes: tuple[int, ...], what: str
) -> tuple[Array, Array]:
    several = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
    if not several:
        raise ValueError("no files were given; give at least one")
    parts = [_file(path, classes, what) for path in several]
    rows = np.concatenate(parts) if len(parts) > 1 else parts[0]
    head = len(classes)
    return rows[:, :head], np.ascontiguousarray(rows[:, head:]).reshape(-1, 3, 32, 32)


def _file(path: PathLike, classes: tuple[int, ...], what: str) -> Array:
    size, length = os.path.getsize(path), len(classes) + _PIXELS
    with open(path, "rb") as file:
        start = file.read(2)
    if start[:1] == b"\x80" and start[1:] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        raise DataFileError(
            path,
            "this is the pickled version, and nothing is ever unpickled here, because a pickle "
            f"runs whatever is in it; get the binary version of {what} from the same page",
        )
    if start == b"\x1f\x8b":
        raise DataFileError(path, "this is a packed archive; unpack it and give the .bin files")
    if not size or size % length:
        raise DataFileError(
            path,
            f"{size:,} bytes are not a whole number of {what}'s records of {length:,} bytes "
            f"({size // length} and {size % length} bytes more)",
        )
    rows = np.fromfile(path, np.uint8).reshape(-1, length)
    for place, most in enumerate(classes):
        wrong = np.flatnonzero(rows[:, place] >= most)
        if len(wrong):
            raise DataFileError(
                path,
                f"the label is {rows[wrong[0], place]}, and {what} has labels from 0 to {most - 1}",
                int(wrong[0]),
                place,
                unit="record",
            )
    return rows
