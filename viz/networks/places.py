"""Where the nodes of a scalar network stand: frames of layers and neurons for the graph drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from viz.networks.errors import NotANetworkError
from viz.networks.scalar import Cell, read_cells
from viz.networks.weights import WEIGHT
from viz.read.skeleton import Path, Skeleton, common_path

__all__ = ["place_neurons"]

MOST = 5_000
"""In larger graphs single neurons are not looked for."""


def place_neurons(graph: Skeleton, root: Any, roles: Mapping[Any, str]) -> None:
    """Put the nodes of each neuron of a scalar network into a frame, those of a layer around it.

    The frames are only of networks that run once: of several samples each neuron has several
    sums, and of steps of a loop each has one in every layer. Names have the numbers of layer and
    neuron in any case.

    Args:
        graph: the structure of the live graph, whose paths, titles and places are set.
        root: the node that is drawn.
        roles: what the caller says, by node or by name.
    """
    scalars = all(not hasattr(node, "shape") and not node.scope for node in graph.nodes)
    if not scalars or not 8 <= len(graph.nodes) <= MOST:
        return
    try:
        found = read_cells(root, roles)
    except NotANetworkError:
        return
    cells, kinds = found.cells, found.sums.kinds
    for index, node in enumerate(graph.nodes):
        if graph.roles[index] == "variable" and kinds[node] == WEIGHT:
            graph.roles[index] = "parameter"
    neurons = [cell for cell in cells if _weights(cell)]
    layers: dict[int, dict[frozenset[Any], list[Cell]]] = {}
    for cell in sorted(neurons, key=lambda cell: cell.depth):
        layers.setdefault(cell.depth, {}).setdefault(_weights(cell), []).append(cell)
    if sum(map(len, layers.values())) < 2:
        return
    outs = {cell.out for cell in cells}
    number = {node: index for index, node in enumerate(graph.nodes)}
    used = [weights for layer in layers.values() for weights in layer]
    once = all(len(same) == 1 for layer in layers.values() for same in layer.values())
    once = once and len(set(used)) == len(used)
    wide = any(len(layer) > 1 for layer in layers.values())
    for at, layer in enumerate(layers.values(), 1):
        for place, same in enumerate(layer.values(), 1):
            key = (at if len(layers) > 1 else 0, place if len(layer) > 1 else 0)
            members = [number[n] for cell in same for n in _inside(cell, outs) if n in number]
            path = _path(graph, key, same[0], len(layer), wide) if once else ()
            for index in members:
                graph.places[index] = key
                graph.paths[index] = path
    _place_leaves(graph)


def _weights(cell: Cell) -> frozenset[Any]:
    return frozenset(node for _, _, node in cell.terms if node is not None)


def _inside(cell: Cell, outs: set[Any]) -> list[Any]:
    """The operations between what a neuron reads and what it passes on."""
    found: dict[Any, None] = {}
    waiting = [cell.out]
    while waiting:
        node = waiting.pop()
        if node not in found and not node.is_leaf and (node is cell.out or node not in outs):
            found[node] = None
            waiting += node.parents
    return list(found)


def _path(graph: Skeleton, key: tuple[int, int], cell: Cell, count: int, wide: bool) -> Path:
    """The frames around a neuron, which get their titles."""
    layer, neuron = key
    path: Path = ()
    if layer:
        path = (f"layer {layer}",)
        neurons = f"{count} neuron{'s' * (count != 1)}"
        active = "" if cell.out is cell.top else f", {cell.out.op.name}"
        graph.titles.setdefault(path, (path[0], neurons + active if wide else ""))
    if wide:
        path = (*path, f"neuron {layer}.{neuron or 1}" if layer else f"neuron {neuron}")
        graph.titles.setdefault(path, (path[-1], ""))
    return path


def _place_leaves(graph: Skeleton) -> None:
    """Weights and biases stand in the neuron that reads them."""
    for index, node in enumerate(graph.nodes):
        if node.is_leaf and graph.roles[index] in ("parameter", "constant"):
            readers = graph.readers[index]
            places = {graph.places.get(reader) for reader in readers}
            place = places.pop() if len(places) == 1 else None
            if place is not None:
                graph.places[index] = place
            graph.paths[index] = common_path([graph.paths[reader] for reader in readers])
