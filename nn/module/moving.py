"""What PyTorch's `to` is given: a dtype, a device, both, or a tensor to be like."""

from __future__ import annotations

from typing import Any

import numpy as np

from autodiff import Tensor

__all__ = ["wanted_dtype"]

_WITHOUT_MEANING = {"non_blocking", "copy", "memory_format"}
_DEVICES = {"cpu", "cuda", "xpu", "mps", "meta", "ipu", "mtia", "hpu", "tpu", "xla", "gpu"}


def wanted_dtype(args: tuple[Any, ...], kwargs: dict[str, Any]) -> np.dtype[Any] | None:
    """The floating dtype that a module is to have; None if only a device was named.

    Args:
        args: what `Module.to` was given by place.
        kwargs: what it was given by name.

    Raises:
        TypeError: it was given something else, or a dtype that is no floating one.
        ValueError: it was given another device than the CPU.

    Example:
        >>> wanted_dtype(("cpu", "float64"), {"non_blocking": True})
        dtype('float64')
    """
    unknown = kwargs.keys() - {"device", "dtype", "tensor", *_WITHOUT_MEANING}
    if unknown:
        raise TypeError(f"to() has no argument {sorted(unknown)[0]!r}; it takes a dtype")
    # After a device and a dtype PyTorch takes switches by place.
    places = [x for x in args if x is not None and not isinstance(x, bool)]
    named = [kwargs[name] for name in ("device", "dtype", "tensor") if kwargs.get(name) is not None]
    dtypes = [x for x in (*places, *named) if not _is_cpu(x)]
    if len(dtypes) > 1 or not places + named:
        raise TypeError("to() takes one dtype, such as numpy.float64, or the device 'cpu'")
    return _floating(dtypes[0]) if dtypes else None


def _is_cpu(given: Any) -> bool:
    """Whether something names the CPU, as text or as a device of another library."""
    name = given if isinstance(given, str) else getattr(given, "type", None)
    if not isinstance(name, str) or isinstance(given, Tensor | np.ndarray | np.dtype):
        return False
    kind = name.partition(":")[0].lower()
    if kind in _DEVICES - {"cpu"}:
        raise ValueError(
            f"to({str(given)!r}): arrays lie in the memory of the process, and the only device is "
            "'cpu'; leave the call out"
        )
    return kind == "cpu"


def _floating(given: Any) -> np.dtype[Any]:
    dtype = given.dtype if isinstance(given, Tensor | np.ndarray) else given
    try:
        found = np.dtype(dtype)
    except TypeError:
        text = f"to({given!r}): that is no dtype of NumPy; give one such as numpy.float64"
        raise TypeError(text) from None
    if found.kind != "f":
        raise TypeError(
            f"to({given!r}): floating parameters take a floating dtype, such as numpy.float64"
        )
    return found
