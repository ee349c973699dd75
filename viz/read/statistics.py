"""What a card says of an array: its size, and how its entries are distributed."""

from __future__ import annotations

from typing import Any

import numpy as np

from viz.model import Histogram
from viz.text.formatting import number

__all__ = ["BINS", "histogram", "rms", "shape_text", "summary"]

BINS = 16
SAMPLE = 1 << 18


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as ``32×16``; empty for a scalar.

    >>> shape_text((32, 16)), shape_text(())
    ('32×16', '')
    """
    return "×".join(str(length) for length in shape)


def rms(array: Any) -> float:
    """Root of the mean of the squares, in double precision; nan if any entry is."""
    array = np.asarray(array)
    if array.size == 1:
        return abs(float(array.item()) if array.dtype.kind in "biuf" else complex(array.item()))
    values = np.abs(array).astype(np.float64, copy=False)
    largest = float(values.max()) if values.size else 0.0
    if largest == 0.0 or not np.isfinite(largest):
        return largest
    # Scaled by the largest entry, so that tiny and huge entries survive the squaring.
    return largest * float(np.sqrt(np.mean(np.square(values / largest))))


def summary(array: Any) -> tuple[str, str]:
    """A label and a text for an array of several entries.

    The `rms` for floating point, the range for integers, the share of true entries for
    booleans; entries that are not finite come first, as what matters.
    """
    values = np.asarray(array)
    if not values.size:
        return "", "empty"
    if values.dtype.kind == "b":
        return "true", f"{number(100 * float(values.mean()), 3)} %"
    if values.dtype.kind in "iu":
        return "", f"{int(values.min())} … {int(values.max())}".replace("-", "−")
    bad = values.size - int(np.isfinite(values).sum())
    if bad:
        return "not finite", f"{bad} of {values.size}"
    return "rms", number(rms(values))


def _complex(values: np.ndarray[Any, Any]) -> bool:
    return bool(values.dtype.kind == "c")


def histogram(array: Any) -> Histogram:
    """Counts of the finite entries in `BINS` bins; of a regular sample of a huge array."""
    values = np.asarray(array).reshape(-1)
    if values.size > SAMPLE:
        values = values[:: -(-values.size // SAMPLE)]
    if _complex(values):
        values = np.abs(values)
    values = values.astype(np.float64, copy=False)
    values = values[np.isfinite(values)]
    if not values.size:
        return Histogram((0,) * BINS, 0.0, 0.0)
    low, high = float(values.min()), float(values.max())
    if not high - low > 1e-12 * max(abs(low), abs(high)) or not np.isfinite(high - low):
        counts = [0] * BINS
        counts[BINS // 2] = int(values.size)
        return Histogram(tuple(counts), low, high)
    places = np.minimum(((values - low) * (BINS / (high - low))).astype(int), BINS - 1)
    counts = np.bincount(places, minlength=BINS).tolist()
    return Histogram(tuple(counts), low, high)
