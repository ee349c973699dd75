"""Which scalars stand in one frame: the elements of an operand, and what an operation makes."""

from __future__ import annotations

from typing import Any

from autodiff.scalarizing import ScalarGraph
from autodiff.values.value import Value
from viz.elements.tensors import Tensors
from viz.read.skeleton import Path, Skeleton

__all__ = ["frame"]


def frame(structure: Skeleton, scalars: ScalarGraph, tensors: Tensors, whole: bool) -> None:
    """Put the nodes of a structure into the frames of their tensors.

    Args:
        structure: of the scalar graph; its paths and titles are set.
        scalars: what was expanded.
        tensors: names and formulas.
        whole: of many operations only those have a frame that have more in it than results.
    """
    home: dict[Any, Path] = {}
    for number, (node, elements) in enumerate(scalars.elements.items()):
        made = scalars.made.get(node)
        inside = elements.reshape(-1).tolist() if made is None else made
        inside = [value for value in inside if isinstance(value, Value)]
        bare = whole and made is not None and len(inside) == elements.size
        if len(inside) < 2 or bare:
            continue
        path = (f"{number} {tensors.names[node]}",)
        structure.titles[path] = tensors.title(node, made is not None)
        for value in inside:
            home.setdefault(value, path)
    for index, value in enumerate(structure.nodes):
        inner = home.get(value, ())
        outer = structure.paths[index] if value.op is not None else ()
        structure.paths[index] = (*outer, *inner)
        if outer and inner:
            structure.titles[(*outer, *inner)] = structure.titles[inner]
