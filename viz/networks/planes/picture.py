"""`BackwardNetwork`: the two planes as a picture, and the lower one as data that can be run."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from viz.draw.scene import Scene
from viz.files import json_text
from viz.networks.model import Network
from viz.networks.panels.table import tables
from viz.networks.planes.amplifiers import Amplifiers, amplifiers, disagreement
from viz.networks.planes.compose import compose
from viz.picture import Picture

__all__ = ["BackwardNetwork"]

TITLE = "The backward pass is a network too"


class BackwardNetwork(Picture):
    """The forward network, and below it the backward pass as a network of amplifiers.

    Args:
        network: layers, weights and loss of one pass.
        most: layers of more neurons are drawn as one card, with a histogram; by default 8, and
            fewer where many layers stand side by side.
        title: printed over the picture instead of the usual sentence.
        theme: ``light``, ``dark``, or ``auto``: light, and dark where the viewer prefers dark.

    Attributes:
        network: what was given.
        amplifiers: the backward network as plain data; its `run` computes every gradient.

    Raises:
        ValueError: if slopes or gradients are missing in the network, or ``most`` is below 1.

    Example:
        >>> from viz.networks.model import Layer, Network, Neuron, Weights
        >>> import numpy as np
        >>> x, o = Neuron("x", 2.0, gradient=0.75), Neuron("o", 1.0, 1.0, 0.5, 0.5, 1.0)
        >>> layers = Layer("inputs", (x,)), Layer("output", (o,), "tanh", "1 − o²")
        >>> net = Network(layers, (Weights(0, 1, np.array([[1.5]])),))
        >>> picture = BackwardNetwork(net)
        >>> picture.amplifiers.run().received[0]
        array([0.75])
    """

    def __init__(
        self, network: Network, *, most: int | None = None, title: str = "", theme: str = "auto"
    ) -> None:
        if most is not None and most < 1:
            raise ValueError(f"most={most} would draw no neuron; give 1 or more")
        super().__init__(title=title, theme=theme)
        self.network = network
        self.amplifiers: Amplifiers = amplifiers(network)
        self._most = most

    @cached_property
    def scene(self) -> Scene:
        """The shapes of the picture."""
        flow = self.amplifiers.run()
        apart, title = disagreement(self.network, flow), self.title or TITLE
        # Numbers may be too large for their squares; the picture says what they are.
        with np.errstate(all="ignore"):
            return compose(self.network, self.amplifiers, flow, title, self._most, apart)

    def _below(self) -> str:
        return tables(self.network)

    def __repr__(self) -> str:
        sizes = "-".join(str(len(layer.neurons)) for layer in self.network.layers)
        return f"<BackwardNetwork of a {sizes} network>"

    def json(self) -> str:
        """The backward network as JSON text: gains, wires, and what enters."""
        return json_text(self.amplifiers.to_dict())

    def formats(self) -> dict[str, Callable[[float], bytes]]:
        """What `save` can write: `viz.picture.Picture.formats`, and JSON."""
        return {**super().formats(), "json": lambda _: self.json().encode("utf-8", "replace")}
