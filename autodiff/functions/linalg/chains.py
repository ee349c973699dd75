"""Products of several matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autodiff.errors import ShapeError
from autodiff.functions.products import linear
from autodiff.tensors.operands import operands_of
from autodiff.tensors.tensor import Tensor

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = ["multi_dot"]


def multi_dot(arrays: Sequence[TensorLike]) -> Tensor:
    """Product of several matrices, in the order that takes the fewest multiplications.

    Args:
        arrays: two or more matrices; the first and the last may be vectors.

    Returns:
        The product.

    Raises:
        ShapeError: there are fewer than two, or the shapes do not fit.

    Example:
        >>> multi_dot([[[1.0, 2.0]], [[1.0], [1.0]], [[3.0]]]).tolist()
        [[9.0]]
    """
    nodes = operands_of(arrays)
    if len(nodes) < 2:
        raise ShapeError(f"'multi_dot' was given {len(nodes)} matrices; give at least two")
    first, last = nodes[0].ndim == 1, nodes[-1].ndim == 1
    if first:
        nodes[0] = nodes[0].reshape(1, -1)
    if last:
        nodes[-1] = nodes[-1].reshape(-1, 1)
    if any(node.ndim != 2 for node in nodes):
        raise ShapeError(
            f"'multi_dot' was given shapes {[node.shape for node in nodes]}; all must be "
            "matrices, the first and the last may be vectors"
        )
    product: Tensor = _in_order(nodes, _best_splits(nodes), 0, len(nodes) - 1)
    if first and last:
        return product.reshape(())
    return product.reshape(-1) if first or last else product


def _best_splits(nodes: list[Any]) -> dict[tuple[int, int], int]:
    """Where to divide each run of matrices (Cormen et al., Introduction to Algorithms, 15.2)."""
    lengths = [nodes[0].shape[0], *(node.shape[1] for node in nodes)]
    cost: dict[tuple[int, int], int] = {(i, i): 0 for i in range(len(nodes))}
    splits = {}
    for span in range(1, len(nodes)):
        for i in range(len(nodes) - span):
            j = i + span
            cost[i, j], splits[i, j] = min(
                (cost[i, k] + cost[k + 1, j] + lengths[i] * lengths[k + 1] * lengths[j + 1], k)
                for k in range(i, j)
            )
    return splits


def _in_order(nodes: list[Any], splits: dict[tuple[int, int], int], i: int, j: int) -> Any:
    if i == j:
        return nodes[i]
    k = splits[i, j]
    return linear.matmul(_in_order(nodes, splits, i, k), _in_order(nodes, splits, k + 1, j))
