"""The drawings of a run: the graph of a training step, and one neuron."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

import autodiff as ad
from autodiff import Node, Tensor, Value
from nn.layers import BatchNorm1d, Linear
from nn.module.base import Module
from nn.module.sequential import Sequential

__all__ = ["Neuron", "has_neuron", "neuron_picture", "step_picture"]

Array = np.ndarray[Any, Any]

SHOWN_INPUTS = 3


class Neuron(NamedTuple):
    """A drawing of one neuron, and what it is of."""

    svg: str
    text: str


def _drawn(node: Node) -> str:
    # Here, because a library of networks does not load one of drawings.
    from viz import draw

    return draw(node, gradients=True).svg


def step_picture(network: Sequential, loss: Module, x: Array, y: Array) -> str:
    """The graph of one training step as SVG, with the modules as frames.

    Args:
        network: the network, which stays as it is.
        loss: what is minimised.
        x: a batch of inputs.
        y: their targets.
    """
    twin = copy.deepcopy(network).train()
    value = loss(twin(Tensor(x, name="x")), y)
    value.name = "loss"
    return _drawn(value)


def _folded(network: Sequential) -> tuple[Array, Array]:
    """Weights and biases of the first hidden layer, its normalisation worked into them."""
    parts = _parts(network)
    linear, norm = parts["linear"], parts.get("norm")
    assert isinstance(linear, Linear)
    weight = linear.weight.data.astype(np.float64)
    bias = np.zeros(len(weight)) if linear.bias is None else linear.bias.data.astype(np.float64)
    if isinstance(norm, BatchNorm1d):
        tensors = (norm.running_mean, norm.running_var, norm.weight, norm.bias)
        mean, variance, gain, shift = map(_numbers, tensors)
        gain = gain / np.sqrt(variance + norm.eps)
        weight, bias = weight * gain[:, None], (bias - mean) * gain + shift
    return weight, bias


def _numbers(tensor: Tensor | None) -> Array:
    assert tensor is not None
    return np.asarray(tensor.data, np.float64)


def _parts(network: Sequential) -> dict[str, Module]:
    """The parts of the first hidden layer by name."""
    return dict(dict(network.named_children())["hidden1"].named_children())


def has_neuron(network: Sequential) -> bool:
    """Whether the inputs go straight into a hidden layer, of which a neuron can be drawn."""
    names = [name for name, _ in network.named_children() if name != "flatten"]
    return bool(names) and names[0] == "hidden1"


def neuron_picture(network: Sequential, x: Array, names: Sequence[str], what: str) -> Neuron:
    """One unit of the first hidden layer as a graph of scalars, with its numbers.

    Of the units that are switched on, the one whose sum is nearest to 1 is taken. Its
    strongest inputs have cards of their own; the others are added up on one.

    Args:
        network: the network.
        x: one sample, of shape (inputs,).
        names: of the inputs; none if they are pixels.
        what: what the sample is, such as ``an image of a 4``.
    """
    weight, bias = _folded(network)
    sums = weight @ x + bias
    unit = int(np.argmin(np.abs(sums - 1.0)))
    products = weight[unit] * x
    strongest = np.sort(np.argsort(-np.abs(products), kind="stable")[:SHOWN_INPUTS])
    terms = []
    for i in (int(i) for i in strongest):
        given = Value(float(x[i]), name=f"x{i}")
        terms.append(Value(float(weight[unit, i]), name=f"w{i}") * given)
        terms[-1].name = f"p{i}"
    if others := len(x) - len(strongest):
        terms.append(Value(float(np.delete(products, strongest).sum()), name="rest"))
    z = ad.total([*terms, Value(float(bias[unit]), name="b")])
    z.name = "z"
    parts = _parts(network)
    a = parts["activation"].forward(z)
    a.name = "a"
    a.backward()
    text = (
        f"Unit {unit} of the first hidden layer while the network looks at {what} from the test "
        f"part. {_inputs(names, strongest)}"
    )
    if others:
        text += (
            f" The {len(strongest)} that contribute most are shown one by one, and “rest” is the "
            f"sum of what the other {others} contribute."
        )
    if "norm" in parts:
        text += " The batch normalisation is worked into the weights and into b."
    return Neuron(_drawn(a), text)


def _inputs(names: Sequence[str], shown: Array) -> str:
    if not names:
        return "Inputs are numbered like the pixels, row by row from 0."
    return f"Inputs are scaled: {', '.join(f'x{i} is {names[i]}' for i in shown)}."
