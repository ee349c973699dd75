"""Cells of colour: arrays as pictures, with as few shapes as their levels allow."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from viz.draw.scene import Block, Shape
from viz.geometry import Rect

__all__ = ["cells", "signed_cells"]

Array = np.ndarray[Any, Any]

LEVELS = 12


def cells(shares: Array, rect: Rect, style: str, levels: int = LEVELS) -> list[Shape]:
    """An array of shape (rows, columns) from 0 (nothing) to 1 (the full colour).

    Neighbours of one level in a row are one rectangle; what is not finite stays empty.
    """
    shares = np.nan_to_num(np.clip(shares, 0.0, 1.0), nan=0.0)
    steps = np.rint(shares * levels).astype(int)
    rows, columns = steps.shape
    # Whole pixels, so that no light shines between two neighbours.
    across = [round(rect.x + rect.width * column / columns) for column in range(columns + 1)]
    down = [round(rect.y + rect.height * row / rows) for row in range(rows + 1)]
    shapes: list[Shape] = []
    for row in range(rows):
        edges = [0, *(np.flatnonzero(np.diff(steps[row])) + 1).tolist(), columns]
        for start, end in pairwise(edges):
            level = int(steps[row, start])
            if level:
                wide, high = across[end] - across[start], down[row + 1] - down[row]
                box = Rect(across[start], down[row], wide, high)
                shapes.append(Block(box, f"{style}-cell", opacity=round(level / levels, 3)))
    return shapes


def signed_cells(array: Array, rect: Rect, largest: float | None = None) -> list[Shape]:
    """An array of shape (rows, columns): positive entries green, negative ones purple."""
    finite = np.abs(array[np.isfinite(array)])
    largest = (float(finite.max()) if finite.size else 0.0) if largest is None else largest
    if not largest:
        return []
    return [
        *cells(array / largest, rect, "positive"),
        *cells(-array / largest, rect, "negative"),
    ]
