"""`NetworkPicture`: forward and backward pass of a network side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import cached_property

from viz.draw.metrics import fit
from viz.draw.scene import Group, Scene, Span, Text
from viz.files import json_text
from viz.networks.model import Network
from viz.networks.panels.grid import BETWEEN, arrange
from viz.networks.panels.legend import draw_legend
from viz.networks.panels.panel import draw_panel
from viz.networks.panels.table import tables
from viz.networks.panels.thumbnail import FEWEST, draw_thumbnail
from viz.networks.shorten import shortened
from viz.picture import Picture
from viz.text.formatting import clean, number

__all__ = ["VIEWS", "NetworkPicture"]

VIEWS = ("both", "forward", "backward")
MARGIN = 24.0


class NetworkPicture(Picture):
    """A picture of a network: neurons as nodes, weights as lines, layers as columns.

    Args:
        network: the numbers of one example.
        view: ``forward``, ``backward`` or ``both``.
        most: how many neurons of a layer are drawn; the rest are counted.
        small: whether it is a thumbnail, which has no numbers on lines and neurons.
        title: printed over the picture; by default it says the sizes of the layers.
        theme: ``light``, ``dark`` or ``auto``.

    Attributes:
        network: all of it, also what is not drawn.

    Raises:
        ValueError: if there is no such view or theme, or ``most`` is not positive.
    """

    def __init__(
        self,
        network: Network,
        *,
        view: str = "both",
        most: int = 16,
        small: bool = False,
        title: str = "",
        theme: str = "auto",
    ) -> None:
        if view not in VIEWS:
            raise ValueError(f"view={view!r} is not known; expected one of {', '.join(VIEWS)}")
        # The title stands in the picture in any case, so that a page needs no heading.
        self.network = network
        self._headline = clean(title) or self._sizes()
        super().__init__(title=clean(title) or network.title or self._headline, theme=theme)
        self._small = small
        self._headed = not small
        self._shown = shortened(network, min(most, FEWEST) if small else most)
        known = any(weights.gradients is not None for weights in network.weights)
        self._panels: tuple[bool, ...] = (view == "backward",)
        if view == "both" and known:
            self._panels = (False, True)

    def __repr__(self) -> str:
        return f"<NetworkPicture of {self._sizes()}>"

    def _sizes(self) -> str:
        return "-".join(str(layer.size or len(layer.neurons)) for layer in self.network.layers)

    @cached_property
    def scene(self) -> Scene:
        """The shapes of the picture."""
        return self._thumbnail() if self._small else self._whole()

    def _thumbnail(self) -> Scene:
        groups, width, height = draw_thumbnail(self._shown, self._panels)
        title = (Span(fit(self._headline, 14, width, True), "ink", 14, True),)
        moved = [group.moved(12, 34) for group in groups]
        moved.insert(0, Group("heading", (Text(12, 22, title),)))
        return Scene(width + 24, height + 46, tuple(moved), self.spoken_title, self._description())

    def _whole(self) -> Scene:
        arrangement = arrange(self._shown, len(self._panels))
        grid = arrangement.grid
        top = 74.0
        groups: list[Group] = []
        x, y = MARGIN, top
        right = bottom = 0.0
        for backward in self._panels:
            groups += [group.moved(x, y) for group in draw_panel(self._shown, grid, backward)]
            right, bottom = max(right, x + grid.width), max(bottom, y + grid.height)
            if arrangement.stacked:
                y += grid.height + BETWEEN
            else:
                x += grid.width + BETWEEN
        width = right + MARGIN
        room = width - 2 * MARGIN
        legend, last = draw_legend(self._shown, self._panels, room, 0.0)
        groups.append(legend.moved(MARGIN, bottom + 34))
        heading = Text(MARGIN, 36, (Span(fit(self.spoken_title, 22, room, True), "ink", 22, True),))
        details = Text(MARGIN, 60, (Span(fit(self._details(), 13, room), "muted", 13),))
        groups.insert(0, Group("heading", (heading, details)))
        height = bottom + 34 + last + 22
        return Scene(width, height, tuple(groups), self.spoken_title, self._description())

    def _details(self) -> str:
        trained = sum(
            int((w.mask if w.fixed is None else w.mask & ~w.fixed).sum())
            for w in self.network.weights
        )
        trained += sum(n.bias is not None for layer in self.network.layers for n in layer.neurons)
        if self.network.trained is not None:
            trained = self.network.trained
        parts = [self.network.note] if self.network.note else []
        many = "" if trained == 1 else "s"
        parts += [f"{trained} parameter{many}", "every neuron is a node, every weight a line"]
        return " · ".join(parts)

    def _description(self) -> str:
        parts = []
        for layer in self.network.layers:
            count = layer.size or len(layer.neurons)
            silent = sum(neuron.slope == 0 for neuron in layer.neurons)
            text = f"{layer.name}: {count} neuron{'s' * (count != 1)}"
            text += f", {layer.activation}" if layer.activation else ""
            parts.append(text + (f", {silent} silent" if silent else ""))
        if self.network.loss is not None:
            formula = self.network.loss.formula
            parts.append(
                f"loss {self.network.loss.name} = {number(self.network.loss.value)}"
                + (f" by {formula}" if formula else "")
            )
        sides = "Weights and activations of the forward pass."
        if self._panels[-1]:
            sides = "Gradients by every weight and neuron."
        if len(self._panels) > 1:
            sides = "First panel: weights and activations. Second: gradients by both."
        return f"{sides} Colour is sign, width is size. {'; '.join(parts)}."

    def json(self) -> str:
        """The plain data behind the picture as JSON text; what is no number is null."""
        return json_text(asdict(self.network))

    def formats(self) -> dict[str, Callable[[float], bytes]]:
        """What `save` can write: `viz.picture.Picture.formats`, and JSON."""
        return {**super().formats(), "json": lambda _: self.json().encode("utf-8", "replace")}

    def _below(self) -> str:
        return tables(self.network)
