"""NumPy's files: one array, or several in an archive. Nothing is unpickled."""

from __future__ import annotations

import ast
import math
import os
import warnings
import zipfile
import zlib
from typing import Any, BinaryIO

import numpy as np

from nn.data.readers.files import DENSEST, DataFileError, PathLike, check_claim
from nn.data.readers.zips import check_directory

__all__ = ["read_npy", "read_npz"]

Array = np.ndarray[Any, Any]

_MAGIC = b"\x93NUMPY"
_LONGEST_HEADER = 10_000
_KINDS = "biufcSUmM"


def read_npy(path: PathLike, *, max_bytes: int | None = None) -> Array:
    """The array of an ``.npy`` file.

    Args:
        path: the file.
        max_bytes: the largest array there may be; for a file that is not packed its size says
            that already.

    Raises:
        DataFileError: the file is no such file, is damaged, or holds pickled objects or records.
        OSError: it cannot be read.

    Example:
        >>> import tempfile, os
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "a.npy")
        ...     np.save(path, np.arange(3))
        ...     read_npy(path)
        array([0, 1, 2])
    """
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        return _array(file, path, "the file", size, max_bytes)


def read_npz(path: PathLike, *, max_bytes: int | None = None) -> dict[str, Array]:
    """The arrays of an ``.npz`` archive by name.

    Args:
        path: the file.
        max_bytes: how many bytes all arrays together may take. If not given, 32 times the size
            of the file, and always 256 MB: an archive that becomes much larger than it is must
            be meant.

    Raises:
        DataFileError: the file is no such archive, is damaged, claims more than is allowed, or
            holds pickled objects.
        OSError: it cannot be read.

    Example:
        >>> import tempfile, os
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = os.path.join(folder, "a.npz")
        ...     np.savez_compressed(path, x=np.zeros((2, 2)), y=np.arange(2))
        ...     arrays = read_npz(path)
        >>> arrays["x"].shape, arrays["y"].tolist()
        ((2, 2), [0, 1])
    """
    check_directory(path)
    try:
        # Names that come twice, which are refused below, are also warned of.
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check_members(path, members, max_bytes)
            found = {}
            for member in members:
                name = member.filename.removesuffix(".npy")
                with archive.open(member) as file:
                    found[name] = _array(
                        file, path, f"the array {name!r}", member.file_size, member.file_size
                    )
            return found
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError) as error:
        raise DataFileError(path, f"the archive is damaged or cut short: {error}") from None
    except DataFileError:
        raise
    except (RuntimeError, ValueError, OverflowError, OSError) as error:
        raise DataFileError(path, f"the archive cannot be read: {error}") from None


def _check_members(path: PathLike, members: list[zipfile.ZipInfo], limit: int | None) -> None:
    size = os.path.getsize(path)
    for member in members:
        if not member.filename.endswith(".npy"):
            raise DataFileError(
                path, f"it holds {member.filename!r}, and an .npz archive holds .npy files alone"
            )
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DataFileError(path, f"{member.filename!r} is packed in a way NumPy never uses")
        if member.compress_size > size or member.file_size > DENSEST * (member.compress_size + 1):
            raise DataFileError(
                path,
                f"{member.filename!r} claims {member.file_size:,} bytes out of "
                f"{member.compress_size:,}, which no packer does",
            )
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        raise DataFileError(path, "two arrays have the same name")
    check_claim(path, sum(member.file_size for member in members), limit, "its arrays")


def _array(file: Any, path: PathLike, what: str, size: int, limit: int | None) -> Array:
    """An array out of an opened file, of which so many bytes are said to be there."""
    shape, dtype, fortran, begin = _header(file, path, what)
    count = math.prod(shape)
    wanted = count * dtype.itemsize
    if begin + wanted != size:
        raise DataFileError(
            path,
            f"{what} of {dtype} in shape {shape} takes {wanted:,} bytes after its header, and "
            f"{max(size - begin, 0):,} are there",
        )
    if limit is not None and wanted > limit:
        check_claim(path, wanted, limit, what)
    flat = np.empty(count, dtype)
    _fill(file, flat.view(np.uint8).data if wanted else memoryview(b""), path, what)
    _check_values(flat, path, what)
    try:
        array = flat.reshape(shape[::-1]).T if fortran else flat.reshape(shape)
    except (ValueError, OverflowError):
        raise DataFileError(path, f"{what} has a shape that no array has, {shape}") from None
    native = dtype.newbyteorder("=")
    return array if native == dtype else array.astype(native)


def _header(
    file: BinaryIO, path: PathLike, what: str
) -> tuple[tuple[int, ...], np.dtype[Any], bool, int]:
    start = file.read(8)
    if not start.startswith(_MAGIC) or len(start) < 8:
        raise DataFileError(
            path, f"{what} begins with {start[:8]!r} and not with {_MAGIC!r}: it is no .npy file"
        )
    width = 2 if start[6] == 1 else 4
    if start[6] not in (1, 2, 3):
        raise DataFileError(path, f"{what} is of version {start[6]} of the format; 1 to 3 are read")
    length = int.from_bytes(file.read(width), "little")
    if length > _LONGEST_HEADER:
        raise DataFileError(path, f"{what} claims a header of {length:,} bytes")
    text = file.read(length)
    try:
        decoded = text.decode("utf-8" if start[6] == 3 else "latin-1")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            described = ast.literal_eval(decoded)
            descr = described["descr"]
            plain = isinstance(descr, str) and len(text) == length
            dtype = np.dtype(descr) if plain else None
        shape, fortran = described["shape"], described["fortran_order"]
        sound = (
            set(described) == {"descr", "fortran_order", "shape"}
            and isinstance(shape, tuple)
            and all(type(n) is int and 0 <= n < 1 << 62 for n in shape)
            and isinstance(fortran, bool)
            and len(shape) <= 64
        )
    except (ValueError, SyntaxError, TypeError, KeyError, RecursionError, MemoryError) as error:
        raise DataFileError(
            path, f"{what} has a header that is none: {text[:80]!r} ({type(error).__name__})"
        ) from None
    if dtype is not None and not dtype.itemsize:
        sound = False
    if not sound:
        raise DataFileError(path, f"{what} has a header that is none: {text[:80]!r}")
    if dtype is None or dtype.kind not in _KINDS:
        pickled = dtype is not None and dtype.kind == "O"
        holds = "pickled objects, which are never unpickled here" if pickled else "records"
        raise DataFileError(
            path, f"{what} holds {holds}; save plain arrays of numbers or text, one per field"
        )
    return shape, dtype, fortran, 8 + width + length


def _fill(file: Any, place: memoryview, path: PathLike, what: str) -> None:
    done = 0
    while done < len(place):
        count = file.readinto(place[done : done + (1 << 24)])
        if not count:
            raise DataFileError(
                path, f"{what} is cut short: {done:,} of {len(place):,} bytes are there"
            )
        done += count
    if file.read(1):
        raise DataFileError(path, f"{what} goes on after its end")


def _check_values(flat: Array, path: PathLike, what: str) -> None:
    """See that bytes are what their type allows."""
    if flat.dtype == bool and flat.size and int(flat.view(np.uint8).max()) > 1:
        raise DataFileError(path, f"{what} of bool holds bytes other than 0 and 1")
    if flat.dtype.kind == "U" and flat.size and flat.dtype.itemsize:
        points = flat.view(np.dtype(np.uint32).newbyteorder(flat.dtype.byteorder))
        if int(points.max()) > 0x10FFFF:
            raise DataFileError(path, f"{what} of text holds what is no character")
