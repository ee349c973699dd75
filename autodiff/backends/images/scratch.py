"""Memory that the functions of windows work in, and the dtype of their work."""

from __future__ import annotations

import math
import threading
from typing import Any

import numpy as np

from autodiff.backends.images.windows import Shape

__all__ = ["Scratch", "promoted"]

_KEPT = 1 << 20


def promoted(*arrays: Any) -> tuple[np.dtype[Any], list[Any]]:
    """The dtype of the result, and the operands in that of the work."""
    result = np.result_type(*arrays)
    if result.kind not in "fc":
        return result, [a.astype(result, copy=False) for a in arrays]
    # Half precision has no fast product, and would lose digits in the sums.
    work = np.dtype(np.float32) if result == np.float16 else result
    return result, [a.astype(work, copy=False) for a in arrays]


class Scratch:
    """Memory for intermediate results, used again from block to block."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype
        self._held: dict[str, Any] = {}

    @classmethod
    def own(cls, dtype: np.dtype[Any]) -> Scratch:
        """That of this thread, which stays: the system would hand out fresh pages in every call.

        Nothing of it may be returned; a block is not larger than what stays in a cache.
        """
        found: Scratch | None = vars(_OWN).get(dtype.str)
        if found is None:
            found = vars(_OWN)[dtype.str] = cls(dtype)
        return found

    def empty(self, name: str, shape: Shape) -> Any:
        """An array of any content; that of the same name before is lost."""
        size = math.prod(shape)
        held = self._held.get(name)
        if held is None or held.size < size:
            held = np.empty(size, self._dtype)
            if size <= _KEPT:
                self._held[name] = held
        return held[:size].reshape(shape)

    def zeros(self, name: str, shape: Shape) -> Any:
        """The same, filled with zeros."""
        array = self.empty(name, shape)
        array.fill(0)
        return array


_OWN = threading.local()
