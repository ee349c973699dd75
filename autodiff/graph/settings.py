"""Numbers that decide what is computed: the order of a norm, a slope, a bound."""

from __future__ import annotations

from typing import Any

from autodiff.backends.kinds import is_array
from autodiff.errors import NonDifferentiableError, ShapeError
from autodiff.graph.node import Node

__all__ = ["setting"]


def setting(x: Any, function: str, name: str) -> Any:
    """A parameter by which there is no derivative: the number in a node or array, else as it is.

    Args:
        x: what was given.
        function: to what.
        name: of the parameter.

    Raises:
        NonDifferentiableError: it is a node for which a gradient is wanted.
        ShapeError: it is an array of several numbers.

    Example:
        >>> import autodiff as ad
        >>> setting(ad.Tensor(2.0), "norm", "ord"), setting(3, "norm", "ord")
        (2.0, 3)
    """
    if is_array(x):
        if x.ndim:
            raise ShapeError(
                f"{function}() was given {name}= of shape {x.shape}, but takes one number for all "
                "elements"
            )
        return x.item()
    if not isinstance(x, Node):
        return x
    if x.requires_grad:
        raise NonDifferentiableError(
            f"{function}() was given {name}= as {x.describe()}, for which a gradient is wanted, "
            f"but it has no derivative by {name}; give a plain number: {name}=x.detach().item()"
        )
    number: Any = x
    return number.item()
