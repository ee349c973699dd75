"""A graph of Values as a `Network`: numbers from the engine, names, columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autodiff.graph.order import topological_order
from autodiff.sweeps.gradients import gradients as sweep
from viz.networks.assembly import line_of, matrix, sent_back
from viz.networks.losses import recognise
from viz.networks.model import Layer, Loss, Network, Neuron, Weights
from viz.networks.samples import own_loss, samples
from viz.networks.scalar import Cell, Cells, read_cells
from viz.networks.titles import headline, layer_names, neuron_name, times
from viz.networks.weights import WEIGHT
from viz.text.formatting import pretty
from viz.text.formulas import partial_text, plain_params

__all__ = ["network_of_values"]


def network_of_values(
    root: Any, *, roles: Mapping[Any, str] | None = None, sample: int | None = None,
    gradients: bool = True,
) -> Network:  # fmt: skip
    """Read the network behind a Value.

    Args:
        root: a loss, or an output.
        roles: what leaves are, by node or by name, as for `viz.draw`.
        sample: which example, where the loss adds up several; by default the one whose outputs
            have the largest gradients.
        gradients: whether to work them out, in a sweep that changes no ``grad``.

    Raises:
        NotANetworkError: if the graph is no network of neurons.
        IndexError: if there is no such example.

    Example:
        >>> import autodiff as ad
        >>> w, x, b = ad.Value(2.0, "w"), ad.Value(3.0, "x"), ad.Value(-5.0, "b")
        >>> net = network_of_values(ad.tanh(w * x + b))
        >>> [layer.activation for layer in net.layers], net.weights[0].values.tolist()
        (['', 'tanh'], [[2.0]])
    """
    cells = read_cells(root, roles or {})
    groups = samples(cells)
    whole = sweep(root) if root.requires_grad else {}
    if sample is None:
        sizes = [sum(abs(whole.get(c.out, 0.0)) for c in group) for group in groups]
        sample = int(np.argmax(np.nan_to_num(sizes))) if len(groups) > 1 else 0
    if not 0 <= sample < len(groups):
        raise IndexError(
            f"sample={sample}, but the loss adds up {len(groups)} example(s); give a number from "
            f"0 to {len(groups) - 1}"
        )
    order = topological_order(root)
    outputs = groups[sample]
    judge = own_loss(root, cells, order, outputs)
    known = judge is not None
    judge = judge if known else root
    found = whole if judge is root else sweep(judge) if judge.requires_grad else {}
    chosen = _behind(outputs)
    columns = _columns(chosen, cells)
    names = layer_names([len(column) for column in columns])
    layers = tuple(
        _layer(column, depth, len(columns), names[depth], found if gradients else {})
        for depth, column in enumerate(columns)
    )
    loss = None
    if not any(judge is cell.out for cell in outputs):
        ops = {node.op.name for node in order if node.op is not None}
        values = np.array([cell.out.data for cell in outputs])
        slopes = np.array([found.get(cell.out, 0.0) for cell in outputs])
        letter = _letter(outputs)
        formula = recognise(values, slopes, judge.data, ops, letter)
        loss = Loss(
            pretty(root.name or "L"), judge.data, formula.formula, formula.targets, formula.kind
        )
    note = ""
    if len(groups) > 1:
        part = whole.get(judge, 0.0)
        rest = f"its loss counts {times(part)}" if known else "its part of the whole loss"
        note = f"sample {sample} of {len(groups)}, numbered from 0; {rest}"
    elif judge is not root and known:
        note = "without the penalty on the weights"
    weights = _weights(columns, layers)
    trained = sum(n.is_leaf and cells.sums.kinds[n] == WEIGHT for n in order)
    return Network(sent_back(layers, weights), weights, loss, headline(layers), note, trained)


def _behind(outputs: list[Cell]) -> set[Cell]:
    seen, waiting = set(outputs), list(outputs)
    while waiting:
        for source, _, _ in waiting.pop().terms:
            if source not in seen:
                seen.add(source)
                waiting.append(source)
    return seen


def _columns(chosen: set[Cell], cells: Cells) -> list[list[Cell]]:
    """The cells by depth; inputs in the order in which the first neurons read them."""
    ordered = [cell for cell in cells.cells if cell in chosen]
    depth = max(cell.depth for cell in ordered)
    columns: list[list[Cell]] = [[] for _ in range(depth + 1)]
    inputs: dict[Cell, None] = {}
    for cell in sorted((c for c in ordered if c.top is not None), key=lambda c: c.top.sequence):
        columns[cell.depth].append(cell)
        inputs.update((source, None) for source, _, _ in cell.terms if source.top is None)
    columns[0] = sorted(inputs, key=lambda cell: cell.slot)
    return columns


def _letter(outputs: list[Cell]) -> str:
    name = pretty(outputs[0].out.name or "")
    return name if len(outputs) == 1 and name else "o"


def _layer(
    column: list[Cell], depth: int, depths: int, name: str, found: dict[Any, float]
) -> Layer:
    active = [cell for cell in column if cell.top is not None and cell.out is not cell.top]
    ops = {cell.out.op.name for cell in active} | ({""} if len(active) < len(column) else set())
    operands = {_operands(cell) for cell in active}
    activation = "" if not depth or ops == {""} else "f"
    layer = Layer(name, (), activation)
    if depth and len(ops) == 1 and ops != {""} and len(operands) == 1 and () not in operands:
        out = column[0].out
        params = plain_params(out.params)
        (only,) = operands
        names: list[Any] = ["z" if number is None else number for number in only]
        place = only.index(None)
        layer = replace(
            layer,
            activation=ops.pop(),
            rule=partial_text(out.op, place, names, "h", params),
            operands=only,
            settings=tuple(params.items()),
        )
    neurons = tuple(
        _neuron(cell, neuron_name(cell.out.name, depth, depths, place, len(column)), place, found)
        for place, cell in enumerate(column)
    )
    return replace(layer, neurons=neurons)


def _operands(cell: Cell) -> tuple[float | None, ...]:
    """Those of the activation, `None` for the sum; empty if it is more than one operation."""
    operands = tuple(None if one is cell.top else one for one in cell.out.parents)
    if operands.count(None) != 1 or not all(one is None or one.is_leaf for one in operands):
        return ()
    return tuple(None if one is None else float(one.data) for one in operands)


def _neuron(cell: Cell, name: str, place: int, found: dict[Any, float]) -> Neuron:
    known = bool(found)
    gradient = found.get(cell.out, 0.0) if known and cell.out.requires_grad else None
    if cell.top is None:
        return Neuron(name, cell.out.data, gradient=gradient, index=place)
    delta = found.get(cell.top, 0.0) if known else None
    if gradient is not None and any(source.out is cell.top for source, _, _ in cell.terms):
        # The sum is a neuron of its own, which others read as well: this is what comes back here.
        delta = gradient * cell.slope
    biased = cell.bias is not None
    where = line_of(cell.out)
    return Neuron(
        name,
        cell.out.data,
        cell.top.data,
        cell.slope,
        delta,
        gradient,
        cell.bias,
        delta if biased else None,
        where,
        place,
    )


def _weights(columns: list[list[Cell]], layers: tuple[Layer, ...]) -> tuple[Weights, ...]:
    place = {cell: (d, i) for d, column in enumerate(columns) for i, cell in enumerate(column)}
    found: dict[tuple[int, int], tuple[Any, Any]] = {}
    for target, column in enumerate(columns):
        for row, cell in enumerate(column):
            for source, weight, node in cell.terms:
                depth, at = place[source]
                shape = (len(column), len(columns[depth]))
                values, fixed = found.setdefault(
                    (target, depth), (np.full(shape, np.nan), np.ones(shape, bool))
                )
                first = np.isnan(values[row, at]) and fixed[row, at]
                values[row, at] = weight if first else values[row, at] + weight
                fixed[row, at] &= node is None
    return tuple(
        matrix(layers, depth, target, values, ~(np.isnan(values) & fixed), fixed)
        for (target, depth), (values, fixed) in sorted(found.items(), key=lambda item: item[0])
    )
