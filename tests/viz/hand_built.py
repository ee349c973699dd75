"""Networks as plain data: forward and backward by the engine, layer by layer, read by hand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

import autodiff as ad
import nn
from viz.networks.model import Layer, Loss, Network, Neuron, Weights
from viz.text.formatting import subscript

__all__ = ["RULES", "hand_built"]

RULES = {"sigmoid": "h (1 − h)", "tanh": "1 − h²", "relu": "[z > 0]", "gelu": "Φ(z) + z · φ(z)"}


def hand_built(
    sizes: Sequence[int],
    activations: Sequence[str] = (),
    loss: str = "squares",
    seed: int = 0,
    bias: bool = True,
    weights: Sequence[Any] = (),
    inputs: Any = None,
    letters: str = "xhgkmo",
) -> Network:
    """A dense network of random weights; ``""`` is the activation of a linear layer."""
    rng = np.random.default_rng(seed)
    activations = activations or ["sigmoid"] * (len(sizes) - 1)
    x = ad.Tensor(rng.normal(size=sizes[0]) if inputs is None else inputs, requires_grad=True)
    w = [ad.Tensor(np.round(rng.normal(size=s[::-1]), 1)) for s in pairwise(sizes)]
    w = [ad.Tensor(given) for given in weights] or w
    b = [ad.Tensor(np.round(rng.normal(size=n), 1) * bias) for n in sizes[1:]]
    for leaf in (*w, *b):
        leaf.requires_grad = True
    hs, zs = [x], []
    for wi, bi, name in zip(w, b, activations, strict=True):
        zs.append(wi @ hs[-1] + bi)
        hs.append(getattr(ad, name)(zs[-1]) if name else zs[-1] * 1.0)
    targets = np.eye(sizes[-1])[0]
    if loss == "squares":
        result = 0.5 * ((hs[-1] - targets) ** 2).sum()
        judged = Loss("L", 0.0, "½ Σ (o − t)²", tuple(targets.tolist()))
    elif loss == "softmax":
        result = nn.cross_entropy(hs[-1].reshape(1, -1), [0])
        judged = Loss("C", 0.0, "− Σ y ln p", tuple(targets.tolist()), "softmax cross-entropy")
    else:
        result, judged = hs[-1].sum(), None
    for node in (*hs, *zs):
        node.retain_grad()
    result.backward()
    if judged:
        judged = Loss(judged.name, float(result.data), judged.formula, judged.targets, judged.kind)
    layers = [Layer("inputs", tuple(_inputs(x, letters[0])))]
    for n, name in enumerate(activations):
        slopes = _slopes(name, zs[n].numpy())
        letter = letters[-1] if n == len(activations) - 1 else letters[n + 1]
        neurons = tuple(
            Neuron(
                letter + (subscript(i + 1) if sizes[n + 1] > 1 else ""),
                float(hs[n + 1].data[i]), float(zs[n].data[i]), float(slopes[i]),
                float(zs[n].grad[i]), float(hs[n + 1].grad[i]),
                float(b[n].data[i]) if bias else None, float(b[n].grad[i]) if bias else None,
            )
            for i in range(sizes[n + 1])
        )  # fmt: skip
        layers.append(
            Layer(f"layers[{n}]", neurons, name, RULES.get(name, "").replace("h", letter))
        )
    wires = [
        Weights(n, n + 1, w[n].numpy(), np.asarray(w[n].grad), f"W{subscript(n + 1)}")
        for n in range(len(w))
    ]
    return Network(tuple(layers), tuple(wires), judged, "-".join(map(str, sizes)))


def _inputs(x: ad.Tensor, letter: str) -> list[Neuron]:
    count = len(x)
    return [
        Neuron(letter + (subscript(i + 1) if count > 1 else ""), v, gradient=g)
        for i, (v, g) in enumerate(zip(x.data.tolist(), np.asarray(x.grad).tolist(), strict=True))
    ]


def _slopes(name: str, z: Any) -> Any:
    if not name:
        return np.ones(len(z))
    leaf = ad.Tensor(z, requires_grad=True)
    getattr(ad, name)(leaf).sum().backward()
    return np.asarray(leaf.grad)
