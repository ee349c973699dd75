"""A graph of Tensors as a `Network` of the numbers of one example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autodiff.errors import NonScalarBackwardError
from autodiff.sweeps.gradients import gradients as sweep
from viz.networks.assembly import sent_back
from viz.networks.batches import Judged, judged
from viz.networks.errors import NotANetworkError
from viz.networks.losses import recognise
from viz.networks.model import Layer, Loss, Network
from viz.networks.sheet_layers import View, layers_of, weights_of
from viz.networks.sheets import Sheet, Sheets, read_sheets
from viz.networks.titles import headline, times
from viz.networks.weights import WEIGHT
from viz.text.formatting import pretty

__all__ = ["network_of_tensors"]


def network_of_tensors(
    root: Any,
    *,
    roles: Mapping[Any, str] | None = None,
    sample: int | None = None,
    gradients: bool = True,
) -> Network:
    """Read the network behind a Tensor.

    The gradients are those of one example: δ is its row of the engine's, made that of its own
    loss where the loss is a mean, and the gradient of a weight is δ times what came in. Over
    all examples these add up to ``grad``, each as many times as `Network.note` says.

    Args:
        root: a loss, or outputs.
        roles: what leaves are, by node or by name, as for `viz.draw`.
        sample: which example; by default the one whose outputs have the largest gradients.
        gradients: whether to work them out, in a sweep that changes no ``grad``.

    Raises:
        NotANetworkError: if the graph is no network of layers of neurons.
        IndexError: if there is no such example.
    """
    sheets = read_sheets(root, roles or {})
    outputs = sheets.outputs
    counts = {sheet.rows(sheet.out.data).shape[0] for sheet in sheets.sheets}
    if len(counts) > 1:
        raise NotANetworkError(
            f"the layers have different numbers of examples, {sorted(counts)}; give a network in "
            "which each row of a result depends on one row of the input"
        )
    count = counts.pop()
    found = _swept(root, sample, count) if gradients else {}
    row = _chosen(sample, count, outputs, found)
    is_output = any(root is sheet.out for sheet in outputs)
    judge = Judged(0.0, 1.0, True)
    if not is_output and np.size(root.data) == 1:
        judge = judged(root, sheets, found, row, count)
    columns: list[list[Sheet]] = [[] for _ in range(max(s.depth for s in sheets.sheets) + 1)]
    for sheet in sheets.sheets:
        columns[sheet.depth].append(sheet)
    view = View(row, found, judge.scale)
    layers = layers_of(columns, view)
    loss = None
    if not is_output and np.size(root.data) == 1:
        loss = _loss(root, sheets, layers, judge)
    note = ""
    if count > 1:
        part = f"its loss counts {times(judge.scale)}"
        part = part if judge.known else "its part of the loss of all"
        note = f"sample {row} of {count}, numbered from 0; {part}" if loss else f"sample {row}"
    weights = weights_of(columns, layers)
    leaves = [node for node in sheets.order if node.is_leaf and node.requires_grad]
    trained = sum(np.size(node.data) for node in leaves if sheets.kinds[node] == WEIGHT)
    return Network(sent_back(layers, weights), weights, loss, headline(layers), note, trained)


def _swept(root: Any, sample: int | None, count: int) -> dict[Any, Any]:
    if not root.requires_grad:
        return {}
    try:
        return sweep(root)
    except NonScalarBackwardError:
        # One number for each example: that of the example is what is differentiated.
        if np.size(root.data) == count and 0 <= (sample or 0) < count:
            seed = np.zeros(root.shape, root.dtype)
            seed.reshape(-1)[sample or 0] = 1
            return sweep(root, seed)
        return {}


def _chosen(sample: int | None, count: int, outputs: list[Sheet], found: dict[Any, Any]) -> int:
    if sample is None:
        sizes = np.zeros(count)
        for sheet in outputs:
            if sheet.out in found:
                sizes += np.abs(sheet.rows(found[sheet.out])).sum(axis=1)
        return int(np.argmax(np.nan_to_num(sizes)))
    if not 0 <= sample < count:
        raise IndexError(
            f"sample={sample}, but the graph holds {count} example(s); give a number from 0 to "
            f"{count - 1}"
        )
    return sample


def _loss(root: Any, sheets: Sheets, layers: tuple[Layer, ...], judge: Judged) -> Loss:
    last = layers[-1].neurons
    values = np.array([neuron.value for neuron in last])
    slopes = [neuron.gradient for neuron in last]
    name = pretty(root.name or "L")
    if None in slopes or not judge.known:
        return Loss(name, judge.value)
    ops = {node.op.name for node in sheets.order if node.op is not None}
    known = recognise(values, np.array(slopes, float), judge.value, ops, "o")
    return Loss(name, judge.value, *known)
