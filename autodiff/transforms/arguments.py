"""Arguments for nodes, and nodes for results: what a transform does at both its ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import numpy as np

from autodiff.backends.kinds import is_array, is_stand_in
from autodiff.dtypes import as_array
from autodiff.errors import NonDifferentiableError
from autodiff.functions.elementwise import elementwise
from autodiff.graph.extras import own_extras
from autodiff.graph.modes import current_mode
from autodiff.graph.node import Node
from autodiff.tensors.operands import gathered
from autodiff.tensors.tensor import Tensor
from autodiff.trees import tree
from autodiff.values.value import Value

__all__ = ["Variables", "as_given", "plain", "settled"]


class Variables:
    """One argument of a transformed function, with nodes of their own for its leaves.

    Attributes:
        given: the leaves as they were given.
        nodes: the node that stands for each in this transform and no other.
        shape: the argument's structure.
        tree: the argument with the nodes in it.
        what: what the argument is, for messages.
    """

    __slots__ = ("given", "nodes", "shape", "tree", "what")

    given: list[Any]
    shape: tree.Structure

    def __init__(self, argument: Any, what: str, *, record: bool) -> None:
        """Make the nodes.

        Args:
            argument: a tree of numbers, arrays and nodes.
            what: what it is, for messages.
            record: whether nodes given stay connected with their own history.
        """
        self.what: str = what
        self.given, self.shape = tree.flatten(argument)
        self.nodes: list[Any] = [
            _variable(leaf, record, partial(_place, what, argument, i))
            for i, leaf in enumerate(self.given)
        ]
        self.tree: Any = tree.unflatten(self.shape, self.nodes)

    def described(self, position: int) -> str:
        """The leaf at a position, for messages."""
        return _place(self.what, self.tree, position)

    def shaped(self, found: Iterable[Any], *, keep: bool) -> Any:
        """One result for each leaf, each in the form of its leaf, as a tree."""
        parts = zip(found, self.given, strict=True)
        return tree.unflatten(self.shape, [as_given(g, leaf, keep=keep) for g, leaf in parts])


def _place(what: str, argument: Any, position: int) -> str:
    return what + tree.paths(argument)[position]


def _variable(leaf: Any, record: bool, what: Callable[[], str]) -> Any:
    if isinstance(leaf, (Tensor, Value)):
        if leaf.requires_grad and record:
            # A node of its own: an inner derivative must not see outer uses of it.
            return elementwise.positive(leaf)
        return Value(leaf.data) if isinstance(leaf, Value) else _leaf(leaf._data, what)
    if isinstance(leaf, complex) and not isinstance(leaf, np.generic):
        return _leaf(np.complex128(leaf), what)
    if isinstance(leaf, (bool, np.float64)) or not isinstance(leaf, (int, float)):
        # NumPy's numbers raise the type of what they meet, which no Value does.
        return _leaf(leaf, what)
    if current_mode().batches:
        # A Value is one number, but the gradient may be another one for every example.
        return _leaf(np.float64(leaf), what)
    return Value(leaf)


def _leaf(data: Any, what: Callable[[], str]) -> Tensor:
    if not hasattr(data, "dtype") and not isinstance(data, (bool, complex)):
        raise NonDifferentiableError(
            f"{what()} is {data!r}, a {type(data).__name__}; give numbers, arrays or nodes, in "
            "dicts, lists, tuples, dataclasses (there what is no number belongs in a "
            "field(metadata={'static': True})) or containers made known by autodiff.tree.register"
        )
    array = as_array(data)
    if array.dtype.kind not in "fc":
        raise NonDifferentiableError(
            f"{what()} has dtype {array.dtype}, which has no gradient; give floating-point numbers"
        )
    variable = Tensor(array, requires_grad=True)
    # Nobody else has it, so that x += v in the function may give the name a new node.
    own_extras(variable)["is_variable"] = True
    return variable


def as_given(g: Any, leaf: Any, *, keep: bool) -> Any:
    """A result in the form of what was given: a float, an array or a node.

    Args:
        g: a float, an array or a node; None stays None.
        leaf: what was given.
        keep: leave a node that depends on something a node.
    """
    if g is None or (keep and isinstance(g, Node) and g.requires_grad):
        # It may depend on a variable of an enclosing transform, which would be lost.
        return g
    if isinstance(leaf, Node):
        if isinstance(g, Node):
            return g
        return Value(g).detach() if isinstance(leaf, Value) else Tensor(g)
    found = plain(g)
    if isinstance(found, Tensor) or is_stand_in(found):
        return found if isinstance(found, Tensor) else Tensor(found)
    if isinstance(leaf, complex) and not isinstance(leaf, np.generic):
        return complex(found)
    if isinstance(found, float) and not is_array(leaf):
        return float(found)
    if isinstance(leaf, np.float64) and np.ndim(found) == 0:
        return np.float64(found)
    return np.array(found)


def plain(x: Any) -> Any:
    """The number or the array of a node; anything else as it is."""
    if isinstance(x, Value):
        return x.data
    # What stands for the examples of a batch, or is being recorded, cannot be taken out.
    taken = isinstance(x, Tensor) and not is_stand_in(x._data)
    return x.numpy() if taken else x


def settled(given: Any, *, nodes: bool) -> Any:
    """A tree without history: its nodes as constants, or as numbers and arrays."""
    form = _constant if nodes else plain
    return tree.map(lambda x: form(gathered(x)), given)


def _constant(x: Any) -> Any:
    return x.detach() if isinstance(x, (Value, Tensor)) else x
