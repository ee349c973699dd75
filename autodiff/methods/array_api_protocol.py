"""What the array API standard, and libraries that know no tensors, ask of an array."""

from __future__ import annotations

import operator
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.devices import CPU, check_device
from autodiff.methods.conversions import array_taken

if TYPE_CHECKING:
    from autodiff.tensors.tensor import Tensor

__all__ = ["STANDARD_METHODS", "VERSIONS", "namespace_method"]


VERSIONS = ("2021.12", "2022.12", "2023.12", "2024.12", "2025.12")
"""Versions of the standard whose functions are there; each contains the ones before."""


def namespace_method(namespace: ModuleType) -> Callable[..., ModuleType]:
    """The method of a tensor that gives the namespace of functions that take it.

    Args:
        namespace: the package, which stands above its tensors and so hands itself in.
    """

    def __array_namespace__(self: Tensor, *, api_version: str | None = None) -> ModuleType:  # noqa: N807 - it is one
        if api_version is not None and api_version not in VERSIONS:
            raise ValueError(
                f"autodiff follows version {VERSIONS[-1]} of the array API standard, and so "
                f"{', '.join(VERSIONS)}, but not {api_version!r}"
            )
        return namespace

    return __array_namespace__


def _device(self: Tensor) -> str:
    """Where the numbers are: always ``"cpu"``."""
    return CPU


def _to_device(self: Tensor, device: Any, /, *, stream: Any = None) -> Tensor:
    """The tensor itself, as there is one device, ``"cpu"``; any other is refused."""
    check_device(device)
    if stream is not None:
        raise ValueError("the device 'cpu' has no streams; leave stream= out")
    return self


def _dlpack(
    self: Tensor,
    *,
    stream: Any = None,
    max_version: tuple[int, int] | None = None,
    dl_device: tuple[Any, int] | None = None,
    copy: bool | None = None,
) -> Any:
    if self.requires_grad:
        raise BufferError(
            f"{self.describe()} is part of a graph, which DLPack cannot hand over; use x.detach()"
        )
    array = self._data
    if copy is False:
        # Readers that heed the flag cannot write into what a graph may need; older ones
        # know no such flag, and take no array that has it.
        array = array.view()
        try:
            array.flags.writeable = max_version is None or max_version[0] < 1
        except ValueError:
            raise BufferError(
                f"the memory of {self.describe()} is read-only, which DLPack before 1.0 cannot "
                "say; leave out copy=False, or ask for max_version=(1, 0)"
            ) from None
    else:
        array = array.copy()
    return array.__dlpack__(stream=stream, max_version=max_version, dl_device=dl_device)


def _dlpack_device(self: Tensor) -> Any:
    return np.empty(0).__dlpack_device__()


def _index(self: Tensor) -> int:
    if self._data.dtype.kind not in "iu" or self._data.ndim:
        raise TypeError(
            "only a tensor of one integer and no axes can be an index, but the dtype is "
            f"{self._data.dtype} and the shape {self.shape}"
        )
    return operator.index(self.item())


def _mask(self: Tensor) -> Any:
    # Functions of `numpy.ma` read `_data` of whatever has one, and ask for its mask afterwards.
    if self.requires_grad:
        array_taken(self)
    return np.ma.nomask


STANDARD_METHODS: dict[str, Any] = {
    "__dlpack__": _dlpack,
    "__dlpack_device__": _dlpack_device,
    "__index__": _index,
    "_mask": property(_mask),
    "device": property(_device),
    "to_device": _to_device,
}
"""Methods and properties by name."""
