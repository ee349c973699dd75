"""Writing files: whole or not at all, and JSON that every parser takes."""

from __future__ import annotations

import json
import math
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["json_text", "write_atomically"]


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
