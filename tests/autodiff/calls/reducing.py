"""Reductions, scans, order, statistics and questions."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.autodiff.calls.numbers import MASK, POSITIVE, UNIT, A, B, I, V

__all__ = ["CALLS"]

EDGES = np.array([-2.0, -0.5, 0.1, 2.0])
GAPS = np.where(MASK, A, np.nan)
WHERE: dict[str, Any] = {"where": MASK}
IDS = np.array([1, 0, 1])
Calls = list[tuple[tuple[Any, ...], dict[str, Any]]]

_REDUCED: Calls = [((A,), {}), ((A, 1), dict(WHERE))]
_STARTED: Calls = [((A,), {}), ((A, 1), {**WHERE, "initial": -3.5}), ((A,), {"initial": 3.5})]
_NAN: Calls = [((GAPS,), {}), ((A, 1), dict(WHERE))]
_NAN_STARTED: Calls = [((GAPS,), {}), ((A, 1), {**WHERE, "initial": 1.5})]
_ALONG: Calls = [((A, 1), {})]
_QUANTILE: Calls = [
    ((A, 0.3), {}),
    ((A, np.array([0.3, 0.7]), 1), {}),
    ((A, 0.3, 1), {"method": "inverted_cdf", "weights": POSITIVE}),
]
_PERCENTILE: Calls = [((A, 30.0), {}), ((A, np.array([30.0, 70.0]), 1), {})]
_SETS: Calls = [((V, np.array([0.3, 7.0])), {})]
_GAPS: Calls = [((GAPS,), {})]
_SUMS: Calls = [((A, 1), {}), ((A, 1), {"b": POSITIVE})]
_NAMED: Calls = [((A,), {"axis": 1})]
_PARTED: Calls = [((A, 1), {}), ((A, np.array([0, 2])), {})]
_SEGMENTS: Calls = [((A, IDS), {})]

CALLS: dict[str, Calls] = {
    **dict.fromkeys("mean std var all any".split(), _REDUCED),
    **dict.fromkeys("sum prod max min amax amin".split(), _STARTED),
    **dict.fromkeys("nanmean nanstd nanvar".split(), _NAN),
    **dict.fromkeys("nansum nanprod nanmax nanmin".split(), _NAN_STARTED),
    **dict.fromkeys("nancumsum nancumprod nanargmax nanargmin nanmedian".split(), _GAPS),
    **dict.fromkeys("quantile nanquantile".split(), _QUANTILE),
    **dict.fromkeys("percentile nanpercentile".split(), _PERCENTILE),
    **dict.fromkeys("cumsum cumprod cummax cummin logcumsumexp median ptp".split(), _ALONG),
    **dict.fromkeys("argmax argmin count_nonzero argsort sort softmax log_softmax".split(), _ALONG),
    **dict.fromkeys(["special.softmax", "special.log_softmax", "softmin"], _ALONG),
    **dict.fromkeys(["logsumexp", "special.logsumexp"], _SUMS),
    **dict.fromkeys("cumulative_sum cumulative_prod".split(), _NAMED),
    **dict.fromkeys("partition argpartition".split(), _PARTED),
    **dict.fromkeys("intersect1d setdiff1d setxor1d union1d".split(), _SETS),
    **dict.fromkeys("segment_max segment_min segment_sum segment_prod".split(), _SEGMENTS),
    "softmax_cross_entropy": [((A, UNIT), {})],
    "label_cross_entropy": [((A, np.array([1, 0, 3])), {})],
    "label_nll": [((A, np.array([1, 0, 3])), {})],
    "argwhere": [((A,), {})],
    "flatnonzero": [((A,), {})],
    "isin": [((A, V), {})],
    "unique": [((V,), {}), ((A,), {"axis": 0})],
    "lexsort": [(((A[0], B[0]),), {}), ((A,), {})],
    "searchsorted": [((np.sort(V), A), {}), ((V, A), {"sorter": np.argsort(V)})],
    "aminmax": [((A, 1), {})],
    "kthvalue": [((A, 2), {})],
    "std_mean": [((A, 1), {})],
    "var_mean": [((A, 1), {})],
    "topk": [((A, 2), {})],
    "digitize": [((A, EDGES), {})],
    "histogram": [
        ((A, EDGES), {}),
        ((A, 4), {"range": (-2.0, 2.0), "weights": POSITIVE}),
        ((A, EDGES), {"density": True, "weights": POSITIVE}),
        ((A, 3), {"density": True}),
    ],
    "histogram2d": [((A[0], B[0], [EDGES, EDGES]), {}), ((A[0], B[0], 3), {"weights": V})],
    "histogramdd": [((A[:, :2], [EDGES, EDGES]), {}), ((A[:, :2], 3), {"weights": A[:, 3]})],
    "histogram_bin_edges": [((A, EDGES), {}), ((A, 4), {})],
    "bincount": [((IDS,), {"weights": A[:, 0]})],
    "diff": [((A,), {}), ((A,), {"prepend": B[:, :1], "append": B[:, 1:2]})],
    "ediff1d": [((V,), {}), ((V, np.array([1.5]), np.array([2.5])), {}), ((V, 1.5, 2.5), {})],
    "unwrap": [((5 * A,), {}), ((5 * A,), {"discont": 2.0, "period": 5.0})],
    "apply_over_axes": [((np.sum, A, (0, 1)), {})],
    "apply_along_axis": [
        ((lambda row: row[:2] * row[1], 1, A), {}),
        ((lambda row, v: row * v, 1, A, V), {}),
        ((lambda row, v: row * v, 1, A), {"v": V}),
    ],
    "take_along_axis": [((A, np.array([[0, 3], [1, 1], [2, 0]]), 1), {})],
    "nonzero": [((A,), {})],
    "unique_all": [((V,), {})],
    "unique_counts": [((V,), {})],
    "unique_inverse": [((V,), {})],
    "unique_values": [((V,), {})],
    "trim_zeros": [((V,), {})],
    "index_select": [((A, 0, I), {})],
}
