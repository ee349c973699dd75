"""Which neurons feed which, and from where to where the wires between them run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from viz.geometry import Rect
from viz.networks.model import Network, Weights
from viz.networks.planes.labels import Line
from viz.networks.planes.places import Places
from viz.networks.planes.words import short
from viz.text.formatting import clean, subscript, transposed_name

__all__ = ["Detour", "End", "Link", "detour", "lines", "links"]

PORT, TURN, LANE = 11.0, 46.0, 7.0

End = tuple[int, int]
"""A layer and a row of it; of a bundle there is row 0 alone."""

Detour = tuple[float, float, float]
"""How a wire passes over layers: on the level y, from the first x to the second."""


@dataclass(frozen=True, slots=True)
class Link:
    """Neurons that feed neurons, by the ends of the wire that stands for it."""

    source: End
    target: End
    weights: Weights
    rows: slice
    columns: slice
    first: bool
    bundled: bool

    def label(self, labelled: bool, back: bool) -> str:
        """The weight, or the matrix on one wire of a bundle, on the way back its transpose."""
        if not self.bundled:
            return short(self.block.item()) if labelled else ""
        if not self.first:
            return ""
        name = clean(self.weights.name) or f"W{subscript(self.weights.target)}"
        rows, columns = self.weights.values.shape
        if back:
            return f"{transposed_name(name)}  {columns} × {rows}"
        return f"{name}  {rows} × {columns}"

    @property
    def block(self) -> np.ndarray[Any, Any]:
        """The weights, 0 where there is no wire."""
        here = self.weights.mask[self.rows, self.columns]
        return np.where(here, np.asarray(self.weights.values[self.rows, self.columns], float), 0.0)


def links(network: Network, places: Places) -> list[Link]:
    """All wires between neurons, or bundles of them."""
    found: list[Link] = []
    for weights in network.weights:
        a, b = places.columns[weights.source], places.columns[weights.target]
        here = weights.mask
        for row in range(len(b.forward)):
            for column in range(len(a.forward)):
                rows = slice(None) if b.bundle else slice(row, row + 1)
                columns = slice(None) if a.bundle else slice(column, column + 1)
                if here[rows, columns].any():
                    middle = (row, column) == (len(b.forward) // 2, len(a.forward) // 2)
                    ends = (weights.source, column), (weights.target, row)
                    bundled = a.bundle or b.bundle
                    found.append(Link(*ends, weights, rows, columns, middle, bundled))
    return found


def lines(
    ends: Sequence[tuple[End, End]], cards: Sequence[Sequence[Rect]], left: bool
) -> list[Line]:
    """From the middle of a side of the one card to ports along the side of the other."""
    arriving: dict[End, list[int]] = defaultdict(list)
    for number, (_, target) in enumerate(ends):
        arriving[target].append(number)
    found: list[Line | None] = [None] * len(ends)
    for (layer, row), numbers in arriving.items():
        card = cards[layer][row]
        starts = {n: cards[ends[n][0][0]][ends[n][0][1]] for n in numbers}
        # What passes over other layers comes from above.
        near = {n: abs(ends[n][0][0] - layer) == 1 for n in numbers}
        numbers = sorted(numbers, key=lambda n: (near[n], starts[n].middle[1], n))
        step = min(PORT, (card.height - 16) / max(len(numbers) - 1, 1))
        for place, n in enumerate(numbers):
            off = (place - (len(numbers) - 1) / 2) * step
            start = starts[n]
            x0 = start.x if left else start.right
            found[n] = Line(
                x0, start.middle[1], card.right if left else card.x, card.middle[1] + off
            )
    return [line for line in found if line is not None]


def detour(source: End, target: End, cards: Sequence[Sequence[Rect]], top: float) -> Detour | None:
    """How a wire passes the layers that it skips; `None` if it skips none.

    Args:
        source: where it begins.
        target: where it ends, in a layer before or after.
        cards: of each layer its cards, from the top.
        top: y of the upper side of the plane.
    """
    (a, row), (b, _) = source, target
    if abs(a - b) == 1:
        return None
    y = top + 9.0 + LANE * (row % 3)
    if a < b:
        return cards[a][0].right + TURN, cards[b][0].x - TURN, y
    return cards[a][0].x - TURN, cards[b][0].right + TURN, y
