"""Pooled elements put back to where they came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import autodiff as ad
from autodiff import Tensor
from nn.layers.images.settings import Axes, Settled

__all__ = ["MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d"]


class _MaxUnpool(Settled):
    """Elements put back over any number of axes."""

    def __init__(self, kernel_size: Axes, stride: Axes | None = None, padding: Axes = 0) -> None:
        super().__init__()
        self.kernel_size: Axes = self._lengths("kernel_size", kernel_size)
        self.stride: Axes | None = None if stride is None else self._lengths("stride", stride)
        self.padding: Axes = self._lengths("padding", padding, 0)

    def forward(self, input: Any, indices: Any, output_size: Sequence[int] | None = None) -> Tensor:
        """Zeros, but for the elements at their places.

        Args:
            input: what a pooling gave.
            indices: the places that it gave.
            output_size: the lengths, or the whole shape, of what was pooled, where the settings
                leave a choice.
        """
        functions = ad.max_unpool1d, ad.max_unpool2d, ad.max_unpool3d
        return self._called(
            functions[self._axes - 1],
            input,
            indices,
            *(self._setting(name) for name in self._arguments),
            None if output_size is None else tuple(output_size),
        )


class MaxUnpool1d(_MaxUnpool):
    """Elements of signals put back to their places; arguments as `MaxUnpool2d`.

    Example:
        >>> MaxUnpool1d(2)([[3.0, 5.0]], [[1, 3]]).tolist()
        [[0.0, 3.0, 0.0, 5.0]]
    """

    _axes: ClassVar[int] = 1


class MaxUnpool2d(_MaxUnpool):
    """Zeros, but for pooled elements at the places they came from; see `autodiff.max_unpool2d`.

    Args:
        kernel_size: as given to the `MaxPool2d` with ``return_indices=True``.
        stride: as given to it.
        padding: as given to it.

    The input is of shape (N, C, H, W) or (C, H, W), with indices of the same shape. The output is
    as large as what was pooled; a call may say ``output_size``, where rounding hides that.

    Raises:
        ValueError: a number is out of range.
        ShapeError: in a call, the shapes of input and indices differ.
        IndexError: in a call, a place does not exist.

    Example:
        >>> pool, unpool = ad.max_pool2d, MaxUnpool2d(2)
        >>> x = [[[1.0, 2.0, 3.0], [4.0, 3.0, 2.0]]]
        >>> unpool(*pool(x, 2, return_indices=True), output_size=(2, 3)).tolist()
        [[[0.0, 0.0, 0.0], [4.0, 0.0, 0.0]]]
    """

    _axes: ClassVar[int] = 2


class MaxUnpool3d(_MaxUnpool):
    """Elements of volumes put back to their places; arguments as `MaxUnpool2d`.

    Example:
        >>> MaxUnpool3d((1, 1, 3))([[[[4.0]]]], [[[[2]]]]).tolist()
        [[[[0.0, 0.0, 4.0]]]]
    """

    _axes: ClassVar[int] = 3
