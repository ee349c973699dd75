"""The namespace of graph nodes: what ``xp`` is when gradients are to be nodes themselves.

With it the table's own rules, run on nodes, record the backward pass as a graph.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from autodiff.backends.arrays import arrays
from autodiff.backends.scalars import scalars
from autodiff.functions import catalogue
from autodiff.functions.elementwise import elementwise
from autodiff.functions.indexing import indexing
from autodiff.functions.networks import probabilities
from autodiff.functions.products import linear
from autodiff.functions.reductions import reductions, searching
from autodiff.functions.shaping import joining, shaping
from autodiff.graph.node import Node
from autodiff.names import FUNCTIONS
from autodiff.ops.networks import formulas, recurrences
from autodiff.ops.primitive import TABLE, Elementwise
from autodiff.tensors.operations import apply, elementwise_function

__all__ = ["NodeNamespace", "ScalarNodeNamespace", "nodes", "scalar_nodes"]

_FAMILIES = (elementwise, reductions, probabilities, searching, shaping, joining, linear, indexing)


class NodeNamespace:
    """Functions on nodes, found by the names that the table's rules use."""

    def __getattr__(self, name: str) -> Any:
        for family in _FAMILIES:
            if name in vars(family):
                function = vars(family)[name]
                setattr(self, name, function)
                return function
        if name in FUNCTIONS:
            setattr(self, name, catalogue.find(name))
            return vars(self)[name]
        entry = TABLE.get(name)
        if isinstance(entry, Elementwise):
            setattr(self, name, elementwise_function(entry))
            return vars(self)[name]
        if entry is not None:
            setattr(self, name, partial(apply, entry))
            return vars(self)[name]
        raise AttributeError(f"the namespace of nodes has no function {name!r}")

    @staticmethod
    def product_over_rows(a: Any, g: Any, like: Any) -> Any:
        """``aᵀ @ g``."""
        return linear.matmul(shaping.swapaxes(a, -1, -2), g)

    @staticmethod
    def matmul_like(a: Any, b: Any, like: Any) -> Any:
        """``a @ b``."""
        return linear.matmul(a, b)

    @staticmethod
    def label_loss(total: Any, x: Any, labels: Any, axis: int, ignored: int | None) -> Any:
        """``total`` less ``x`` at the labels."""
        entry = TABLE["label_loss"]
        return apply(entry, total, x, labels=labels, axis=axis, ignored=ignored)

    @staticmethod
    def subtract_label(x: Any, v: Any, labels: Any, axis: int, ignored: int | None) -> Any:
        """A copy of ``x`` less ``v`` at the labels."""
        entry = TABLE["subtract_label"]
        return apply(entry, x, v, labels=labels, axis=axis, ignored=ignored)

    @staticmethod
    def lstm_adjoint(r: Any, y: Any, w: Any, c: Any) -> Any:
        """What `lstm_recurrence` sends back, step by step."""
        return recurrences.lstm_adjoint(nodes, r, y, w, c)

    @staticmethod
    def affine_standardize_shares(g: Any, x: Any, w: Any, axis: Any, eps: float) -> Any:
        """What the operands of `affine_standardize` receive."""
        return formulas.affine_shares(nodes, g, x, w, axis, eps)

    @staticmethod
    def standardize_pull(g: Any, x: Any, axis: Any, eps: float) -> Any:
        """What x receives of the cotangent of its `standardize`."""
        return formulas.standardized_pull(nodes, g, x, axis, eps)

    @staticmethod
    def short_rows(x: Any, axis: int) -> Any:
        """``x``; only the layout of arrays is arranged."""
        return x

    @staticmethod
    def last_writers(index: Any, shape: tuple[int, ...], count: int) -> Any:
        """Which of the elements written at an index remain; no node, as no gradient goes there."""
        return arrays.last_writers(index, shape, count)

    @staticmethod
    def astype_like(x: Any, like: Any) -> Any:
        """``x`` in the dtype of ``like``; of complex numbers the real part, if that is real."""
        if x.dtype.kind == "c" and like.dtype.kind != "c":
            x = catalogue.find("real")(x)
        return shaping.astype(x, like.dtype) if x.dtype != like.dtype else x


nodes: NodeNamespace = NodeNamespace()


class ScalarNodeNamespace:
    """Functions on Values; of plain numbers only, such as comparisons give, on floats."""

    def __getattr__(self, name: str) -> Any:
        on_nodes, on_floats = getattr(nodes, name), getattr(scalars, name)

        def function(*operands: Any) -> Any:
            recorded = any(isinstance(operand, Node) for operand in operands)
            return on_nodes(*operands) if recorded else on_floats(*operands)

        setattr(self, name, function)
        return function


scalar_nodes: ScalarNodeNamespace = ScalarNodeNamespace()
