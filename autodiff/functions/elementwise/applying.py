"""Functions of the user applied to pieces of a tensor, with NumPy's names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise.masks import mask_of
from autodiff.functions.indexing.indexing import index_set, plain_index
from autodiff.functions.shaping.joining import stack
from autodiff.functions.shaping.shaping import broadcast_to, expand_dims, moveaxis, place_of_axis
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["apply_along_axis", "apply_over_axes", "piecewise", "vectorize"]


def piecewise(
    x: TensorLike, condlist: Any, funclist: Sequence[Any], *args: Any, **kw: Any
) -> Tensor:
    """Functions of the elements, by which condition holds; each sees only its elements.

    Args:
        x: tensor or array.
        condlist: conditions of the shape of ``x``; of several that hold the last counts.
        funclist: a function or a number for each condition, and perhaps one more for where
            none holds, which is 0 by default.
        *args: handed to the functions.
        **kw: handed to the functions.

    Returns:
        A tensor of the shape of ``x``.

    Raises:
        ShapeError: there are not as many functions as conditions, or one more.

    Example:
        >>> x = Tensor([-2.0, 3.0])
        >>> piecewise(x, [x < 0, x >= 0], [lambda x: -x, 10.0]).tolist()
        [2.0, 10.0]
    """
    x = as_operand(x)
    if isinstance(condlist, (list, tuple)):
        single = x.ndim > 0 and all(np.ndim(c) == 0 for c in condlist)
    else:
        single = np.ndim(condlist) <= x.ndim
    marks = [
        np.asarray(plain_index(broadcast_to(mask_of(c, "piecewise"), x.shape)))
        for c in ([condlist] if single else condlist)
    ]
    if len(funclist) == len(marks) + 1:
        rest = ~np.any(marks, axis=0)
        marks, funclist = [rest, *marks], [funclist[-1], *funclist[:-1]]
    if len(funclist) != len(marks):
        raise ShapeError(
            f"'piecewise' was given {len(marks)} conditions and {len(funclist)} functions; give "
            "as many, or one more for where none holds"
        )
    y: Any = constant(np.zeros(x.shape, x.dtype))
    for mark, function in zip(marks, funclist, strict=True):
        if mark.any():
            y = index_set(
                y, mark, function(x[mark], *args, **kw) if callable(function) else function
            )
    return y  # type: ignore[no-any-return]


def apply_along_axis(
    func1d: Callable[..., Any], axis: int, arr: TensorLike, *args: Any, **kwargs: Any
) -> Tensor:
    """A function of the rows along an axis, one call for each; `autodiff.vmap` is faster.

    Args:
        func1d: takes a tensor of one axis, gives one of any shape.
        axis: the axis of the rows.
        arr: tensor or array.
        *args: handed to the function.
        **kwargs: handed to the function.

    Returns:
        The results, their axes in the place of the axis.

    Raises:
        ShapeError: there is no row.

    Example:
        >>> apply_along_axis(lambda row: row[::-1], 1, [[1.0, 2.0], [3.0, 4.0]]).tolist()
        [[2.0, 1.0], [4.0, 3.0]]
    """
    arr = as_operand(arr)
    place = place_of_axis(axis, arr.ndim)
    others = (*arr.shape[:place], *arr.shape[place + 1 :])
    if 0 in others:
        raise ShapeError(f"'apply_along_axis' was given shape {arr.shape}, which has no rows")
    rows = moveaxis(arr, place, -1).reshape(-1, arr.shape[place])
    found = stack(operands_of([func1d(row, *args, **kwargs) for row in rows]))
    inner = found.shape[1:]
    whole = found.reshape(*others, *inner)
    made = range(len(others), len(others) + len(inner))
    return moveaxis(whole, tuple(made), tuple(range(place, place + len(inner))))


def apply_over_axes(func: Callable[..., Any], a: TensorLike, axes: Any) -> Tensor:
    """A reduction applied along one axis after the other, which keep the length 1.

    Args:
        func: takes a tensor and an axis.
        a: tensor or array.
        axes: the axis or axes.

    Returns:
        The reduced tensor, with as many axes as ``a``.

    Raises:
        ShapeError: the function gives another number of axes.

    Example:
        >>> import autodiff as ad
        >>> apply_over_axes(ad.sum, [[1.0, 2.0], [3.0, 4.0]], (0, 1)).tolist()
        [[10.0]]
    """
    y = as_operand(a)
    count = y.ndim
    for axis in axes if isinstance(axes, (tuple, list)) else (axes,):
        place = place_of_axis(axis, count)
        y = as_operand(func(y, place))
        if y.ndim == count - 1:
            y = expand_dims(y, place)
        if y.ndim != count:
            raise ShapeError(
                f"'apply_over_axes' was given a function that leaves {y.ndim} of {count} axes; it "
                "must reduce one axis, or keep its length 1"
            )
    return y


def vectorize(
    pyfunc: Callable[..., Any], *, excluded: Sequence[int | str] = ()
) -> Callable[..., Any]:
    """A function of numbers as one of tensors, one call for each element.

    For convenience, not for speed: functions of this library take whole tensors already.

    Args:
        pyfunc: takes tensors without axes, gives one number (or a tuple of them).
        excluded: positions or names of arguments that are handed over as they are.

    Returns:
        A function of tensors that broadcast against each other.

    Example:
        >>> larger = vectorize(lambda a, b: a if a > b else b)
        >>> larger([1.0, 5.0], [[3.0], [4.0]]).tolist()
        [[3.0, 5.0], [4.0, 5.0]]
    """

    def function(*args: Any, **kwargs: Any) -> Any:
        keys = [i for i in range(len(args)) if i not in excluded]
        names = [name for name in kwargs if name not in excluded]
        nodes = operands_of([*(args[i] for i in keys), *(kwargs[name] for name in names)])
        shape = np.broadcast_shapes(*(node.shape for node in nodes))
        flat = [broadcast_to(node, shape).reshape(-1) for node in nodes]
        results = []
        for each in zip(*flat, strict=True):
            given, named = list(args), dict(kwargs)
            for i, element in zip(keys, each, strict=False):
                given[i] = element
            named.update(zip(names, each[len(keys) :], strict=True))
            results.append(pyfunc(*given, **named))
        if not results:
            return constant(np.zeros(shape, nodes[0].dtype))
        if isinstance(results[0], tuple):
            return tuple(_whole(part, shape) for part in zip(*results, strict=True))
        return _whole(results, shape)

    function.__name__ = getattr(pyfunc, "__name__", "vectorized")
    function.__doc__ = pyfunc.__doc__
    return function


def _whole(results: Sequence[Any], shape: tuple[int, ...]) -> Tensor:
    return stack(operands_of(results)).reshape(*shape)
