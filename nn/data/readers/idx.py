"""IDX files, in which the MNIST digits come."""

from __future__ import annotations

import math
import os
from typing import Any

import numpy as np

from nn.data.readers.files import DENSEST, DataFileError, PathLike, check_claim, opened, size_of

__all__ = ["read_idx"]

_TYPES: dict[int, np.dtype[Any]] = {
    0x08: np.dtype("u1"),
    0x09: np.dtype("i1"),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
    0x0D: np.dtype(">f4"),
    0x0E: np.dtype(">f8"),
}


def read_idx(path: PathLike, *, max_bytes: int | None = None) -> np.ndarray[Any, Any]:
    """The array of an IDX file, packed by gzip or not.

    Two zero bytes, one for the type, one for the number of axes; their lengths and the numbers
    follow, the highest byte first. Source: LeCun, Cortes and Burges, "The MNIST database of
    handwritten digits".

    Args:
        path: the file, for example ``train-images-idx3-ubyte.gz``.
        max_bytes: how many bytes the array may take; if not given, 32 times the size of the
            file, and always 256 MB.

    Returns:
        The array in the machine's byte order: uint8, int8, int16, int32, float32 or float64.

    Raises:
        DataFileError: the file is no IDX file, is damaged or cut short, or goes on after its end.
        OSError: it cannot be read.

    Example:
        >>> import tempfile, os, pathlib
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "labels-idx1-ubyte")
        ...     _ = pathlib.Path(path).write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4]))
        ...     read_idx(path)
        array([5, 0, 4], dtype=uint8)
    """
    with opened(path) as file:
        magic = file.read(4)
        if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES:
            raise DataFileError(
                path,
                f"it begins with {magic!r}: no IDX file, which begins with two zero bytes, one of "
                "08 09 0b 0c 0d 0e, and the number of axes",
            )
        dtype, axes = _TYPES[magic[2]], magic[3]
        sizes = file.read(4 * axes)
        if not axes or len(sizes) < 4 * axes:
            raise DataFileError(path, f"the lengths of {axes} axes are expected, and none follow")
        shape = tuple(int(n) for n in np.frombuffer(sizes, ">u4"))
        wanted = math.prod(shape) * dtype.itemsize
        size, begin = size_of(path, file), 4 + 4 * axes
        said = f"{dtype.name} of shape {shape} takes {wanted:,} bytes after the header"
        if size is not None and size - begin != wanted:
            raise DataFileError(path, f"{said}, and {size - begin:,} are there")
        if size is None and wanted > DENSEST * os.path.getsize(path):
            raise DataFileError(path, f"{said}, more than the packed file can hold")
        check_claim(path, wanted, max_bytes, "its array")
        content = file.read(wanted + 1)
    if len(content) != wanted:
        found = f"{len(content):,} are there" if len(content) < wanted else "the file goes on"
        raise DataFileError(path, f"{said}, and {found}")
    return np.frombuffer(content, dtype).reshape(shape).astype(dtype.newbyteorder("="))
