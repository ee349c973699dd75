"""What programs written for micrograd give to a `Value` beside its number."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from autodiff.errors import NonDifferentiableError
from autodiff.graph.extras import own_extras

__all__ = ["leaf_with"]


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
        own_extras(node)["sign"] = op
