"""Picking elements, in NumPy's and PyTorch's forms."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.backends.kinds import is_array
from autodiff.errors import ShapeError
from autodiff.functions.elementwise import elementwise
from autodiff.functions.elementwise.masks import mask_of
from autodiff.functions.indexing.indexing import plain_index
from autodiff.functions.ordering.along_axis import take_along_axis
from autodiff.functions.shaping.joining import stack
from autodiff.functions.shaping.shaping import broadcast_to, place_of_axis
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "choose",
    "compress",
    "extract",
    "gather",
    "index_select",
    "masked_select",
    "select",
    "take",
]


def take(x: Any, indices: Any, axis: int | None = None, *, mode: str = "raise") -> Tensor:
    """Elements at places along an axis; those taken twice get both gradients.

    Args:
        x: tensor or array.
        indices: integers of any shape, which stands in the place of the axis.
        axis: along which axis; None: of the flattened operand.
        mode: what a place out of range means: ``"raise"`` an error, ``"wrap"`` around, or
            ``"clip"`` to the range.

    Returns:
        The elements.

    Raises:
        IndexError: a place is out of range, or no integer.
        ValueError: the mode is another one.

    Example:
        >>> take([10.0, 20.0, 30.0], [2, 0]).tolist()
        [30.0, 10.0]
    """
    x = as_operand(x)
    x, along = (x.reshape(-1), 0) if axis is None else (x, place_of_axis(axis, x.ndim))
    return x[(*whole(along), within(indices, x.shape[along], mode, "take"))]  # type: ignore[no-any-return]


def whole(count: int) -> tuple[slice, ...]:
    """An index that takes all of the first axes.

    Example:
        >>> whole(1)
        (slice(None, None, None),)
    """
    return (slice(None),) * count


def within(indices: Any, length: int, mode: str, name: str) -> Any:
    """Places in the range of an axis, by one of NumPy's modes.

    Raises:
        ValueError: the mode is another one.

    Example:
        >>> within([0, 5], 3, "clip", "take").tolist()
        [0, 2]
    """
    places = plain_index(as_operand(indices))
    if places.dtype.kind == "b":
        places = places.astype(np.intp)
    if mode == "raise":
        return places
    if mode == "wrap":
        return np.mod(places, length)
    if mode == "clip":
        return np.clip(places, 0, length - 1)
    raise ValueError(f"{name}() knows the modes 'raise', 'wrap' and 'clip', not {mode!r}")


def gather(x: TensorLike, dim: int, index: Any) -> Tensor:
    """PyTorch's `gather`: `take_along_axis` with an index that may be shorter than ``x``.

    Args:
        x: tensor or array.
        dim: along which axis.
        index: integers with as many axes as ``x``, nowhere longer but along ``dim``.

    Returns:
        A tensor of the shape of ``index``.

    Example:
        >>> gather([[1.0, 2.0], [3.0, 4.0]], 1, [[1]]).tolist()
        [[2.0]]
    """
    x, index = as_operand(x), as_operand(index)
    if x.ndim == 0:
        return gather(x.reshape(1), 0, index.reshape(-1)).reshape(index.shape)
    along = place_of_axis(dim, x.ndim)
    return take_along_axis(x[covered(x.shape, index.shape, along, "gather")], index, along)


def covered(
    shape: tuple[int, ...], index: tuple[int, ...], along: int, name: str
) -> tuple[slice, ...]:
    """The part of a shape that an index of PyTorch's kind reaches.

    Raises:
        ShapeError: the index is longer than the shape elsewhere than along the axis.

    Example:
        >>> covered((3, 4), (2, 9), 1, "gather")
        (slice(0, 2, None), slice(None, None, None))
    """
    fits = len(shape) == len(index) and all(
        i == along or m <= n for i, (m, n) in enumerate(zip(index, shape, strict=True))
    )
    if not fits:
        raise ShapeError(
            f"{name!r} was given shape {shape} and an index of shape {index}; give as many axes, "
            f"nowhere longer but along axis {along}"
        )
    return tuple(slice(None) if i == along else slice(0, m) for i, m in enumerate(index))


def choose(a: TensorLike, choices: Any, *, mode: str = "raise") -> Tensor:
    """From several tensors the elements that an array of numbers names.

    Args:
        a: integers, the number of the choice for every element.
        choices: tensors that broadcast against each other and ``a``; or one, its rows.
        mode: what a number out of range means, as for `take`.

    Returns:
        The chosen elements.

    Example:
        >>> choose([1, 0], [[1.0, 2.0], [3.0, 4.0]]).tolist()
        [3.0, 2.0]
    """
    stacked = is_array(choices) or isinstance(choices, Tensor)
    rows = list(as_operand(choices)) if stacked else choices
    nodes = operands_of(rows)
    number = as_operand(a)
    shape = np.broadcast_shapes(number.shape, *[node.shape for node in nodes])
    table = stack([broadcast_to(node, shape) for node in nodes])
    wanted = within(broadcast_to(number, shape), len(nodes), mode, "choose")
    grid = [np.arange(n).reshape((-1,) + (1,) * (len(shape) - 1 - i)) for i, n in enumerate(shape)]
    return table[(wanted, *grid)]


def select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Tensor:
    """Elements of the first choice whose condition holds.

    Args:
        condlist: conditions.
        choicelist: as many choices; all broadcast against each other.
        default: where no condition holds.

    Returns:
        The chosen elements.

    Raises:
        ShapeError: the lists are of different lengths, or empty.

    Example:
        >>> select([[True, False], [True, True]], [[1.0, 2.0], [3.0, 4.0]]).tolist()
        [1.0, 4.0]
    """
    if len(condlist) != len(choicelist) or not len(condlist):
        raise ShapeError(
            f"'select' was given {len(condlist)} conditions and {len(choicelist)} choices; "
            "give as many of both, and at least one"
        )
    *choices, result = operands_of([*choicelist, default])
    for condition, choice in zip(reversed(list(condlist)), reversed(choices), strict=True):
        result = elementwise.where(condition, choice, result)
    return result  # type: ignore[no-any-return]


def compress(condition: TensorLike, a: TensorLike, axis: int | None = None) -> Tensor:
    """Slices along an axis where a condition holds; what it does not reach is left out.

    Example:
        >>> compress([False, True], [[1.0, 2.0], [3.0, 4.0]], axis=0).tolist()
        [[3.0, 4.0]]
    """
    held = np.asarray(plain_index(mask_of(condition, "compress")))
    if held.ndim != 1:
        raise ShapeError(
            f"'compress' was given a condition of shape {held.shape}; give one with one axis"
        )
    return take(a, np.flatnonzero(held), axis)


def extract(condition: TensorLike, arr: TensorLike) -> Tensor:
    """Elements where a condition of the same size holds, along one axis.

    Example:
        >>> extract([True, False, True], [1.0, 2.0, 3.0]).tolist()
        [1.0, 3.0]
    """
    return compress(mask_of(condition, "extract").reshape(-1), arr)


def masked_select(x: Any, mask: Any) -> Tensor:
    """Elements where a mask that broadcasts holds, along one axis.

    Example:
        >>> masked_select([[1.0, 2.0], [3.0, 4.0]], [True, False]).tolist()
        [1.0, 3.0]
    """
    x, mask = as_operand(x), mask_of(mask, "masked_select")
    shape = np.broadcast_shapes(x.shape, mask.shape)
    return broadcast_to(x, shape)[broadcast_to(mask, shape)]


def index_select(x: TensorLike, dim: int, index: Any) -> Tensor:
    """PyTorch's name for `take` along an axis.

    Example:
        >>> index_select([[1.0, 2.0], [3.0, 4.0]], 0, [1]).tolist()
        [[3.0, 4.0]]
    """
    x = as_operand(x)
    if x.ndim == 0:
        return take(x.reshape(1), as_operand(index).reshape(-1), operator.index(dim)).reshape(())
    return take(x, index, operator.index(dim))
