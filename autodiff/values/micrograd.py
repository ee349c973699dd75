"""The names by which programs written for micrograd know the parts of a `Value`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from autodiff.errors import NonDifferentiableError

if TYPE_CHECKING:
    from autodiff.graph import Node

__all__ = ["MicrogradNames", "leaf_with"]

_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "relu": "ReLU"}


class MicrogradNames:
    """``label``, ``_prev``, ``_op`` and ``_backward`` of a `Value`, as micrograd has them.

    Two things are otherwise on purpose: a gradient that was never computed is None, not 0, and
    a second `backward` over a released graph raises, where micrograd adds up wrong gradients.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        grad: Any
        op: Any
        parents: tuple[Node, ...]
        describe: Callable[[], str]

    @property
    def label(self) -> str:
        """The name; empty if there is none."""
        node: Any = self
        return node.name or ""

    @label.setter
    def label(self, label: str) -> None:
        node: Any = self
        node.name = label or None

    @property
    def _prev(self) -> set[Node]:
        """The operands, each once."""
        return set(self.parents)

    @property
    def _op(self) -> str:
        """The operation in short, such as ``+`` or ``**2``; empty for a leaf."""
        if self.op is None:
            given: str = getattr(self, "_info", {}).get("_op", "")
            return given
        name: str = self.op.name
        if name == "power":
            exponent: Any = self.parents[1]
            return f"**{exponent.data:g}" if not exponent.requires_grad else "**"
        return _SIGNS.get(name, name)

    @property
    def _backward(self) -> Callable[[], None]:
        """A function that adds to the operands' ``grad`` what this node's ``grad`` sends them."""
        return self._send

    @_backward.setter
    def _backward(self, function: Any) -> None:
        raise NonDifferentiableError(
            f"_backward was set on {self.describe()}, but derivatives stand in the table of "
            "operations; make an operation of your own with autodiff.custom_function"
        )

    def _send(self) -> None:
        from autodiff.sweeps.walk import contributions

        if self.op is None:
            return
        if self.grad is None:
            raise NonDifferentiableError(
                f"_backward() of {self.describe()}, whose grad is None: a gradient that was never "
                "computed is None here, not 0; set grad = 1.0 on the result, and go from results "
                "to operands"
            )
        for _, parent, part in contributions(self, self.grad):
            before = parent._grad
            parent._grad = part if before is None else before + part


def leaf_with(node: Any, children: Collection[Any], op: str) -> None:
    """Take micrograd's further arguments of ``Value(data, children, op)``.

    Raises:
        TypeError: they are no such arguments.
        NonDifferentiableError: there are children.
    """
    if isinstance(children, str | bytes) or not isinstance(children, Collection):
        raise TypeError(
            f"Value(...) was given {children!r} as a name; give text, as in Value(2.0, name='x')"
        )
    if children:
        raise NonDifferentiableError(
            "Value(data, children, op) with children: of such an operation no derivative is known; "
            "compute with operators and functions, or make one with autodiff.custom_function"
        )
    if op:
        node._set_info("_op", op)
