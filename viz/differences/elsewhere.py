"""Numbers brought from elsewhere, as a pass of the same structure that knows nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from viz.differences.passes import Pass

__all__ = ["elsewhere"]


def elsewhere(
    ours: Pass, values: Mapping[str, Any], gradients: Mapping[str, Any], label: str
) -> Pass:
    """A pass with the structure of ours and the numbers given.

    Args:
        ours: the pass to be compared with.
        values: arrays, or what NumPy makes an array of, by the names of nodes: those in
            pictures, or the dotted path of a module's parameter.
        gradients: likewise the derivatives of the result.
        label: what the numbers are called.

    Raises:
        ValueError: if a name is not that of one node, or an array has another shape.
    """
    known = _by_name(ours)
    found: dict[int, dict[str, Any]] = {}
    for field, given in (("value", values), ("gradient", gradients)):
        for name, array in given.items():
            number = _number(known, name, field)
            numbers = np.asarray(array)
            shape = ours.nodes[number].shape
            if numbers.shape != shape:
                raise ValueError(
                    f"the {field} given for {name!r} has the shape {numbers.shape}; the node's "
                    f"is {shape}"
                )
            found.setdefault(number, {})[field] = numbers
    blank = {"value": None, "gradient": None}
    nodes = tuple(
        replace(node, **{**blank, **found.get(number, {})})
        for number, node in enumerate(ours.nodes)
    )
    return Pass(nodes, label, partial=True)


def _by_name(ours: Pass) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, node in enumerate(ours.nodes):
        keys = {node.name, node.called, node.dotted}
        for key in keys - {""}:
            found.setdefault(key, []).append(number)
    return found


def _number(known: dict[str, list[int]], name: str, field: str) -> int:
    numbers = known.get(name, [])
    if len(numbers) == 1:
        return numbers[0]
    if numbers:
        raise ValueError(
            f"{len(numbers)} nodes are called {name!r}; name them apart, or give the path of "
            f"the module in front, as in 'hidden1.{name}'"
        )
    listed = ", ".join(sorted(known)[:12]) + (" …" if len(known) > 12 else "")
    raise ValueError(
        f"no node is called {name!r}, for which a {field} is given; names are: {listed}"
    )
