"""Writing files: whole or not at all, and JSON that every parser takes."""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["json_text", "save_as", "write_atomically"]


def json_text(data: Any) -> str:
    r"""Plain data as JSON; what is no number is null, as JSON has no sign for it.

    >>> json_text({"δ": [1.0, float("nan")]})
    '{\n "δ": [\n  1.0,\n  null\n ]\n}\n'
    """
    return json.dumps(_strict(data), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _strict(item: Any) -> Any:
    if isinstance(item, np.ndarray | np.generic):
        return _strict(item.tolist())
    if isinstance(item, dict):
        return {key: _strict(value) for key, value in item.items()}
    if isinstance(item, list | tuple):
        return [_strict(value) for value in item]
    return None if isinstance(item, float) and not math.isfinite(item) else item


def save_as(
    path: str | os.PathLike[str],
    formats: Mapping[str, Callable[[float], bytes]],
    what: str,
    scale: float = 1.0,
    advice: str = "",
) -> Path:
    """Write a file in the format that the ending of its name says.

    Args:
        path: where to.
        formats: for each ending what makes the content, given the scale for bitmaps.
        what: is saved, such as ``drawing``.
        scale: pixels per unit of length.
        advice: what else can be done, for the error.

    Raises:
        ValueError: if there is no format of that ending; the message names those that there are.
        OSError: if the file cannot be written.
    """
    path = Path(path)
    form = path.suffix[1:].lower()
    if form not in formats:
        *others, last = (f".{entry}" for entry in formats)
        endings = f"one of {', '.join(others)}, {last}" if others else last
        raise ValueError(
            f"a {what} cannot be saved as {path.name!r}: the name must end in {endings}{advice}"
        )
    write_atomically(path, formats[form](scale))
    return path


def write_atomically(path: Path, content: bytes) -> None:
    """Write to a temporary file beside ``path``, then rename it into place.

    Raises:
        OSError: if the folder does not exist or cannot be written.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"{path.name!r} cannot be written: there is no folder {str(path.parent)!r}; make it "
            "first"
        )
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
