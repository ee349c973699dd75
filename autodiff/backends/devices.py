"""Where arrays live: in the memory of the processor, the only device there is."""

from __future__ import annotations

from typing import Any

__all__ = ["CPU", "check_device"]

CPU = "cpu"
"""The name of the device."""


def check_device(device: Any) -> None:
    """Refuse a device other than the processor.

    Args:
        device: ``"cpu"``, or None for the default, which is the same.

    Raises:
        ValueError: it is another one.

    Example:
        >>> check_device("cpu")
    """
    if device is not None and str(device) != CPU:
        raise ValueError(
            f"tensors are kept on the device {CPU!r} only, not on {device!r}; "
            "leave device= out, or give 'cpu'"
        )
