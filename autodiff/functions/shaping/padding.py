"""Borders of constants or of the operand itself: `numpy.pad` in all its modes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.products.linear import matmul
from autodiff.functions.reductions import reductions
from autodiff.functions.shaping.joining import concatenate
from autodiff.functions.shaping.shaping import broadcast_to, flip, moveaxis, place_of_axis
from autodiff.ops.shaping import shape as shapes
from autodiff.tensors.operands import as_operand, operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.record import constant
from autodiff.tensors.tensor import Tensor

__all__ = ["pad"]

_COPIES = ("edge", "reflect", "symmetric", "wrap")
_STATISTICS = ("maximum", "mean", "median", "minimum")
_OPTIONS = {
    **dict.fromkeys(_STATISTICS, "stat_length"),
    "constant": "constant_values",
    "linear_ramp": "end_values",
    "reflect": "reflect_type",
    "symmetric": "reflect_type",
}
_MODES = sorted({*_OPTIONS, *_COPIES, "empty"})

Pairs = tuple[tuple[int, int], ...]


def pad(
    x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = 0.0, **options: Any
) -> Tensor:
    """A border around the operand.

    Args:
        x: tensor or array.
        pad_width: elements before and after on each axis, in any of `numpy.pad`'s forms.
        mode: ``"constant"``; ``"edge"``, ``"reflect"``, ``"symmetric"``, ``"wrap"``;
            ``"linear_ramp"``; ``"maximum"``, ``"mean"``, ``"median"``, ``"minimum"``.
        constant_values: what a constant border holds: one number, or one for each side. They
            may carry gradients.
        **options: of other modes, as NumPy's: ``reflect_type`` (``"even"`` or ``"odd"``),
            ``end_values`` of a ramp, ``stat_length``, how many elements a mean is taken of.

    Returns:
        The padded tensor.

    Raises:
        ValueError: the mode or an option is another one.

    Derivative: of the result's gradient g, x receives g without the border.

    Example:
        >>> pad([1.0, 2.0], 1).tolist(), pad([1.0, 2.0], 1, "mean").tolist()
        ([0.0, 1.0, 2.0, 0.0], [1.5, 1.0, 2.0, 1.5])
    """
    plain = mode != "constant" or isinstance(constant_values, (int, float))
    x, fill = operands_of((x, None if plain else constant_values))
    if isinstance(pad_width, dict):
        given = {place_of_axis(a, x.ndim): width for a, width in pad_width.items()}
        pad_width = [np.broadcast_to(given.get(a, 0), 2) for a in range(x.ndim)]
    sizes = np.asarray(pad_width)
    if sizes.size and sizes.dtype.kind not in "iub":
        raise TypeError(f"pad() was given pad_width={pad_width!r}; give whole numbers of elements")
    try:
        widths = np.broadcast_to(sizes.astype(np.intp), (x.ndim, 2))
    except ValueError:
        raise ShapeError(
            f"'pad' was given pad_width={pad_width!r} for shape {x.shape}; give one number, a pair "
            "(before, after), or a pair for every axis"
        ) from None
    pairs = tuple((int(a), int(b)) for a, b in widths)
    if mode == "constant" and not options and fill is None:
        return apply(shapes.pad, x, pad_width=pairs, value=float(constant_values))
    if mode == "constant":
        options["constant_values"] = constant_values if fill is None else fill
    return padded(x, pairs, mode, options)


def padded(x: Any, pairs: Pairs, mode: Any, options: dict[str, Any]) -> Tensor:
    """A border of one of NumPy's modes, one axis after the other.

    Args:
        x: tensor.
        pairs: elements before and after on each axis.
        mode: NumPy's name of it.
        options: the option of the mode.

    Raises:
        ValueError: the mode or the option is another one.

    Example:
        >>> padded(as_operand([1.0, 3.0]), ((1, 1),), "mean", {}).tolist()
        [2.0, 1.0, 3.0, 2.0]
    """
    if mode not in _MODES:
        raise ValueError(f"pad() knows the modes {', '.join(_MODES)}, not {mode!r}")
    for name in options:
        if name != _OPTIONS.get(mode):
            known = _OPTIONS.get(mode)
            raise ValueError(
                f"pad() was given {name}= with the mode {mode!r}, which takes "
                + (f"{known}=" if known else "no option")
            )
    if x.dtype.kind not in "fc" and mode != "empty":
        given = {name: _plain(value) for name, value in options.items()}
        return constant(np.pad(x._data, pairs, mode, **given))
    border = _border_maker(x, mode, options)
    for axis, (before, after) in enumerate(pairs):
        if before or after:
            x = border(x, axis, before, after)
    return x  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    return value._data if isinstance(value, Tensor) else value


def _border_maker(x: Any, mode: str, options: dict[str, Any]) -> Callable[..., Any]:
    if mode in _COPIES:
        kind = options.get("reflect_type", "even")
        if kind not in ("even", "odd"):
            raise ValueError(f"pad() was given reflect_type={kind!r}; give 'even' or 'odd'")
        return partial(_odd if kind == "odd" else _copied, mode=mode)
    if mode in _STATISTICS:
        length = options.get("stat_length")
        lengths = np.broadcast_to(np.asarray(length, object), (x.ndim, 2))
        return partial(_summarised, mode=mode, lengths=lengths)
    ends = as_operand(options.get(_OPTIONS.get(mode, ""), 0), x).astype(x.dtype)
    ends = broadcast_to(ends, (x.ndim, 2))
    return partial(_ramped if mode == "linear_ramp" else _filled, ends=ends)


def _first(x: Any, axis: int, begin: Any, end: Any) -> Any:
    return x[(*(slice(None),) * axis, slice(begin, end))]


def _repeated(part: Any, axis: int, count: int) -> Any:
    return broadcast_to(part, (*part.shape[:axis], count, *part.shape[axis + 1 :]))


def _copied(x: Any, axis: int, before: int, after: int, mode: str) -> Any:
    counted: Any = np.pad
    places = counted(np.arange(x.shape[axis]), (before, after), mode=mode)
    return x[(*(slice(None),) * axis, places)]


def _odd(x: Any, axis: int, before: int, after: int, mode: str) -> Any:
    """Twice the element at the end less the reflected ones."""
    length, skipped = x.shape[axis], int(mode == "reflect")
    if max(before, after) > length - skipped or length == 1:
        # Reflected several times: each element of the border is a sum of the operand's.
        weave: Any = np.pad
        rows = weave(np.eye(length), ((before, after), (0, 0)), mode=mode, reflect_type="odd")
        matrix = rows.T.astype(np.zeros((), x.dtype).real.dtype)
        return moveaxis(matmul(moveaxis(x, axis, -1), matrix), -1, axis)
    left = flip(_first(x, axis, skipped, before + skipped), axis)
    right = flip(_first(x, axis, length - after - skipped, length - skipped), axis)
    low, high = _first(x, axis, 0, 1), _first(x, axis, length - 1, length)
    return concatenate([2 * low - left, x, 2 * high - right], axis)


def _summarised(x: Any, axis: int, before: int, after: int, mode: str, lengths: Any) -> Any:
    if mode == "median":
        # One mode of eleven: all others need not wait until sorting is loaded.
        from autodiff.functions.ordering.quantiles import median

        reduce: Any = median
    else:
        reduce = getattr(reductions, {"maximum": "max", "minimum": "min"}.get(mode, mode))
    total = x.shape[axis]
    counts = [total if n is None else min(int(n), total) for n in lengths[axis]]
    if 0 in counts:
        raise ShapeError(
            f"'pad' with the mode {mode!r} was given no elements to take it of: axis {axis} has "
            f"{total} and stat_length is {tuple(lengths[axis])}"
        )
    left = reduce(_first(x, axis, 0, counts[0]), axis, keepdims=True)
    right = reduce(_first(x, axis, total - counts[1], total), axis, keepdims=True)
    return concatenate([_repeated(left, axis, before), x, _repeated(right, axis, after)], axis)


def _filled(x: Any, axis: int, before: int, after: int, ends: Any) -> Any:
    shape = (*x.shape[:axis], 1, *x.shape[axis + 1 :])
    left, right = (
        _repeated(broadcast_to(ends[axis, side], shape), axis, count)
        for side, count in enumerate((before, after))
    )
    return concatenate([left, x, right], axis)


def _ramped(x: Any, axis: int, before: int, after: int, ends: Any) -> Any:
    if x.shape[axis] == 0:
        raise ShapeError(f"'pad' with the mode 'linear_ramp' was given axis {axis} of length 0")
    last = x.shape[axis] - 1
    left = _ramp(_first(x, axis, 0, 1), ends[axis, 0], axis, before)
    right = _ramp(_first(x, axis, last, last + 1), ends[axis, 1], axis, after)
    return concatenate([left, x, flip(right, axis)], axis)


def _ramp(edge: Any, end: Any, axis: int, count: int) -> Any:
    share = (np.arange(count) / max(count, 1)).astype(edge.dtype)
    return end + (edge - end) * as_operand(share.reshape(-1, *[1] * (edge.ndim - axis - 1)))
