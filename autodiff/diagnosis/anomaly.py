"""Finding the first operation that gives NaN or an infinity, forward or backward.

While nobody asks, nothing is looked at. Whether somebody does stands in the switches: there
what records results sees it, and the backward pass, which then takes the road it takes for hooks.
"""

from __future__ import annotations

from contextlib import ContextDecorator
from threading import Lock

from autodiff.graph.modes import current_mode, enter
from autodiff.graph.switches import Use, switches

__all__ = ["detect_anomaly", "is_anomaly_enabled", "set_detect_anomaly"]

_lock = Lock()
_uses: list[Use] = []


def is_anomaly_enabled() -> bool:
    """Whether this thread or task looks for NaN and infinities.

    Example:
        >>> is_anomaly_enabled()
        False
    """
    return current_mode().anomaly


def set_detect_anomaly(on: bool) -> None:
    """Look for NaN and infinities from here on, or no longer; see `detect_anomaly`.

    It holds for the thread or task that calls it.

    Args:
        on: whether to look.

    Example:
        >>> set_detect_anomaly(True)
        >>> is_anomaly_enabled()
        True
        >>> set_detect_anomaly(False)
    """
    mode = current_mode()
    if mode.anomaly != bool(on):
        enter(mode._replace(anomaly=bool(on)))
        with _lock:
            switches.anomaly += 1 if on else -1
            _uses[:] = [Use()] if switches.anomaly else []


class detect_anomaly(ContextDecorator):  # noqa: N801 - a context manager, named as in PyTorch
    """Raise an error at the first operation that gives NaN or an infinity.

    Looks at every result inside, and at what every rule sends backward. The error names
    the operation, the line of your code that made it, and shapes, ranges and counts of
    its operands. An infinity that was among the operands already (a mask, say) is let
    pass; NaN is not. Compiled steps are run as they were written. It makes the work
    inside slower, by a pass over every array, and costs nothing elsewhere.

    Args:
        on: whether to look; False looks no longer inside an enclosing block.

    Raises:
        NonFiniteError: at the operation; a subclass of `FloatingPointError`.

    Example:
        >>> import numpy as np
        >>> import autodiff as ad
        >>> x = ad.Tensor([0.0, 4.0], requires_grad=True, name="x")
        >>> with ad.detect_anomaly(), np.errstate(divide="ignore"):
        ...     (ad.sqrt(x) * 2).sum().backward()
        Traceback (most recent call last):
        autodiff.errors.NonFiniteError: the backward rule of 'sqrt' gave 1 infinity in the gradient
        of its operand 0, 'x' (a leaf)
          at ...
          operand 0, 'x' (a leaf): shape (2,), float64, from 0 to 4
          result: shape (2,), float64, from 0 to 2
          gradient received: shape (2,), float64, all 2
          gradient sent: shape (2,), float64, all 0.5, 1 infinity
    """

    def __init__(self, on: bool = True) -> None:
        self._on = bool(on)
        self._before: list[bool] = []

    def __enter__(self) -> None:
        self._before.append(is_anomaly_enabled())
        set_detect_anomaly(self._on)

    def __exit__(self, *error: object) -> None:
        set_detect_anomaly(self._before.pop())
