"""Borders around signals, images and volumes."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from autodiff import Tensor
from nn.functional.padding import pad
from nn.layers.images.settings import Axes, Settled

__all__ = [
    "ConstantPad1d",
    "ConstantPad2d",
    "ConstantPad3d",
    "ZeroPad1d",
    "ZeroPad2d",
    "ZeroPad3d",
]


class Pad(Settled):
    """A border of one mode, around any number of axes."""

    _mode: ClassVar[str] = "constant"

    def __init__(self, padding: Axes) -> None:
        super().__init__()
        size = 2 * self._axes
        numbers = padding if isinstance(padding, tuple | list) else (padding,) * size
        if len(numbers) != size or not all(isinstance(k, int | np.integer) for k in numbers):
            ends = ", ".join(("left, right", "top, bottom", "front, back")[: self._axes])
            raise ValueError(
                f"{type(self).__name__}: padding must be a whole number, or {size} of them for "
                f"({ends}), not {padding!r}"
            )
        self.padding: tuple[int, ...] = tuple(int(k) for k in numbers)

    def forward(self, input: Any) -> Tensor:
        """The input with a border, so with longer last axes."""
        value = self._setting("value") if "value" in self._arguments else None
        padding = self._setting("padding")
        return self._called(pad, input, padding, self._mode, value)

    def extra_repr(self) -> str:
        """The numbers before and after each axis, as one where they are equal."""
        alike = len(set(self.padding)) == 1
        return str(self.padding[0] if alike else self.padding)


class _ConstantPad(Pad):
    """A border of equal numbers."""

    def __init__(self, padding: Axes, value: float) -> None:
        super().__init__(padding)
        self.value: float = value

    def extra_repr(self) -> str:
        """The border, and of what it is."""
        return f"{super().extra_repr()}, {self.value:g}"


class ConstantPad1d(_ConstantPad):
    """A border around signals of equal numbers; as `ConstantPad2d`, with (left, right).

    Example:
        >>> ConstantPad1d((2, 1), 9.0)([[1.0, 2.0, 3.0]]).tolist()
        [[9.0, 9.0, 1.0, 2.0, 3.0, 9.0]]
    """

    _axes: ClassVar[int] = 1


class ConstantPad2d(_ConstantPad):
    """A border around images of equal numbers.

    Args:
        padding: how many are added to each end; a whole number, or (left, right, top, bottom).
            Negative numbers take elements away.
        value: what they are.

    The input is of shape (N, C, H, W) or (C, H, W), the output has longer last axes. See
    `nn.functional.pad`.

    Raises:
        ValueError: ``padding`` is something else.
        ShapeError: in a call, the border does not fit the input.

    Example:
        >>> ConstantPad2d((1, 2, 0, 0), 9.0)([[[1.0, 2.0, 3.0]]]).tolist()
        [[[9.0, 1.0, 2.0, 3.0, 9.0, 9.0]]]
    """

    _axes: ClassVar[int] = 2


class ConstantPad3d(_ConstantPad):
    """A border around volumes of equal numbers; as `ConstantPad2d`, with six numbers.

    Example:
        >>> import numpy as np
        >>> ConstantPad3d((1, 1, 0, 0, 2, 0), 9.0)(np.ones((1, 3, 2, 2))).shape
        (1, 5, 2, 4)
    """

    _axes: ClassVar[int] = 3


class ZeroPad1d(Pad):
    """A border around signals of zeros; as `ZeroPad2d`, with (left, right).

    Example:
        >>> ZeroPad1d((2, 1))([[1.0, 2.0, 3.0]]).tolist()
        [[0.0, 0.0, 1.0, 2.0, 3.0, 0.0]]
    """

    _axes: ClassVar[int] = 1


class ZeroPad2d(Pad):
    """A border around images of zeros.

    Args:
        padding: how many are added to each end; a whole number, or (left, right, top, bottom).
            Negative numbers take elements away.

    The input is of shape (N, C, H, W) or (C, H, W), the output has longer last axes. See
    `nn.functional.pad`.

    Raises:
        ValueError: ``padding`` is something else.
        ShapeError: in a call, the border does not fit the input.

    Example:
        >>> ZeroPad2d((1, 2, 0, 0))([[[1.0, 2.0, 3.0]]]).tolist()
        [[[0.0, 1.0, 2.0, 3.0, 0.0, 0.0]]]
    """

    _axes: ClassVar[int] = 2


class ZeroPad3d(Pad):
    """A border around volumes of zeros; as `ZeroPad2d`, with six numbers.

    Example:
        >>> import numpy as np
        >>> ZeroPad3d((1, 1, 0, 0, 2, 0))(np.ones((1, 3, 2, 2))).shape
        (1, 5, 2, 4)
    """

    _axes: ClassVar[int] = 3
