"""Indexing, scattering and masks."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.autodiff.calls.numbers import MASK, POSITIVE, A, B, I, K, V

__all__ = ["CALLS"]

IDS = np.array([1, 0, 1])
Calls = list[tuple[tuple[Any, ...], dict[str, Any]]]
_UPDATE: Calls = [((A, I, B[:2]), {}), ((A, I, 1.5), {}), ((A, MASK, 1.5), {})]

CALLS: dict[str, Calls] = {
    **dict.fromkeys("index_add index_set index_max index_min index_multiply".split(), _UPDATE),
    "index_reduce": [((A, 0, I, B[:2], how), {}) for how in ("mean", "prod", "amax", "amin")],
    "ix_": [((I, np.array([0, 3])), {})],
    "indices": [(((2, 3),), {})],
    "narrow": [((A, 1, 1, 2), {})],
    "select_scatter": [((A, B[0], 0, 1), {}), ((A, 1.5, 0, 1), {})],
    "slice_scatter": [((A, B[:2], 0, 1), {})],
    "diagonal_scatter": [((A, B[0, :3]), {}), ((A, 1.5, 1), {})],
    "getitem": [((A, I), {}), ((A, MASK), {}), ((A, (slice(None), I)), {})],
    "scatter": [((A[:2], I, (5, 4)), {})],
    "scatter_add": [((A, 1, K, B), {})],
    "scatter_reduce": [((A, 1, K, B, how), {}) for how in ("sum", "mean", "prod", "amax", "amin")],
    "scatter_along_axis": [((A, K, 1, 6), {})],
    "compress": [((np.array([True, False, True]), A, 0), {})],
    "extract": [((MASK, A), {})],
    "gather": [((A, 1, K), {})],
    "masked_select": [((A, MASK), {})],
    "take": [((A, I, 1), {}), ((A, I, 1), {"mode": "wrap"})],
    "fill_diagonal": [((A, 1.5), {}), ((A, B[0, :3]), {})],
    "index_copy": [((A, 0, I, B[:2]), {})],
    "index_fill": [((A, 0, I, 1.5), {})],
    "masked_fill": [((A, MASK, 1.5), {}), ((A, MASK, np.array(2.5)), {})],
    "masked_scatter": [((A, MASK, POSITIVE), {})],
    "place": [((A, MASK, V), {})],
    "put": [((A, I, np.array([1.5, 2.5])), {}), ((A, I, 1.5), {})],
    "put_along_axis": [((A, K[:, :1], B[:, :1], 1), {}), ((A, K[:, :1], 1.5, 1), {})],
}
