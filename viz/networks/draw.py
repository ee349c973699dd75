"""`network`: from a loss or a model to the picture of its neurons and weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from viz.networks.chips.picture import FullNetwork
from viz.networks.panels.picture import NetworkPicture
from viz.networks.reading import read_network

__all__ = ["network"]

DETAILS = ("neurons", "full")


def network(
    of: Any,
    x: Any = None,
    target: Any = None,
    *,
    loss: Any = None,
    sample: int | None = None,
    view: str = "both",
    detail: str = "neurons",
    gradients: bool = True,
    roles: Mapping[Any, str] | None = None,
    most: int = 16,
    small: bool = False,
    title: str = "",
    theme: str = "auto",
) -> NetworkPicture | FullNetwork:
    """Draw a network: neurons as nodes, weights as lines, layers as columns.

    Two panels show one example. In the forward one a line is a weight and a neuron shows what
    it passes on; in the backward one a line is the gradient by that weight and a neuron shows
    δ, the derivative of the loss by what enters its activation. Width is size, colour is sign;
    a neuron whose slope is zero is dashed, and what leaves it is pale.

    Args:
        of: a loss or an output, a `Value` or a `Tensor`, whose graph is a network, however its
            sums were written; or a model, which is called on ``x``; or a
            `viz.networks.model.Network`.
        x: what goes into the model, one example or a batch.
        target: what the loss compares with.
        loss: takes what the model gives and the target; ``nn.CrossEntropyLoss()``.
        sample: which example of several, from 0; by default the one whose outputs have the
            largest gradients. The picture names it.
        view: ``both``, ``forward`` or ``backward``.
        detail: ``neurons``, or ``full`` for every number of a small network in one picture: the
            weights as chips where they arrive, with value and gradient, and the formulas of
            matrices under their columns. It has no ``view`` and no ``most``.
        gradients: whether they are worked out, in a sweep that touches no ``grad``; without
            them there is no backward panel.
        roles: for leaves whose names do not tell: ``{node: "parameter"}`` or ``"input"``.
        most: how many neurons of a layer are drawn, those that matter most to the loss.
        small: a thumbnail: columns, lines and which neurons are silent, without their numbers.
        title: printed over the picture.
        theme: ``auto``, ``light`` or ``dark``.

    Returns:
        The picture: shown by notebooks, written by its ``save("x.svg")``, with all numbers in
        its ``network``.

    Raises:
        NotANetworkError: if the graph is no network of neurons; the message names what is not.
        TypeError: if given neither a node nor a model.
        ValueError: if a view, detail, role or theme is unknown, or a network is too large for
            ``detail="full"``.
        IndexError: if there is no such example.

    Example:
        >>> import numpy as np, nn, viz
        >>> model = nn.scalar.MLP(2, [3, 1], rng=np.random.default_rng(0))
        >>> picture = viz.network(model, [1.0, -1.0], 1.0, loss=lambda o, t: (o - t) ** 2)
        >>> picture
        <NetworkPicture of 2-3-1>
        >>> picture.network.loss.formula
        '(o − t)²'
    """
    if detail not in DETAILS:
        raise ValueError(f"detail={detail!r} is not known; expected one of {', '.join(DETAILS)}")
    if detail == "full" and not gradients:
        raise ValueError('detail="full" shows every gradient; leave gradients=False out')
    found = read_network(of, x, target, loss=loss, sample=sample, roles=roles, gradients=gradients)
    if detail == "full":
        return FullNetwork(found, title=title, theme=theme)
    return NetworkPicture(found, view=view, most=most, small=small, title=title, theme=theme)
