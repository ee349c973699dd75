"""Gradient sizes of a picture on one logarithmic scale: the width of lanes, the heat of cards."""

from __future__ import annotations

import math

from viz.draw.axes import decades
from viz.model import Edge, Graph
from viz.text.formatting import number

__all__ = ["Scale"]

THIN, LANE, WIDEST = 1.3, 1.5, 5.5
PER_DECADE = 2.4
SAMPLES = 3


class Scale:
    """The scale of one picture.

    Attributes:
        low: common logarithm of the least gradient that is not zero.
        high: that of the largest one.
        tensors: whether there are tensors; between scalars all lanes are alike.
    """

    def __init__(self, graph: Graph) -> None:
        sizes = [card.gradient_rms for card in graph.cards if card.shape]
        sizes += [edge.rms for edge in graph.edges]
        logs = [math.log10(s) for s in sizes if s is not None and 0 < s < math.inf]
        self.low: float = min(logs, default=0.0)
        self.high: float = max(logs, default=0.0)
        self.tensors: bool = any(card.shape for card in graph.cards)

    def heat(self, rms: float | None, tensor: bool) -> float | None:
        """From 0 to 1; `None` where nothing is known."""
        if rms is None or not tensor or not rms < math.inf:
            return None
        if rms <= 0:
            return 0.0
        spread = self.high - self.low
        if spread < 0.05:
            return 0.5
        return min(1.0, max(0.0, (math.log10(rms) - self.low) / spread))

    def lane(self, edge: Edge) -> float | None:
        """Width of the backward lane of a wire; `None` where no gradient flows."""
        if not edge.differentiable or (edge.rms is None and not edge.zero):
            return None
        if not self.tensors or edge.zero:
            return LANE
        heat = self.heat(edge.rms, True)
        return LANE if heat is None else self._width(heat)

    def _width(self, heat: float) -> float:
        widest = min(WIDEST, THIN + PER_DECADE * (self.high - self.low))
        return THIN + (widest - THIN) * heat

    def samples(self) -> list[tuple[str, float]]:
        """A few powers of ten within the scale, each with the width of its lane."""
        if not self.tensors or self.high - self.low < 0.05:
            return []
        low, high = 10.0**self.low * 0.98, 10.0**self.high * 1.02
        powers = [(value, text) for value, text in decades(low, high) if low <= value <= high]
        if len(powers) < 2:
            # Within one decade round numbers between the powers show the scale.
            span = range(math.floor(self.low), math.ceil(self.high) + 1)
            round_ = [float(f"{m}e{e}") for e in span for m in (1, 2, 5)]
            powers = [(value, number(value)) for value in round_ if low <= value <= high]
        step = -(-len(powers) // SAMPLES)
        shown = powers[:: max(1, step)]
        return [(text, self._width(self.heat(value, True) or 0.0)) for value, text in shown]
