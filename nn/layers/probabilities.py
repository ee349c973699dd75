"""Scores become probabilities."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import autodiff as ad
from autodiff import Tensor, live
from autodiff.errors import ShapeError
from nn.module.declared import Declared, field
from nn.module.inputs import as_node

__all__ = ["LogSoftmax", "Softmax", "Softmax2d", "Softmin"]


class _Along(Declared):
    """A function along one axis, whose output has the shape of the input."""

    _function: ClassVar[Callable[..., Tensor]]

    dim: int = field("the axis along which the probabilities sum to 1", default=-1)

    def __init_subclass__(cls, function: Callable[..., Tensor], **options: Any) -> None:
        super().__init_subclass__(**options)
        type.__setattr__(cls, "_function", staticmethod(function))

    def forward(self, input: Any) -> Tensor:
        """The function; the output has the shape of the input."""
        return self._function(as_node(input), axis=live.setting(vars(self), "dim"))


class Softmax(_Along, function=ad.softmax):
    """eˣ divided by its sum along an axis: scores become probabilities.

    For training use `CrossEntropyLoss` on the scores themselves; it is exact where the
    logarithm of a softmax would underflow.

    Example:
        >>> Softmax()([[0.0, 0.0], [0.0, 1.0]]).numpy().round(4).tolist()
        [[0.5, 0.5], [0.2689, 0.7311]]
    """


class Softmin(_Along, function=ad.softmin):
    """`Softmax` of −x: the smallest becomes the likeliest.

    Example:
        >>> Softmin()([0.0, 1.0]).numpy().round(4).tolist()
        [0.7311, 0.2689]
    """


class LogSoftmax(_Along, function=ad.log_softmax):
    """The logarithm of `Softmax`, without underflow.

    Example:
        >>> LogSoftmax()([[0.0, 0.0], [0.0, 1.0]]).numpy().round(4).tolist()
        [[-0.6931, -0.6931], [-1.3133, -0.3133]]
    """


class Softmax2d(Declared):
    """`Softmax` over the channels of images, of shape (N, C, H, W) or (C, H, W).

    Raises:
        ShapeError: the input has other axes.

    Example:
        >>> Softmax2d()([[[0.0]], [[0.0]]]).tolist()
        [[[0.5]], [[0.5]]]
    """

    def forward(self, input: Any) -> Tensor:
        """The probabilities; the output has the shape of the input."""
        x = as_node(input)
        if x.ndim not in (3, 4):
            raise ShapeError(
                f"Softmax2d takes images of shape (N, C, H, W) or (C, H, W), not {x.shape}; for "
                "other shapes use Softmax(dim)"
            )
        return ad.softmax(x, axis=-3)
