"""Declarations of the methods of `Node` and of numbers, for editors and type checkers.

At run time each is a function that is put in place once; see `autodiff.methods.install`.
"""

from collections.abc import Iterable
from typing import Any

from autodiff.graph.node import Node

__all__ = ["NodeMethods", "NumberMethods"]

class NodeMethods:
    """The methods of every node that stand above it."""

    def backward(
        self,
        gradient: Any = None,
        *,
        retain_graph: bool = False,
        create_graph: bool = False,
        inputs: Node | Iterable[Node] | None = None,
    ) -> None:
        """Add to ``grad`` of every leaf the derivative of a node with respect to it."""
    def trace(self, depth: int | None = None, limit: int = 100) -> str:
        """How this node came about, as a tree to be printed: each result above its operands."""

class NumberMethods:
    """What Python's own functions ask of a `Value` or `Tensor`."""

    def __float__(self) -> float: ...
    def __int__(self) -> int: ...
    def __complex__(self) -> complex: ...
    def __round__(self, digits: int | None = None) -> Any: ...
    def __divmod__(self, other: Any) -> tuple[Any, Any]: ...
    def __rdivmod__(self, other: Any) -> tuple[Any, Any]: ...
    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any: ...
