"""Borders around signals, images and volumes that are made of these themselves."""

from __future__ import annotations

from typing import ClassVar

from nn.layers.images.padding import Pad

__all__ = [
    "CircularPad1d",
    "CircularPad2d",
    "CircularPad3d",
    "ReflectionPad1d",
    "ReflectionPad2d",
    "ReflectionPad3d",
    "ReplicationPad1d",
    "ReplicationPad2d",
    "ReplicationPad3d",
]


class _CircularPad(Pad):
    _mode: ClassVar[str] = "circular"


class _ReflectionPad(Pad):
    _mode: ClassVar[str] = "reflect"


class _ReplicationPad(Pad):
    _mode: ClassVar[str] = "replicate"


class CircularPad1d(_CircularPad):
    """A border around signals of what stands at the other end; as `CircularPad2d`.

    Example:
        >>> CircularPad1d((2, 1))([[1.0, 2.0, 3.0]]).tolist()
        [[2.0, 3.0, 1.0, 2.0, 3.0, 1.0]]
    """

    _axes: ClassVar[int] = 1


class CircularPad2d(_CircularPad):
    """A border around images of what stands at the other end.

    Args:
        padding: how many are added to each end; a whole number, or (left, right, top, bottom).
            Negative numbers take elements away. A border is at most the length of its axis.

    The input is of shape (N, C, H, W) or (C, H, W), the output has longer last axes. See
    `nn.functional.pad`.

    Raises:
        ValueError: ``padding`` is something else.
        ShapeError: in a call, the border does not fit the input.

    Example:
        >>> CircularPad2d((1, 2, 0, 0))([[[1.0, 2.0, 3.0]]]).tolist()
        [[[3.0, 1.0, 2.0, 3.0, 1.0, 2.0]]]
    """

    _axes: ClassVar[int] = 2


class CircularPad3d(_CircularPad):
    """A border around volumes of what stands at the other end; as `CircularPad2d`.

    Example:
        >>> import numpy as np
        >>> CircularPad3d((1, 1, 0, 0, 2, 0))(np.ones((1, 3, 2, 2))).shape
        (1, 5, 2, 4)
    """

    _axes: ClassVar[int] = 3


class ReflectionPad1d(_ReflectionPad):
    """A border around signals that mirrors them; as `ReflectionPad2d`, with (left, right).

    Example:
        >>> ReflectionPad1d((2, 1))([[1.0, 2.0, 3.0]]).tolist()
        [[3.0, 2.0, 1.0, 2.0, 3.0, 2.0]]
    """

    _axes: ClassVar[int] = 1


class ReflectionPad2d(_ReflectionPad):
    """A border around images that mirrors them at their edges, which are not repeated.

    Args:
        padding: how many are added to each end; a whole number, or (left, right, top, bottom).
            Negative numbers take elements away. A border is less than the length of its axis.

    The input is of shape (N, C, H, W) or (C, H, W), the output has longer last axes. See
    `nn.functional.pad`.

    Raises:
        ValueError: ``padding`` is something else.
        ShapeError: in a call, the border does not fit the input.

    Example:
        >>> ReflectionPad2d((1, 2, 0, 0))([[[1.0, 2.0, 3.0]]]).tolist()
        [[[2.0, 1.0, 2.0, 3.0, 2.0, 1.0]]]
    """

    _axes: ClassVar[int] = 2


class ReflectionPad3d(_ReflectionPad):
    """A border around volumes that mirrors them; as `ReflectionPad2d`, with six numbers.

    Example:
        >>> import numpy as np
        >>> ReflectionPad3d((1, 1, 0, 0, 2, 0))(np.ones((1, 3, 2, 2))).shape
        (1, 5, 2, 4)
    """

    _axes: ClassVar[int] = 3


class ReplicationPad1d(_ReplicationPad):
    """A border around signals of the elements at their edges; as `ReplicationPad2d`.

    Example:
        >>> ReplicationPad1d((2, 1))([[1.0, 2.0, 3.0]]).tolist()
        [[1.0, 1.0, 1.0, 2.0, 3.0, 3.0]]
    """

    _axes: ClassVar[int] = 1


class ReplicationPad2d(_ReplicationPad):
    """A border around images of the elements at their edges.

    Args:
        padding: how many are added to each end; a whole number, or (left, right, top, bottom).
            Negative numbers take elements away.

    The input is of shape (N, C, H, W) or (C, H, W), the output has longer last axes. See
    `nn.functional.pad`.

    Raises:
        ValueError: ``padding`` is something else.
        ShapeError: in a call, the border does not fit the input.

    Example:
        >>> ReplicationPad2d((1, 2, 0, 0))([[[1.0, 2.0, 3.0]]]).tolist()
        [[[1.0, 1.0, 2.0, 3.0, 3.0, 3.0]]]
    """

    _axes: ClassVar[int] = 2


class ReplicationPad3d(_ReplicationPad):
    """A border around volumes of the elements at their edges; as `ReplicationPad2d`.

    Example:
        >>> import numpy as np
        >>> ReplicationPad3d((1, 1, 0, 0, 2, 0))(np.ones((1, 3, 2, 2))).shape
        (1, 5, 2, 4)
    """

    _axes: ClassVar[int] = 3
