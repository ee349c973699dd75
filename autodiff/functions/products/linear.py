"""Matrix products and Einstein sums."""

from __future__ import annotations

import math
import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from autodiff.errors import ShapeError
from autodiff.functions.elementwise import elementwise
from autodiff.functions.products.contraction import in_order, lettered
from autodiff.functions.shaping.shaping import place_of_axis
from autodiff.ops.products import linear
from autodiff.tensors.operands import operands_of
from autodiff.tensors.operations import apply
from autodiff.tensors.tensor import Tensor
from autodiff.values.fusions import weighted_sum

if TYPE_CHECKING:
    from autodiff.typing import TensorLike

__all__ = [
    "dot",
    "einsum",
    "inner",
    "matmul",
    "tensordot",
]


def matmul(a: TensorLike, b: TensorLike) -> Tensor:
    """Matrix product, by NumPy's rules for 1-D, 2-D, batched and broadcast operands.

    Args:
        a: tensor or array of at least one axis, shape (…, n, k) or (k,).
        b: tensor or array of at least one axis, shape (…, k, m) or (k,).

    Returns:
        The product, of shape (…, n, m) without the axes of 1-D operands.

    Raises:
        ShapeError: the inner lengths differ; the message names both shapes.

    Derivative: of the result's gradient g, a receives g · bᵀ; b receives aᵀ · g.

    Example:
        >>> matmul([[1.0, 2.0]], [[3.0], [4.0]]).tolist()
        [[11.0]]
    """
    return apply(linear.matmul, a, b)


def inner(a: Any, b: Any) -> Any:
    """Sums of products over the last axes; for matrices a bᵀ, what a linear layer computes.

    Args:
        a: tensor or array of shape (…, k), or with no axes.
        b: tensor or array of shape (…, k), or with no axes.

    Returns:
        A tensor whose axes are those of ``a`` without the last, then those of ``b``; if one
        operand has no axes, the product.

    Raises:
        ShapeError: the last axes differ in length.

    Derivative: of the result's gradient g, a receives g · b; b receives gᵀ · a.

    Example:
        >>> inner([[1.0, 2.0]], [[3.0, 4.0], [5.0, 6.0]]).tolist()
        [[11.0, 17.0]]
    """
    if not (isinstance(a, Tensor) and isinstance(b, Tensor)):
        a, b = operands_of((a, b))
    rows, columns = a._data.shape, b._data.shape
    if not (rows and columns):
        return elementwise.multiply(a, b)
    if rows[-1] != columns[-1]:
        raise ShapeError(
            f"'inner' was given shapes {rows} and {columns}, whose last axes differ in length; "
            "they must be equal"
        )
    return apply(linear.inner, a, b)


def einsum(subscripts: Any, *operands: Any, optimize: Any = False) -> Tensor:
    """Sum of products over index labels.

    Args:
        subscripts: labels such as ``"ij,jk->ik"``; an ellipsis stands for any axes, and
            without ``->`` the labels that occur once are kept, in alphabetical order.
        *operands: one tensor or array for each comma-separated term. In NumPy's other form
            each operand is followed by the list of its labels, numbers from 0 to 51:
            ``einsum(a, [0, 1], b, [1, 2], [0, 2])``.
        optimize: take three and more operands some at a time, in the order that
            `numpy.einsum_path` finds for it (True, ``"greedy"``, ``"optimal"`` or a path).

    Returns:
        The sum.

    Raises:
        ShapeError: labels and operands do not fit.

    Derivative: of the result's gradient g, each operand receives einsum of g and the other
    operands, summed to the labels of the operand.

    Example:
        >>> einsum("ij,ij->", [[1.0, 2.0]], [[3.0, 4.0]]).item()
        11.0
    """
    if not isinstance(subscripts, str):
        subscripts, operands = lettered((subscripts, *operands))
    nodes = operands_of(operands)
    terms, output = _explicit(subscripts, [node.ndim for node in nodes])
    for i, term in enumerate(terms):
        nodes[i], terms[i] = _diagonal(nodes[i], term)
    return in_order(terms, output, nodes, optimize, _contracted)  # type: ignore[no-any-return]


def _contracted(subscripts: str, *nodes: Any) -> Tensor:
    return apply(linear.einsum, *nodes, subscripts=subscripts)


def _explicit(subscripts: str, ndims: list[int]) -> tuple[list[str], str]:
    """The terms and the output with the ellipsis and the output spelled out."""
    text = subscripts.replace(" ", "")
    inputs, arrow, output = text.partition("->")
    terms = inputs.split(",")
    if len(terms) != len(ndims):
        raise ShapeError(
            f"'einsum' was given {len(ndims)} operands for the {len(terms)} terms of "
            f"{subscripts!r}; give one operand for each term"
        )
    free = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" if c not in text]
    extras = [
        ndim - len(term.replace("...", "")) if "..." in term else 0
        for term, ndim in zip(terms, ndims, strict=True)
    ]
    for term, ndim, extra in zip(terms, ndims, extras, strict=True):
        if extra < 0 or ("..." not in term and len(term) != ndim):
            raise ShapeError(
                f"'einsum' term {term!r} of {subscripts!r} does not fit an operand with {ndim} axes"
            )
    widest = "".join(free[: max(extras, default=0)])
    terms = [
        t.replace("...", widest[len(widest) - e :]) for t, e in zip(terms, extras, strict=True)
    ]
    if arrow:
        return terms, output.replace("...", widest)
    joined = "".join(terms)
    return terms, widest + "".join(
        c for c in sorted(set(joined)) if joined.count(c) == 1 and c not in widest
    )


def _diagonal(node: Any, term: str) -> tuple[Any, str]:
    """Take diagonals, so that each label occurs once in the term."""
    while len(set(term)) < len(term):
        label = next(c for c in term if term.count(c) > 1)
        first = term.index(label)
        second = term.index(label, first + 1)
        n = node.shape[first]
        if node.shape[second] != n:
            raise ShapeError(
                f"'einsum' label {label!r} stands for lengths {n} and {node.shape[second]}"
            )
        moved = node.transpose(
            (first, second, *(i for i in range(node.ndim) if i not in (first, second)))
        )
        places = np.arange(n)
        node = moved[places, places]
        term = label + "".join(c for i, c in enumerate(term) if i not in (first, second))
    return node, term


def tensordot(a: TensorLike, b: TensorLike, axes: Any = 2) -> Tensor:
    """Sums of products over several axes at once.

    Args:
        a: tensor or array.
        b: tensor or array.
        axes: how many of the last axes of ``a`` and of the first of ``b`` are summed over;
            or which axes of each, as two lists.

    Returns:
        A tensor of the remaining axes of ``a``, then of ``b``.

    Raises:
        ShapeError: the lengths differ.

    Example:
        >>> tensordot([[1.0, 2.0]], [[1.0], [1.0]], axes=1).tolist()
        [[3.0]]
    """
    left, right = operands_of([a, b])
    if isinstance(axes, (int, np.integer)):
        count = operator.index(axes)
        first: Any = range(left.ndim - count, left.ndim)
        second: Any = range(count)
    else:
        first, second = ([x] if isinstance(x, (int, np.integer)) else x for x in axes)
    theirs = [place_of_axis(operator.index(x), left.ndim) for x in first]
    ours = [place_of_axis(operator.index(x), right.ndim) for x in second]
    lengths = [left.shape[i] for i in theirs]
    if lengths != [right.shape[i] for i in ours]:
        raise ShapeError(
            f"'tensordot' was given shapes {left.shape} and {right.shape} with axes={axes!r}; the "
            "axes that are summed over must be equally long"
        )
    kept = [i for i in range(left.ndim) if i not in theirs]
    rest = [i for i in range(right.ndim) if i not in ours]
    shape = tuple(left.shape[i] for i in kept) + tuple(right.shape[i] for i in rest)
    count = math.prod(lengths)
    rows = math.prod(left.shape[i] for i in kept)
    columns = math.prod(right.shape[i] for i in rest)
    left = left.transpose(kept + theirs).reshape(rows, count)
    right = right.transpose(ours + rest).reshape(count, columns)
    return matmul(left, right).reshape(shape)


def dot(a: Any, b: Any, bias: Any = None) -> Any:
    """Inner product; of sequences of Values one node, w·x + b, as a neuron computes it.

    Of arrays by NumPy's rules: with no axes the product; of matrices their product; with
    more axes the sums over the last axis of ``a`` and the last but one of ``b``.

    Args:
        a: tensor or array, or a sequence of Values and numbers (the weights).
        b: the same length (the inputs).
        bias: added to the product; 0 by default.

    Returns:
        A `Value` if any operand is one, else a `Tensor`.

    Raises:
        ShapeError: the lengths differ.

    Example:
        >>> import autodiff as ad
        >>> w, x = [ad.Value(2.0), ad.Value(3.0)], [4.0, 5.0]
        >>> ad.dot(w, x, bias=1.0).data
        24.0
    """
    arrays = (Tensor, np.ndarray)
    if isinstance(a, arrays) or isinstance(b, arrays) or isinstance(bias, arrays):
        a, b, bias = operands_of((a, b, bias))
    elif hasattr(a, "__len__") and hasattr(b, "__len__"):
        return weighted_sum(a, b, 0.0 if bias is None else bias)
    elif hasattr(a, "__len__") or hasattr(b, "__len__"):
        a, b = operands_of((a, b))
    product = _numpy_dot(a, b)
    return product if bias is None else product + bias


def _numpy_dot(a: Any, b: Any) -> Any:
    if not (isinstance(a, Tensor) and isinstance(b, Tensor) and a.ndim and b.ndim):
        return elementwise.multiply(a, b)
    if a.ndim < 2 or b.ndim < 3:
        return matmul(a, b)
    return tensordot(a, b, axes=(-1, -2))
