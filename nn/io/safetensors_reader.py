"""Reading safetensors files, whatever is in them.

The header is checked before anything is done by what it says: its length, its form, and that
the arrays it announces fill the rest of the file without gaps. So no file can ask for more
memory than its own size and that of a header of limited length.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

from nn.io.container import BLANK, CHECKSUM, DTYPES, FORMAT, HEADER_LIMIT, CheckpointError, field
from nn.io.foreign import what_it_is

__all__ = ["decode", "read_file"]

Array = np.ndarray[Any, Any]
Entry = tuple[int, int, str, np.dtype[Any], tuple[int, ...]]

# Types of the format that NumPy lacks.
_FOREIGN = ("BF16", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F4", "F6_E2M3", "F6_E3M2")


def read_file(path: str | os.PathLike[str]) -> tuple[dict[str, Array], dict[str, str]]:
    """Arrays and metadata out of a file; see `decode`.

    Raises:
        CheckpointError: it is no such file, or is not as it was written.
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        return _read(file, os.fstat(file.fileno()).st_size, str(path))


def decode(content: bytes, source: str) -> tuple[dict[str, Array], dict[str, str]]:
    """Arrays and metadata out of the bytes of a safetensors file.

    Args:
        content: the bytes.
        source: what to call them in messages.

    Returns:
        Arrays by name, and text by name without the library's own entries.

    Raises:
        CheckpointError: the bytes are not such a file, or are not those that were written.
    """
    return _read(io.BytesIO(content), len(content), source)


def _damaged(source: str, why: str) -> CheckpointError:
    return CheckpointError(
        f"{source} cannot be loaded: {why}; it is damaged, was cut short, or is not a "
        "safetensors file. Use another copy"
    )


def _read(file: BinaryIO, size: int, source: str) -> tuple[dict[str, Array], dict[str, str]]:
    start = file.read(8)
    length = int.from_bytes(start, "little")
    if len(start) < 8 or length > size - 8:
        foreign = what_it_is(file, source)
        raise foreign or _damaged(source, f"its {size} bytes do not hold the header they announce")
    if length > HEADER_LIMIT:
        raise CheckpointError(
            f"{source} cannot be loaded: its header has {length:,} bytes, more than the "
            f"{HEADER_LIMIT:,} that are read; save its arrays in several files"
        )
    head = file.read(length)
    header, metadata = _parsed(head, source)
    entries = _checked(header, size - 8 - length, source)
    ours = FORMAT in metadata or CHECKSUM in metadata
    digest = metadata.get(CHECKSUM, "")
    if ours and (FORMAT not in metadata or not digest):
        raise _damaged(source, "its checksum is missing")
    # Quotation marks within JSON text are escaped, so the first match is the field itself.
    known = hashlib.sha256(start + head.replace(field(digest), field(BLANK), 1))
    arrays: dict[str, Array] = {}
    for begin, end, name, dtype, shape in entries:
        array = arrays[name] = np.empty(shape, dtype)
        if end > begin:
            raw: Any = array.reshape(-1).view(np.uint8)
            # A file may become shorter while it is read.
            if file.readinto(raw) != end - begin:  # type: ignore[attr-defined]
                raise _damaged(source, "it ended while it was read")
            if ours:
                known.update(raw)
    if ours and known.hexdigest() != digest:
        raise _damaged(source, "its contents do not match its checksum")
    return arrays, {k: text for k, text in metadata.items() if k not in (FORMAT, CHECKSUM)}


def _no_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _parsed(head: bytes, source: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The header, and the metadata taken out of it."""
    try:
        header = json.loads(head.decode(), object_pairs_hook=_no_repetition)
        metadata = header.pop("__metadata__", {})
        valid = all(isinstance(text, str) for text in metadata.values())
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise _damaged(source, f"its header is not readable ({type(error).__name__})") from None
    if not valid:
        raise _damaged(source, "its metadata is not text")
    return header, metadata


def _checked(header: Mapping[str, Any], size: int, source: str) -> list[Entry]:
    """What the header says of arrays, in the order of the file, once it is known to be true."""
    entries = sorted(_entry(name, entry, source) for name, entry in header.items())
    place = 0
    for begin, end, name, _, _ in entries:
        if begin != place:
            raise _damaged(source, f"the numbers of {name!r} begin at {begin} and not at {place}")
        place = end
    if place != size:
        raise _damaged(source, f"its arrays take {place} bytes and {size} are there")
    return entries


def _entry(name: str, entry: Any, source: str) -> Entry:
    try:
        code, shape = entry["dtype"], tuple(entry["shape"])
        begin, end = entry["data_offsets"]
    except (TypeError, KeyError, ValueError):
        raise _damaged(source, f"what its header says of {name!r} is incomplete") from None
    if code in _FOREIGN:
        raise CheckpointError(
            f"{source} holds {name!r} as {code}, a type that NumPy lacks; "
            "convert it to float32 with the tool that wrote it"
        )
    whole = all(type(n) is int and 0 <= n < 1 << 63 for n in (*shape, begin, end))
    if not isinstance(code, str) or code not in DTYPES or not whole:
        raise _damaged(source, f"what its header says of {name!r} is no array")
    dtype = DTYPES[code]
    # NumPy has to be able to count the bytes of an empty array as if no length were 0.
    counted = math.prod(n for n in shape if n) * dtype.itemsize
    if math.prod(shape) * dtype.itemsize != end - begin or counted >= 1 << 63 or len(shape) > 64:
        raise _damaged(source, f"the shape of {name!r}, {_short(shape)}, does not fit its bytes")
    return begin, end, name, dtype, shape


def _short(shape: tuple[int, ...]) -> str:
    text = str(list(shape))
    return text if len(text) <= 60 else text[:57] + "…"
