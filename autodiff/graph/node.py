"""Nodes of the computation graph.

A node refers to its operands only, never to its consumers, and holds no closure: there
are no reference cycles, so a graph is freed the moment its root goes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autodiff.errors import NonDifferentiableError
from autodiff.graph.extras import Extras, extras_of, own_extras
from autodiff.graph.hooks import Handle, register
from autodiff.graph.modes import Scope
from autodiff.graph.origin import Origin, line_of
from autodiff.ops.primitive import Primitive

if TYPE_CHECKING:
    from autodiff.methods.node_declarations import NodeMethods
else:
    NodeMethods = object

__all__ = ["Node", "holds_nodes"]


class Node(NodeMethods):
    """A value in the graph and how it came about; the base of `Value` and `Tensor`.

    Attributes:
        op: the table's entry that made this node, None for a leaf.
        requires_grad: whether gradients flow to this node.
        sequence: when it was made, by the clock (`autodiff.graph.clock`).
    """

    __slots__ = ("__weakref__", "_code", "_extras", "_instruction", "op", "sequence")

    op: Primitive | None
    requires_grad: bool
    sequence: int
    _extras: Extras
    parents: tuple[Node, ...]

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made this node."""
        return self.op is None

    @property
    def name(self) -> str | None:
        """The name used in messages and drawings; None if none was given."""
        return extras_of(self).get("name")

    @name.setter
    def name(self, name: str | None) -> None:
        own_extras(self)["name"] = name

    @property
    def scope(self) -> Scope:
        """The modules inside which the node was made, outermost first."""
        return extras_of(self).get("scope", ())

    @property
    def origin(self) -> Origin | None:
        """File and line of the user's code that made the node; None for a leaf."""
        return None if self.op is None else self._made_at()

    def register_hook(self, hook: Callable[[Any], Any]) -> Handle:
        """Call a function with this node's gradient each time `backward` has found it.

        Args:
            hook: takes the gradient (a read-only array; a float for a `Value`; a node with
                ``create_graph=True``) and returns None, or the gradient to go on with.
                Hooks are called in the order in which they were set, before any
                ``grad`` is written: an error in one leaves all gradients as they were.

        Returns:
            A handle; ``handle.remove()`` ends the registration.

        Raises:
            NonDifferentiableError: the node needs no gradient.
        """
        return register(self, hook, "gradient")

    def register_post_accumulate_grad_hook(self, hook: Callable[[Any], Any]) -> Handle:
        """Call a function with this leaf each time `backward` has added to its ``grad``.

        It is called after all gradients of that pass are stored.

        Raises:
            NonDifferentiableError: this is no leaf that needs a gradient.
        """
        if self.op is not None:
            raise NonDifferentiableError(
                f"register_post_accumulate_grad_hook() was called on {self.describe()}, which is "
                "no leaf; use register_hook()"
            )
        return register(self, hook, "accumulated")

    def _made_at(self) -> Origin | None:
        code = getattr(self, "_code", None)
        return None if code is None else line_of(code, getattr(self, "_instruction", 0))

    def describe(self) -> str:
        """One phrase that names the node: its operation or name, and where it was made."""
        what = f"the result of {self.op.name!r}" if self.op is not None else "a leaf"
        if self.name is not None:
            what = f"{self.name!r} ({what})"
        # Of a leaf the name says more than the line, which may be that of a whole model.
        where = self._made_at() if self.op is not None or self.name is None else None
        return what if where is None else f"{what} made at {where[0]}:{where[1]}"

    def __copy__(self) -> Node:
        return self.__deepcopy__({})

    def __deepcopy__(self, memo: dict[int, Any]) -> Node:
        """A new leaf with the same numbers, name and wish for a gradient, without its hooks."""
        if self.op is not None:
            raise TypeError(_COPY.format(node=self.describe()))
        twin = memo[id(self)] = self._twin(memo)
        return twin

    def _twin(self, memo: dict[int, Any]) -> Node:
        raise NotImplementedError

    def __reduce__(self) -> Any:
        raise TypeError(_PICKLE.format(kind=type(self).__name__))


def holds_nodes(given: Any) -> bool:
    """Whether nested lists or tuples hold a node somewhere."""
    return isinstance(given, (list, tuple)) and any(
        isinstance(inner, Node) or holds_nodes(inner) for inner in given
    )


_COPY = (
    "{node} cannot be copied: an operation made it, and of the copy it would not be clear which "
    "graph it belongs to; take x.detach() for its numbers, or x.detach().requires_grad_() as a leaf"
)
_PICKLE = (
    "a {kind} cannot be pickled, because pickles run code when loaded; "
    "save weights with nn.save (safetensors) and arrays with x.numpy(); to another process send "
    "model.state_dict(), and build the model there"
)
