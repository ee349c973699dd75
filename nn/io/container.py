"""The safetensors container with a checksum: arrays and text to bytes, and back.

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

__all__ = ["CheckpointError", "decode", "encode"]

Array = np.ndarray[Any, Any]

FORMAT, CHECKSUM = "glassgrad.format", "glassgrad.sha256"
_BLANK = "0" * 64
_HEADER_LIMIT = 1 << 25

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
_DTYPES = {code: np.dtype(name) for name, code in _CODES.items()}


class CheckpointError(GlassgradError, ValueError):
    """A file is damaged, was cut short, or is not a safetensors file."""


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
        ValueError: a name is reserved.
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
        "__metadata__": {**dict(sorted(metadata.items())), FORMAT: "1", CHECKSUM: _BLANK}
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
    content = b"".join(
        [len(head).to_bytes(8, "little"), head, *(plain[n].tobytes() for n in order)]
    )
    # Quotation marks within JSON text are escaped, so the first match is the field itself.
    return content.replace(_field(_BLANK), _field(_digest(content)), 1)


def _field(digest: str) -> bytes:
    return f'"{CHECKSUM}":"{digest}"'.encode()


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
    metadata, start = _read_header(content, source)
    if FORMAT in metadata or CHECKSUM in metadata:
        _verify(content, metadata, source)
    arrays = _read_arrays(content, start, source)
    return arrays, {k: text for k, text in metadata.items() if k not in (FORMAT, CHECKSUM)}


def _damaged(source: str, why: str) -> CheckpointError:
    return CheckpointError(
        f"{source} cannot be loaded: {why}; it is damaged, was cut short, or is not a "
        "safetensors file. Use another copy"
    )


def _read_header(content: bytes, source: str) -> tuple[dict[str, str], int]:
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 or length > min(len(content) - 8, _HEADER_LIMIT):
        raise _damaged(source, f"its {len(content)} bytes do not hold the header they announce")
    try:
        header = json.loads(content[8 : 8 + length].decode())
        metadata = header.get("__metadata__", {})
        valid = all(isinstance(text, str) for text in metadata.values())
    except (ValueError, AttributeError, RecursionError) as error:
        raise _damaged(source, f"its header is not readable ({type(error).__name__})") from None
    if not valid:
        raise _damaged(source, "its metadata is not text")
    return metadata, 8 + length


def _verify(content: bytes, metadata: Mapping[str, str], source: str) -> None:
    digest = metadata.get(CHECKSUM, "")
    if FORMAT not in metadata or not digest:
        raise _damaged(source, "its checksum is missing")
    if _digest(content.replace(_field(digest), _field(_BLANK), 1)) != digest:
        raise _damaged(source, "its contents do not match its checksum")


def _read_arrays(content: bytes, start: int, source: str) -> dict[str, Array]:
    import safetensors

    parse: Any = safetensors.deserialize
    try:
        entries = parse(content)
    except safetensors.SafetensorError as error:
        raise _damaged(source, f"it is malformed ({error})") from None
    arrays: dict[str, Array] = {}
    for name, entry in entries:
        code = entry["dtype"]
        if code not in _DTYPES:
            raise CheckpointError(
                f"{source} holds {name!r} as {code}, a type that NumPy lacks; "
                "convert it to float32 with the tool that wrote it"
            )
        arrays[name] = np.frombuffer(entry["data"], _DTYPES[code]).reshape(entry["shape"]).copy()
    return arrays
