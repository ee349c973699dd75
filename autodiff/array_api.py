"""The Python array API standard: which version, which dtypes, devices and limits.

`autodiff` is the namespace that ``x.__array_namespace__()`` of a `Tensor` gives.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff.backends.devices import CPU, check_device
from autodiff.dtypes import get_default_dtype
from autodiff.functions.creation.data_types import isdtype
from autodiff.methods.array_api_protocol import VERSIONS

__all__ = ["VERSIONS", "__array_api_version__", "__array_namespace_info__"]

__array_api_version__ = VERSIONS[-1]

_NAMES = (
    "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128"
).split()


class __array_namespace_info__:  # noqa: N801 - the standard's name
    """What this namespace has to offer.

    Example:
        >>> import autodiff as ad
        >>> ad.__array_namespace_info__().default_device()
        'cpu'
    """

    def capabilities(self) -> dict[str, Any]:
        """Which optional parts of the standard there are, and the greatest number of axes."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self) -> str:
        """The device on which tensors are made."""
        return CPU

    def devices(self) -> tuple[str, ...]:
        """All devices."""
        return (CPU,)

    def default_dtypes(self, *, device: Any = None) -> dict[str, np.dtype[Any]]:
        """The dtypes that Python numbers get."""
        check_device(device)
        real = get_default_dtype()
        return {
            "real floating": real,
            "complex floating": np.result_type(real, np.complex64),
            "integral": np.dtype(np.int64),
            "indexing": np.dtype(np.intp),
        }

    def dtypes(self, *, device: Any = None, kind: Any = None) -> dict[str, np.dtype[Any]]:
        """The standard's dtypes by name.

        Args:
            device: ``"cpu"`` or None.
            kind: only those of a kind, or of several, as `isdtype` understands them.
        """
        check_device(device)
        found = {name: np.dtype(name) for name in _NAMES}
        return {
            name: dtype for name, dtype in found.items() if kind is None or isdtype(dtype, kind)
        }
