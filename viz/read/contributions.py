"""What each use of a node sends back to it: the terms of which its gradient is the sum."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autodiff.errors import GlassgradError
from autodiff.graph.conjugation import conjugated
from autodiff.ops.primitive import Elementwise, Fused
from autodiff.sweeps.released import ReleasedNode
from autodiff.sweeps.seeds import starting_gradient
from autodiff.sweeps.walk import walk
from autodiff.values.value import Value

__all__ = ["contributions", "on_scalars", "slopes"]

Use = tuple[Any, int]


def contributions(root: Any, wanted: Callable[[Any, int], bool]) -> dict[Use, Any]:
    """What uses of nodes send back, found in one sweep that changes no ``grad``.

    Args:
        root: the node that is differentiated.
        wanted: for a node and the position of an operand, whether that use is asked for.

    Returns:
        By node and position an array, or a float for a `Value`. Empty where there can be no
        sweep: of a root with several entries, of a graph that was released or has changed.

    Example:
        >>> import autodiff as ad
        >>> x = ad.Tensor([1.0, 2.0], requires_grad=True)
        >>> y = x * x
        >>> parts = contributions(ad.sum(y), lambda node, position: node is y)
        >>> [parts[y, position].tolist() for position in (0, 1)]
        [[1.0, 2.0], [1.0, 2.0]]
    """
    found: dict[Use, Any] = {}

    def note(node: Any, g: Any, position: int, operand: Any, part: Any) -> None:
        if wanted(node, position):
            found[node, position] = conjugated(part)

    if isinstance(root, ReleasedNode):
        return {}
    try:
        walk({root: starting_gradient(root, None)}, hooks=False, note=note)
    except GlassgradError:
        return {}
    return found


def slopes(node: Any) -> dict[int, float]:
    """The partial derivatives of a `Value` by its operands, by position."""
    needed = [i for i, parent in enumerate(node.parents) if parent.requires_grad]
    return dict(zip(needed, (float(p) for _, p in node.local_gradients()), strict=True))


def on_scalars(node: Any) -> bool:
    """Whether a node is a `Value` made of Values, so that its slopes are plain numbers."""
    return isinstance(node, Value) and isinstance(node.op, Elementwise | Fused)
