"""Layers that only rearrange."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import autodiff as ad
from autodiff import Tensor, live
from nn.functional.shapes import flatten
from nn.module.declared import Declared, field

__all__ = ["Flatten", "Unflatten"]


class Flatten(Declared):
    """Merges all axes but the first, the batch, into one.

    Example:
        >>> import numpy as np
        >>> Flatten()(np.zeros((5, 8, 8))).shape
        (5, 64)
    """

    start_dim: int = field("the first axis to merge", default=1)
    end_dim: int = field("the last axis to merge, inclusive", default=-1)

    def forward(self, input: Any) -> Tensor:
        """The rearranged input."""
        own = vars(self)
        return flatten(input, live.setting(own, "start_dim"), live.setting(own, "end_dim"))


def _sizes(kind: str, name: str, given: Any) -> tuple[int, ...]:
    sizes = tuple(given) if isinstance(given, Sequence) and not isinstance(given, str) else ()
    whole = [isinstance(n, int) and not isinstance(n, bool) and n >= -1 for n in sizes]
    if not sizes or not all(whole) or sizes.count(-1) > 1:
        raise ValueError(
            f"{kind}: {name} must be lengths, one of which may be -1, not {given!r}; axes have no "
            "names here"
        )
    return sizes


class Unflatten(Declared):
    """Splits an axis into several: what `Flatten` merged, for example.

    Raises:
        ValueError: the sizes are not lengths.
        ShapeError: in a call, they do not multiply to the length of the axis.

    Example:
        >>> import numpy as np
        >>> Unflatten(1, (2, -1))(np.zeros((5, 12))).shape
        (5, 2, 6)
    """

    dim: int = field("the axis to split")
    unflattened_size: tuple[int, ...] | list[int] = field(
        "its new lengths, one of which may be -1", check=_sizes
    )

    def forward(self, input: Any) -> Tensor:
        """The rearranged input."""
        own = vars(self)
        return ad.unflatten(input, live.setting(own, "dim"), live.setting(own, "unflattened_size"))
