"""One example's row of each layer of Tensors: its neurons, and the wires between them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autodiff.sweeps.gradients import gradients as sweep
from viz.networks.assembly import line_of, matrix
from viz.networks.model import Layer, Neuron, Weights
from viz.networks.sheets import Sheet
from viz.networks.titles import layer_names, neuron_name, place_of
from viz.text.formatting import pretty
from viz.text.formulas import partial_text, plain_params

__all__ = ["View", "layers_of", "weights_of"]

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class View:
    """Which example is looked at, and what the engine found.

    Attributes:
        row: number of the example.
        found: the derivative of the root by each node.
        scale: how many times the loss of the example counts in the root.
    """

    row: int
    found: dict[Any, Any]
    scale: float

    def of(self, sheet: Sheet, array: Any) -> Array:
        """The row of an array of that layer."""
        row: Array = sheet.rows(array)[self.row].astype(float)
        return row

    def gradient(self, sheet: Sheet, node: Any) -> list[float | None] | None:
        """The row of the derivative of the example's own loss by a node."""
        if node not in self.found:
            return None
        return (self.of(sheet, self.found[node]) / self.scale).tolist()  # type: ignore[no-any-return]


def layers_of(columns: list[list[Sheet]], view: View) -> tuple[Layer, ...]:
    """The neurons of one example, by depth."""
    sizes = [sum(view.of(s, s.out.data).size for s in column) for column in columns]
    names = layer_names(sizes)
    return tuple(
        _layer(column, depth, names, sizes[depth], view) for depth, column in enumerate(columns)
    )


def _layer(column: list[Sheet], depth: int, names: list[str], count: int, view: View) -> Layer:
    neurons: list[Neuron] = []
    for sheet in column:
        own = pretty(sheet.out.name or "") if sheet.top is None else ""
        letter = own.lower() if len(own) == 1 and len(column) == 1 else ""
        for neuron in _neurons(sheet, view):
            at = len(neurons)
            given = f"{letter}{at + 1}" if letter and count > 1 else letter
            name = neuron_name(given, depth, len(names), at, count)
            neurons.append(replace(neuron, name=name, index=at))
    last = column[-1]
    name = names[depth] if last.top is None else place_of(last.top.scope) or names[depth]
    if last.top is None or last.out is last.top:
        return Layer(name, tuple(neurons))
    layer, out = Layer(name, tuple(neurons), "f"), last.out
    places = [place for place, one in enumerate(out.parents) if one is last.top]
    leaves = all(one is last.top or one.is_leaf for one in out.parents)
    if len(column) > 1 or len(places) != 1 or not leaves:
        return layer
    numbers = [p.data.item() if np.size(p.data) == 1 else math.nan for p in out.parents]
    known = ["z" if n in places else "c" if math.isnan(x) else x for n, x in enumerate(numbers)]
    params = plain_params(out.params)
    return replace(
        layer,
        activation=out.op.name,
        rule=partial_text(out.op, places[0], known, "h", params),
        operands=tuple(None if n in places else float(x) for n, x in enumerate(numbers)),
        settings=tuple(params.items()),
    )


def _neurons(sheet: Sheet, view: View) -> list[Neuron]:
    """The neurons without their names."""
    values = view.of(sheet, sheet.out.data).tolist()
    nothing: list[float | None] = [None] * len(values)
    back = view.gradient(sheet, sheet.out) or nothing
    if sheet.top is None:
        return [Neuron("", a, gradient=g) for a, g in zip(values, back, strict=True)]
    z = view.of(sheet, sheet.top.data).tolist()
    slope = view.of(sheet, _slopes(sheet)).tolist()
    delta = view.gradient(sheet, sheet.top) or nothing
    bias = nothing
    if sheet.bias is not None:
        bias = np.broadcast_to(np.ravel(sheet.bias), len(values)).tolist()
    where = line_of(sheet.out)
    return [
        Neuron("", a, at, gain, d, g, b, None if b is None else d, where)
        for a, at, gain, d, g, b in zip(values, z, slope, delta, back, bias, strict=True)
    ]


def _slopes(sheet: Sheet) -> Array:
    """The derivative of each entry of what a layer passes on by what enters its activation."""
    if sheet.out is sheet.top:
        return np.ones(np.shape(sheet.out.data))
    if not sheet.out.requires_grad:
        return np.full(np.shape(sheet.out.data), np.nan)
    ones = np.ones(sheet.out.shape, sheet.out.dtype)
    return np.asarray(sweep(sheet.out, ones, inputs=[sheet.top])[0])


def weights_of(columns: list[list[Sheet]], layers: tuple[Layer, ...]) -> tuple[Weights, ...]:
    """The wires, ordered by target and then by source."""
    start: dict[Sheet, tuple[int, int, int]] = {}
    for depth, column in enumerate(columns):
        at = 0
        for sheet in column:
            size = sheet.rows(sheet.out.data).shape[1]
            start[sheet] = (depth, at, size)
            at += size
    found: dict[tuple[int, int], tuple[Array, Array, Array]] = {}
    for sheet, (target, at, size) in start.items():
        for source, block in sheet.terms:
            depth, left, width = start[source]
            shape = len(layers[target].neurons), len(layers[depth].neurons)
            values, wires, fixed = found.setdefault(
                (target, depth), (np.zeros(shape), np.zeros(shape, bool), np.ones(shape, bool))
            )
            place = np.s_[at : at + size, left : left + width]
            values[place] += np.eye(size) if block is None else block
            wires[place] |= np.eye(size, dtype=bool) if block is None else True
            if block is not None:
                fixed[place] = False
    return tuple(
        matrix(layers, depth, target, *found[target, depth]) for target, depth in sorted(found)
    )
