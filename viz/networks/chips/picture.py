"""`FullNetwork`: a small network with every number of one step."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from viz.draw.scene import Scene
from viz.networks.chips.compose import compose
from viz.networks.model import Network
from viz.networks.panels.table import tables
from viz.networks.planes.amplifiers import Amplifiers, amplifiers, disagreement
from viz.picture import Picture

__all__ = ["FullNetwork"]

MOST_NEURONS, MOST_LAYERS = 6, 3


class FullNetwork(Picture):
    """A small network with the value and the gradient of each weight and each neuron.

    Args:
        network: at most 3 layers beside the inputs, of at most 6 neurons each, each fed by the
            one before.
        title: printed over the picture.
        theme: ``light``, ``dark``, or ``auto``: light, and dark where the viewer prefers dark.

    Attributes:
        network: what was given.

    Raises:
        ValueError: if the network is larger, a wire skips a layer, or gradients are missing.

    Example:
        >>> import autodiff as ad
        >>> from viz.networks.reading import read_network
        >>> x, w, b = ad.Value(2.0, "x"), ad.Value(0.5, "w"), ad.Value(-1.0, "b")
        >>> picture = FullNetwork(read_network((ad.tanh(w * x + b) - 1.0) ** 2))
        >>> "∂L/∂W = xᵀ ∂L/∂z" in picture.svg
        True
    """

    def __init__(self, network: Network, *, title: str = "", theme: str = "auto") -> None:
        _check(network)
        super().__init__(title=title, theme=theme)
        self.network = network
        self._formulas: Amplifiers = amplifiers(network)

    @cached_property
    def scene(self) -> Scene:
        """The shapes of the picture."""
        flow = self._formulas.run()
        sizes = "-".join(str(len(layer.neurons)) for layer in self.network.layers)
        article = "An" if sizes.startswith("8") else "A"
        title = self.title or f"{article} {sizes} network, every number of one step"
        # Numbers may be too large for their products; the picture says what they are.
        with np.errstate(all="ignore"):
            return compose(self.network, flow, title, disagreement(self.network, flow))

    def _below(self) -> str:
        return tables(self.network)

    def __repr__(self) -> str:
        sizes = "-".join(str(len(layer.neurons)) for layer in self.network.layers)
        return f"<FullNetwork of a {sizes} network>"


def _check(network: Network) -> None:
    sizes = [layer.size or len(layer.neurons) for layer in network.layers]
    if max(sizes) > MOST_NEURONS or len(sizes) - 1 > MOST_LAYERS:
        raise ValueError(
            f"every number of a {'-'.join(map(str, sizes))} network does not fit a page; that is "
            f"for at most {MOST_NEURONS} neurons in a layer and {MOST_LAYERS} layers beside the "
            "inputs. viz.network(...) draws neurons as nodes, viz.backward_network(...) the "
            "backward pass, viz.draw(...) the graph"
        )
    for weights in network.weights:
        if weights.target - weights.source != 1:
            skipped = network.layers[weights.target].name
            raise ValueError(
                f"a wire into {skipped!r} skips a layer, which has no place among the chips; "
                "viz.network(...) and viz.backward_network(...) draw it"
            )
