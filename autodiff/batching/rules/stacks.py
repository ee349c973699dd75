"""Functions that take stacks as they are: matrices, windows and transforms on the last axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff.batching.batch import Batch, ndim_of
from autodiff.batching.rules.axes import shifted, shifted_one
from autodiff.batching.rules.loops import looped
from autodiff.batching.table import RULES, Rule


def _on_last(count: Callable[[Any], int]) -> Rule:
    """The rule of a function of the last axes of its operands, as many as ``count`` says.

    A plain number among the arguments ends the operands.
    """

    def rule(batch: Batch, function: Any, *args: Any, **kwargs: Any) -> Any:
        given = next((i for i, x in enumerate(args) if not hasattr(x, "shape")), len(args))
        operands, rest = args[:given], args[given:]
        top = max(map(ndim_of, operands))
        if any(ndim_of(x) < count(args) for x in operands):
            # An error of the function's own, about the shape of one example.
            return looped(batch, function, *args, **kwargs)
        aligned = (batch.aligned(x, top) for x in operands)
        return batch.wrap(function(*aligned, *rest, **kwargs))

    return rule


_of_matrices = _on_last(lambda args: 2)
_of_rows = _on_last(lambda args: 1)


def _of_windows(batch: Batch, function: Any, *args: Any, **kwargs: Any) -> Any:
    arrays = [x for x in args if hasattr(x, "shape")]
    rest = args[len(arrays) :]
    axes = len(kwargs["kernel"] if "kernel" in kwargs else rest[0])
    if any(x.ndim < axes for x in arrays) or len({x.shape for x in arrays[2:]}) > 1:
        return looped(batch, function, *args, **kwargs)
    return batch.wrap(function(*map(batch.spread, arrays), *rest, **kwargs))


def _fft(batch: Batch, function: Any, x: Any, axes: tuple[int, ...], norm: str) -> Any:
    return batch.wrap(function(x.value, shifted(axes, x.ndim), norm))


def _rfft(batch: Batch, function: Any, x: Any, axis: int, norm: str) -> Any:
    return batch.wrap(function(x.value, shifted_one(axis, x.ndim), norm))


def _irfft(batch: Batch, function: Any, x: Any, n: int, axis: int, norm: str) -> Any:
    return batch.wrap(function(x.value, n, shifted_one(axis, x.ndim), norm))


def _vector_norm(
    batch: Batch, function: Any, x: Any, ord: float = 2, axis: Any = None, keepdims: bool = False
) -> Any:
    return batch.wrap(function(x.value, ord, shifted(axis, x.ndim), keepdims))


def _resample(batch: Batch, function: Any, x: Any, axis: int, taps: Any, back: Any) -> Any:
    return batch.wrap(function(x.value, shifted_one(axis, x.ndim), taps, back))


_MATRICES = (
    "cholesky cofactor cofactor_pull complement det determined eig eigh exchanges expm "
    "expm_derivative independent inv lu pinv qr rank slogdet solve sqrtm "
    "sqrtm_derivative svd undetermined"
)
_WINDOWS = (
    "max_pool max_pool_input max_pool_pick max_pool_places overlap_add window_spread window_sum "
    "windows"
)
RULES.update(
    {
        **dict.fromkeys(_MATRICES.split(), _of_matrices),
        **dict.fromkeys(_WINDOWS.split(), _of_windows),
        "fft": _fft,
        "ifft": _fft,
        "irfft": _irfft,
        "permutation": _of_rows,
        "resample": _resample,
        "rfft": _rfft,
        "vector_norm": _vector_norm,
    }
)
