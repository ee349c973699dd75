"""Operators that move elements: shapes, cuts, joins, gathers and scatters."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, combinations_with_replacement
from typing import Any

import numpy as np

import autodiff as ad
from tests.autodiff.operators.elementwise import whole

__all__ = ["ADAPTERS"]


def _expanded(x: Any, *sizes: Any) -> Any:
    sizes = sizes[0] if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)) else sizes
    own = (1,) * (len(sizes) - x.ndim) + x.shape
    return ad.broadcast_to(x, tuple(n if m == -1 else m for m, n in zip(sizes, own, strict=True)))


def _flattened(x: Any, start_dim: int = 0, end_dim: int = -1) -> Any:
    if not x.ndim:
        return x.reshape(1)
    start, end = start_dim % x.ndim, end_dim % x.ndim
    middle = int(np.prod(x.shape[start : end + 1]))
    return x.reshape(*x.shape[:start], middle, *x.shape[end + 1 :])


def _squeezed(x: Any, dim: Any = None) -> Any:
    if dim is None:
        return ad.squeeze(x)
    if not x.ndim:
        return ad.positive(x)
    axes = dim if isinstance(dim, (tuple, list)) else (dim,)
    alone = tuple(a % x.ndim for a in axes if x.shape[a] == 1)
    return ad.squeeze(x, alone) if alone else ad.positive(x)


def _swapped(x: Any, a: int, b: int) -> Any:
    return ad.swapaxes(x, a, b) if x.ndim else ad.positive(x)


def _split(x: Any, size: Any, dim: int = 0) -> Any:
    if isinstance(size, (tuple, list)):
        return tuple(ad.split(x, np.cumsum(size)[:-1].tolist(), axis=dim))
    return tuple(ad.split(x, list(range(size, x.shape[dim], size)), axis=dim))


def _tensor_split(x: Any, parts: Any, dim: int = 0) -> Any:
    parts = whole(parts).tolist()
    return tuple(ad.array_split(x, parts, axis=dim))


def _diagonal(x: Any, offset: int = 0, dim1: int = 0, dim2: int = 1) -> Any:
    return ad.diagonal(x, offset, dim1, dim2)


def _matrix_diagonal(A: Any, *, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:  # noqa: N803
    return ad.diagonal(A, offset, dim1, dim2)


def _joined(tensors: Any, dim: int = 0) -> Any:
    # An empty vector joins anything there.
    kept = [t for t in tensors if t.shape != (0,)] or list(tensors)
    return ad.concatenate(kept, axis=dim)


def _repeated(x: Any, *times: Any) -> Any:
    times = times[0] if len(times) == 1 and isinstance(times[0], (tuple, list)) else times
    return ad.tile(x, tuple(times))


def _interleaved(
    x: Any, repeats: Any, dim: int | None = None, *, output_size: int | None = None
) -> Any:
    repeats = whole(repeats)
    x = x.reshape(1) if not x.ndim and dim is not None else x
    return ad.repeat(x, repeats.tolist(), axis=dim)


def _rank3(x: Any) -> Any:
    """A vector as a row of a page, as the database has it."""
    return ad.reshape(x, (1, x.size, 1)) if x.ndim == 1 else ad.atleast_3d(x)


def _padded(x: Any, pad: Any, mode: str = "constant", value: float | None = None) -> Any:
    pairs = [tuple(pad[i : i + 2]) for i in range(0, len(pad), 2)][::-1]
    widths = [(0, 0)] * (x.ndim - len(pairs)) + pairs
    cut = tuple(
        slice(max(-a, 0), n - max(-b, 0)) for (a, b), n in zip(widths, x.shape, strict=True)
    )
    widths = [(max(a, 0), max(b, 0)) for a, b in widths]
    if mode == "replicate" and 0 in x[cut].shape:
        # All is cut off on one side: what is repeated is the element at the other's edge.
        return _replicated(x, pairs)
    names = {"replicate": "edge", "circular": "wrap"}
    options = {"constant_values": value or 0.0} if mode == "constant" else {}
    return ad.pad(x[cut], widths, names.get(mode, mode), **options)


def _replicated(x: Any, pairs: Any) -> Any:
    for i, (a, b) in enumerate(pairs, x.ndim - len(pairs)):
        n = x.shape[i]
        x = ad.take(x, np.clip(np.arange(-a, n + b), 0, n - 1), axis=i)
    return x


def _unfolded(x: Any, dimension: int, size: int, step: int) -> Any:
    if not x.ndim:
        return x.reshape(1)[:size]
    count = (x.shape[dimension] - size) // step + 1
    windows = np.arange(count)[:, None] * step + np.arange(size)
    taken = ad.take(x, windows, axis=dimension)
    return ad.moveaxis(taken, dimension % x.ndim + 1, -1)


def _strided(x: Any, size: Any, stride: Any, storage_offset: int = 0) -> Any:
    places = storage_offset + sum(
        np.arange(n).reshape(-1, *(1,) * (len(size) - 1 - i)) * s
        for i, (n, s) in enumerate(zip(size, stride, strict=True))
    )
    return x.reshape(-1)[np.broadcast_to(places, size)]


def _meshed(tensors: Any, *rest: Any, indexing: str = "ij") -> Any:
    every = tensors if isinstance(tensors, (list, tuple)) else (tensors, *rest)
    return tuple(ad.meshgrid(*[t.reshape(-1) for t in every], indexing=indexing))


def _unflattened(x: Any, dim: int, sizes: Any) -> Any:
    x = x if x.ndim else x.reshape(1)
    dim %= x.ndim
    return x.reshape(*x.shape[:dim], *sizes, *x.shape[dim + 1 :])


def _summed_to(x: Any, size: Any) -> Any:
    extra = x.ndim - len(size)
    x = x.sum(axis=tuple(range(extra))) if extra else x
    axes = tuple(i for i, n in enumerate(size) if n == 1 != x.shape[i])
    return x.sum(axis=axes, keepdims=True) if axes else ad.positive(x)


def _rows(split: Callable[..., Any]) -> Callable[..., Any]:
    return lambda x, parts: tuple(split(x, list(parts) if isinstance(parts, tuple) else parts))


def _rot90(x: Any, k: int = 1, dims: Any = (0, 1)) -> Any:
    return ad.rot90(x, k, axes=tuple(dims))


def _lists(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda first, *rest: function(
        list(first) if isinstance(first, (list, tuple)) else [first, *rest]
    )


def _block_diagonal(*blocks: Any) -> Any:
    two = [ad.atleast_2d(b) for b in blocks]
    wide = sum(b.shape[1] for b in two)
    rows, start = [], 0
    for b in two:
        rows.append(ad.pad(b, [(0, 0), (start, wide - start - b.shape[1])]))
        start += b.shape[1]
    return ad.concatenate(rows, axis=0)


def _combined(n: int, r: int, repeated: bool) -> Any:
    chosen = combinations_with_replacement if repeated else combinations
    return np.array(list(chosen(range(n), r)), dtype=int).reshape(-1, r)


ADAPTERS: dict[str, Callable[..., Any]] = {
    "H": lambda x: x.T,
    "T": lambda x: x.T,
    "fliplr": lambda x: ad.flip(x, 1),
    "flipud": lambda x: ad.flip(x, 0),
    "meshgrid": _meshed,
    "sum_to_size": lambda x, *size: _summed_to(
        x, size[0] if size and not isinstance(size[0], int) else size
    ),
    "unflatten": _unflattened,
    "atleast_3d": _lists(lambda xs: tuple(map(_rank3, xs))),
    "cartesian_prod": _lists(
        lambda xs: (
            ad.stack([m.reshape(-1) for m in ad.meshgrid(*xs, indexing="ij")], axis=1)
            if len(xs) > 1
            else ad.positive(xs[0])
        )
    ),
    "combinations": lambda x, r=2, with_replacement=False: x[
        _combined(x.size, r, with_replacement)
    ],
    "mH": lambda x: x.mT,
    "mT": lambda x: x.mT,
    "t": lambda x: x.T if x.ndim == 2 else ad.positive(x),
    "t_copy": lambda x: x.T if x.ndim == 2 else ad.positive(x),
    "alias_copy": ad.positive,
    "as_strided": _strided,
    "as_strided_copy": _strided,
    "atleast_1d": _lists(lambda xs: tuple(ad.atleast_1d(x) for x in xs)),
    "atleast_2d": _lists(lambda xs: tuple(ad.atleast_2d(x) for x in xs)),
    "block_diag": _lists(lambda xs: _block_diagonal(*xs)),
    "broadcast_tensors": _lists(lambda xs: tuple(ad.broadcast_arrays(*xs))),
    "cat": _joined,
    "unsafe_chunk": lambda x, chunks, dim=0: ad.chunk(x, chunks, dim),
    "column_stack": _lists(lambda xs: ad.column_stack(xs)),
    "constant_pad_nd": lambda x, pad, value=0.0: _padded(x, pad, "constant", value),
    "diagflat": lambda x, offset=0: ad.diagflat(x, offset),
    "diagonal": _diagonal,
    "diagonal_copy": _diagonal,
    "linalg.diagonal": _matrix_diagonal,
    "dsplit": _rows(lambda x, parts: ad.dsplit(x, parts)),
    "dstack": _lists(lambda xs: ad.dstack(xs)),
    "expand": _expanded,
    "expand_as": lambda x, like: ad.broadcast_to(x, like.shape),
    "expand_copy": _expanded,
    "flatten": _flattened,
    "flip": lambda x, dims: ad.flip(x, tuple(dims)),
    "hsplit": _rows(lambda x, parts: ad.hsplit(x, parts)),
    "hstack": _lists(lambda xs: ad.hstack(xs)),
    "nn.functional.pad": _padded,
    "repeat": _repeated,
    "repeat_interleave": _interleaved,
    "reshape_as": lambda x, like: x.reshape(like.shape),
    "rot90": _rot90,
    "split": _split,
    "split_with_sizes": _split,
    "split_with_sizes_copy": _split,
    "unsafe_split": _split,
    "squeeze": _squeezed,
    "squeeze_copy": _squeezed,
    "tensor_split": _tensor_split,
    "transpose": _swapped,
    "transpose_copy": _swapped,
    "unbind": lambda x, dim=0: tuple(ad.moveaxis(x, dim, 0)),
    "unbind_copy": lambda x, dim=0: tuple(ad.moveaxis(x, dim, 0)),
    "unfold": _unfolded,
    "unfold_copy": _unfolded,
    "view_as": lambda x, like: x.reshape(like.shape),
    "vsplit": _rows(lambda x, parts: ad.vsplit(x, parts)),
    "vstack": _lists(lambda xs: ad.vstack(xs)),
}
