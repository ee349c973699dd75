"""The safetensors container with a checksum: arrays and text to bytes.

The format is eight bytes of header length, a JSON header, and the arrays one after the
other. It is written here, and not by the safetensors package, because that orders the
metadata differently in every process, and the same state must give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from autodiff import Tensor
from autodiff.errors import GlassgradError

__all__ = [
    "BLANK",
    "CHECKSUM",
    "DTYPES",
    "FORMAT",
    "HEADER_LIMIT",
    "CheckpointError",
    "encode",
    "field",
]

Array = np.ndarray[Any, Any]

FORMAT, CHECKSUM = "glassgrad.format", "glassgrad.sha256"
BLANK = "0" * 64
HEADER_LIMIT = 1 << 21
"""Bytes; what JSON of this size can hold is bounded, and so is the memory to read it."""

_CODES = {
    "bool": "BOOL",
    "uint8": "U8",
    "int8": "I8",
    "uint16": "U16",
    "int16": "I16",
    "uint32": "U32",
    "int32": "I32",
    "uint64": "U64",
    "int64": "I64",
    "float16": "F16",
    "float32": "F32",
    "float64": "F64",
}
DTYPES = {code: np.dtype(name) for name, code in _CODES.items()}


class CheckpointError(GlassgradError, ValueError):
    """A file is damaged, was cut short, or is not a safetensors file.

    Raised within a second, and before memory for arrays is asked for, whatever the file holds.
    """


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _plain(name: str, value: Any) -> Array:
    array = np.asarray(value.data if isinstance(value, Tensor) else value)
    if array.dtype.name not in _CODES:
        raise TypeError(
            f"the array {name!r} has dtype {array.dtype}, which a safetensors file cannot hold; "
            "convert it to a numeric type such as float32"
        )
    shape = array.shape
    return np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<")).reshape(shape)


def encode(arrays: Mapping[str, Any], metadata: Mapping[str, str]) -> bytes:
    """The bytes of a safetensors file that holds its own checksum.

    Args:
        arrays: numeric arrays by name.
        metadata: text by name.

    Returns:
        The same bytes for the same contents, in every process.

    Raises:
        TypeError: an array's dtype cannot be held, or metadata is not text.
        ValueError: a name is reserved, or names and metadata are too long.
    """
    for key, text in metadata.items():
        if not isinstance(key, str) or not isinstance(text, str):
            raise TypeError(
                f"metadata must be text by name, and {key!r} is {text!r}; "
                "turn it into text, for example with json.dumps"
            )
        if key in (FORMAT, CHECKSUM):
            raise ValueError(f"the metadata name {key!r} is reserved for the library")
    if "__metadata__" in arrays:
        raise ValueError("the array name '__metadata__' is reserved by the safetensors format")
    plain = {name: _plain(name, value) for name, value in arrays.items()}
    order = sorted(plain, key=lambda name: (-plain[name].dtype.itemsize, name))
    header: dict[str, Any] = {
        "__metadata__": {**dict(sorted(metadata.items())), FORMAT: "1", CHECKSUM: BLANK}
    }
    offset = 0
    for name in order:
        array = plain[name]
        header[name] = {
            "dtype": _CODES[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + array.nbytes],
        }
        offset += array.nbytes
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    if len(head) > HEADER_LIMIT:
        raise ValueError(
            f"the names and shapes of {len(plain)} arrays and the metadata take {len(head):,} "
            f"bytes, more than the {HEADER_LIMIT:,} that a file may have; save fewer, larger "
            "arrays, and long lists of numbers as arrays"
        )
    content = b"".join(
        [len(head).to_bytes(8, "little"), head, *(plain[n].tobytes() for n in order)]
    )
    # Quotation marks within JSON text are escaped, so the first match is the field itself.
    return content.replace(field(BLANK), field(_digest(content)), 1)


def field(digest: str) -> bytes:
    """How a checksum stands in the header."""
    return f'"{CHECKSUM}":"{digest}"'.encode()
