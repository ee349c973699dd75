"""The namespace of graph nodes: what ``xp`` is when gradients are to be nodes themselves.

With it the table's own rules, run on nodes, record the backward pass as a graph.
"""

from __future__ import annotations

from typing import Any

from autodiff.functions import elementwise, indexing, linear, reductions, shaping

__all__ = ["NodeNamespace", "nodes"]

_FAMILIES = (elementwise, reductions, shaping, linear, indexing)


class NodeNamespace:
    """Functions on nodes, found by the names that the table's rules use."""

    def __getattr__(self, name: str) -> Any:
        for family in _FAMILIES:
            if name in vars(family):
                function = vars(family)[name]
                setattr(self, name, function)
                return function
        raise AttributeError(f"the namespace of nodes has no function {name!r}")

    @staticmethod
    def astype_like(x: Any, like: Any) -> Any:
        """``x`` in the dtype of ``like``."""
        return shaping.astype(x, like.dtype)


nodes = NodeNamespace()
