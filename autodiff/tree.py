"""Trees: nested containers whose leaves are arrays, numbers and nodes.

A tree is opened up into the flat list of its leaves and put together again, so that a
function of a model's parameters, kept however its author likes, is a function of a list
of arrays. Containers are dicts, lists, tuples, named tuples, dataclasses and None, which
has no leaves; `register` adds others. Everything else is a leaf.
"""

from __future__ import annotations

from autodiff.trees.containers import register
from autodiff.trees.tree import Structure, flatten, leaves, map, paths, structure, unflatten

__all__ = [
    "Structure",
    "flatten",
    "leaves",
    "map",
    "paths",
    "register",
    "structure",
    "unflatten",
]


def __dir__() -> list[str]:
    return __all__
