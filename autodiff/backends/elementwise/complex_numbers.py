"""Complex arrays from their parts."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["make_complex"]


def make_complex(real: Any, imag: Any) -> Any:
    """Complex numbers with given parts, infinities and signed zeros included.

    Example:
        >>> make_complex(np.float64(0.0), np.float64(np.inf))
        np.complex128(infj)
    """
    if real.dtype.kind == "c" or imag.dtype.kind == "c":
        raise TypeError("the parts of complex numbers are real")
    shape = np.broadcast_shapes(real.shape, imag.shape)
    result = np.empty(shape, np.result_type(real.dtype, imag.dtype, np.complex64))
    result.real = real
    result.imag = imag
    return result[()] if shape == () else result
