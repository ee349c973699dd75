"""Largest elements of windows at irregular steps, drawn at random."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

import autodiff as ad
from nn.layers.images.settings import Axes, Settled

__all__ = ["FractionalMaxPool2d", "FractionalMaxPool3d"]


class _FractionalMaxPool(Settled):
    """Largest elements over two or three axes."""

    def __init__(
        self,
        kernel_size: Axes,
        output_size: Axes | None = None,
        output_ratio: float | tuple[float, ...] | None = None,
        return_indices: bool = False,
        _random_samples: Any = None,
        *,
        rng: np.random.Generator | int | None = None,
    ) -> None:
        super().__init__()
        if (output_size is None) == (output_ratio is None):
            raise ValueError(
                f"{type(self).__name__}: give either output_size or output_ratio, and not "
                f"output_size={output_size!r} with output_ratio={output_ratio!r}"
            )
        self.kernel_size: Axes = self._lengths("kernel_size", kernel_size)
        if output_size is not None:
            output_size = self._lengths("output_size", output_size)
        self.output_size: Axes | None = output_size
        self.output_ratio: float | tuple[float, ...] | None = output_ratio
        self.return_indices: bool = return_indices
        self._random_samples: Any = None
        if _random_samples is not None:
            self.register_buffer("_random_samples", _random_samples)
        self.rng: np.random.Generator | None = None if rng is None else ad.random.generator(rng)

    def forward(self, input: Any) -> Any:
        """The largest elements; with ``return_indices`` a pair of these and their places."""
        return self._called(
            (ad.fractional_max_pool2d, ad.fractional_max_pool3d)[self._axes - 2],
            input,
            *(self._setting(name) for name in self._arguments),
            self._random_samples,
            rng=self.rng,
        )


class FractionalMaxPool2d(_FractionalMaxPool):
    """Largest elements of windows over images that are shrunk by any factor.

    The windows lie at steps of ⌊α⌋ or ⌈α⌉ elements, drawn anew in every call, in training and
    in use; see `autodiff.fractional_max_pool2d`.

    Source: Graham, "Fractional Max-Pooling", 2014.

    Args:
        kernel_size: lengths of the window; a number, or one for each axis.
        output_size: lengths of the output; a number, or one for each axis.
        output_ratio: in place of that, the share of the lengths that is left.
        return_indices: whether the places of the largest elements come out as well.
        _random_samples: numbers from 0 to 1 of shape (N, C, 2) in place of drawn ones; then a
            buffer, as in PyTorch.
        rng: a generator or a seed; the library's generator if not given.

    The input is of shape (N, C, H, W) or (C, H, W), the output of shape (N, C, *output_size) or
    (C, *output_size).

    Raises:
        ValueError: not exactly one of size and ratio is given, or a number is out of range.
        ShapeError: in a call, the input has other axes, or is too small for its windows.

    Example:
        >>> x = [[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]]]
        >>> FractionalMaxPool2d(2, output_size=2)(x).tolist()
        [[[5.0, 6.0], [8.0, 9.0]]]
    """

    _axes: ClassVar[int] = 2


class FractionalMaxPool3d(_FractionalMaxPool):
    """Largest elements of windows over volumes; arguments as `FractionalMaxPool2d`.

    Example:
        >>> import numpy as np
        >>> FractionalMaxPool3d(2, output_ratio=0.5)(np.arange(8.0).reshape(1, 2, 2, 2)).tolist()
        [[[[7.0]]]]
    """

    _axes: ClassVar[int] = 3
