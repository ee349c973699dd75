"""`backward_network`: from a loss to the picture of its backward pass as a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from viz.networks.planes.picture import BackwardNetwork
from viz.networks.reading import read_network

__all__ = ["backward_network"]


def backward_network(
    of: Any,
    x: Any = None,
    target: Any = None,
    *,
    loss: Any = None,
    sample: int | None = None,
    roles: Mapping[Any, str] | None = None,
    most: int | None = None,
    title: str = "",
    theme: str = "auto",
) -> BackwardNetwork:
    """Draw the backward pass as a network of its own, mirrored below the forward pass.

    Each neuron becomes an amplifier of the gain σ′(z), a constant that the forward pass has
    fixed; the wires and their weights are the same, run from the loss to the inputs.

    Args:
        of: a loss or an output, a `Value` or a `Tensor`; or a model, of which a copy is called.
        x: what goes into the model, a list of numbers or a batch of rows.
        target: what the loss compares with.
        loss: takes what the model gives, and the target.
        sample: which example; by default the one whose outputs have the largest gradients.
        roles: what leaves are, by node or by name, as for `viz.draw`.
        most: a layer of more neurons is drawn as one card, with a histogram of its gains; by
            default 8, and fewer where many layers stand side by side.
        title: printed over the picture instead of the usual sentence.
        theme: ``light``, ``dark``, or ``auto``: light, and dark where the viewer prefers dark.

    Returns:
        The picture; its `amplifiers` are the network as data, which can be run.

    Raises:
        TypeError: if it is none of these, or a model is given without ``x``.
        NotANetworkError: if the graph is no network of neurons.
        IndexError: if there is no such example.
        ValueError: if there is no such theme or role, or ``most`` is below 1.

    Example:
        >>> import autodiff as ad
        >>> x = ad.Value(2.0, "x")
        >>> w, b, v, c = (ad.Value(number) for number in (0.5, 0.1, -1.0, 0.2))
        >>> picture = backward_network((ad.tanh(v * ad.tanh(w * x + b) + c) - 1.0) ** 2)
        >>> picture
        <BackwardNetwork of a 1-1-1 network>
        >>> picture.amplifiers.run().received[0].round(4)
        array([0.3927])
    """
    network = read_network(of, x, target, loss=loss, sample=sample, roles=roles)
    return BackwardNetwork(network, most=most, title=title, theme=theme)
