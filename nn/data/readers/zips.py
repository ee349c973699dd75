"""The directory of a zip archive, looked at before it is read."""

from __future__ import annotations

import os

from nn.data.readers.files import DataFileError, PathLike

__all__ = ["check_directory"]

_LONGEST = 1 << 20
"""Bytes of a directory: some twenty thousand arrays, and the memory to read it is bounded."""


def check_directory(path: PathLike) -> None:
    """See that a file is a zip archive whose directory is not immense.

    Raises:
        DataFileError: it is none, or the directory is.
    """
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        start = file.read(8)
        if not start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            hint = "; it is a single array: use read_npy" if start.startswith(b"\x93NUMPY") else ""
            raise DataFileError(
                path,
                f"it begins with {start[:4]!r} and not with b'PK': it is no .npz archive{hint}",
            )
        file.seek(max(size - 65_557, 0))
        tail = file.read()
        end = tail.rfind(b"PK\x05\x06")
        if end < 0 or len(tail) - end < 22:
            raise DataFileError(path, "the archive is cut short: its directory is missing")
        length = int.from_bytes(tail[end + 12 : end + 16], "little")
        if tail[max(end - 20, 0) : end].startswith(b"PK\x06\x07"):
            record = tail[max(end - 76, 0) : end - 20]
            length = max(
                length if length != 0xFFFFFFFF else 0, int.from_bytes(record[40:48], "little")
            )
        if length > _LONGEST:
            raise DataFileError(path, f"the archive claims a directory of {length:,} bytes")
