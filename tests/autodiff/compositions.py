"""What holds of every function that is composed of others, checked in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import autodiff as ad

__all__ = ["check_composition"]


def _parts(found: Any) -> list[Any]:
    return list(found) if isinstance(found, (tuple, list)) else [found]


def _plain(x: Any) -> Any:
    return np.asarray(x.data if isinstance(x, (ad.Tensor, ad.Value)) else x)


def check_composition(
    ours: Callable[..., Any],
    theirs: Callable[..., Any],
    operands: Sequence[Any],
    *,
    reduced: bool = True,
) -> None:
    """Values as the reference's in several types, and derivatives in every mode.

    Args:
        ours: the function of floating-point operands, which gives a tensor or several.
        theirs: the same of arrays, by NumPy.
        operands: arrays in double precision.
        reduced: the values in smaller types are compared, too.

    Raises:
        AssertionError: something differs.
    """
    expected = [np.asarray(y) for y in _parts(theirs(*operands))]
    lists = [x.tolist() if x.size else x for x in operands]
    for given in (operands, lists, [ad.Tensor(x) for x in operands]):
        for y, z in zip(_parts(ours(*given)), expected, strict=True):
            assert y.shape == z.shape
            np.testing.assert_allclose(_plain(y), z, rtol=1e-12, atol=1e-13)
    for size, near in ((np.float32, 1e-4), (np.float16, 3e-2)) if reduced else ():
        small = [x.astype(size) if x.dtype == np.float64 else x for x in operands]
        if all(x.dtype.kind != "c" for x in operands):
            for y, z in zip(_parts(ours(*small)), expected, strict=True):
                assert y.dtype == size or z.dtype.kind != "f"
                np.testing.assert_allclose(_plain(y), z, rtol=near, atol=near)
    _check_derivatives(lambda *x: _joined(ours(*x)), operands)
    _check_mapped(ours, operands)


def _check_derivatives(f: Callable[..., Any], operands: Sequence[Any]) -> None:
    if f(*operands).size:
        assert ad.gradcheck(f, *operands, order=2).passed
    y, pull = ad.vjp(f, *operands)
    w = np.cos(np.arange(y.size)).astype(y.dtype)
    directions = [np.sin(1.0 + np.arange(x.size)).reshape(x.shape) for x in operands]
    _, pushed = ad.jvp(f, operands, directions)
    by_pulling = sum(np.sum(_plain(g) * u) for g, u in zip(pull(w), directions, strict=True))
    np.testing.assert_allclose(np.sum(_plain(pushed) * w), by_pulling, rtol=1e-10, atol=1e-12)
    step = ad.compile(f)
    for _ in range(2):
        np.testing.assert_allclose(_plain(step(*operands)), _plain(y), rtol=1e-12, atol=1e-13)


def _joined(found: Any) -> Any:
    """All floating-point numbers that are given back, along one axis."""
    rows = [y.reshape(-1) for y in _parts(found) if y.dtype.kind in "fc"]
    return ad.concatenate(rows)


def _check_mapped(ours: Callable[..., Any], operands: Sequence[Any]) -> None:
    batch = [np.stack([x, x * 1.25 if x.dtype.kind in "fc" else x]) for x in operands]
    mapped = _parts(ad.vmap(ours)(*batch))
    alone = [_parts(ours(*(x[i] for x in batch))) for i in range(2)]
    for k, y in enumerate(mapped):
        rows = np.stack([_plain(parts[k]) for parts in alone])
        np.testing.assert_allclose(_plain(y), rows, rtol=1e-12, atol=1e-13)
