"""The numbers of a network as tables, for those who would rather read."""

from __future__ import annotations

from viz.draw.page import to_table
from viz.networks.model import Network
from viz.networks.panels.numbers import by
from viz.networks.panels.wires import Wire, weight_name, wires_of
from viz.text.formatting import MISSING, number

__all__ = ["tables"]

MOST = 400


def tables(network: Network) -> str:
    """Neurons and weights as HTML tables that open on a click."""
    loss = network.loss.name if network.loss else "L"
    heads = ("layer", "neuron", "z", "value", "slope", "bias", "δ", by(loss, "value"))
    rows = [
        (
            layer.name,
            neuron.name,
            _text(neuron.z),
            _text(neuron.value),
            _text(neuron.slope),
            _text(neuron.bias),
            _text(neuron.delta),
            _text(neuron.gradient),
        )
        for layer in network.layers
        for neuron in layer.neurons
    ]
    text = to_table(f"The neurons as a table: {len(rows)}", heads, rows)
    wires = sorted(wires_of(network, False), key=lambda w: (w.weights, w.row, w.column))
    lines = [_line(network, wire) for wire in wires[:MOST]]
    many = f", the first {MOST}" if len(wires) > MOST else ""
    columns = ("from", "to", "name", "weight", by(loss, "w"))
    return text + to_table(f"The weights as a table: {len(wires)}{many}", columns, lines)


def _line(network: Network, wire: Wire) -> tuple[str, ...]:
    weights = network.weights[wire.weights]
    source, target = network.layers[weights.source], network.layers[weights.target]
    gradients = weights.gradients
    gradient = None if gradients is None else float(gradients[wire.row, wire.column])
    return (
        f"{source.name} {source.neurons[wire.column].name}",
        f"{target.name} {target.neurons[wire.row].name}",
        weight_name(network, wire),
        number(wire.size),
        _text(gradient),
    )


def _text(x: float | None) -> str:
    return MISSING if x is None else number(x)
