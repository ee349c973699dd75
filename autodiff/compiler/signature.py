"""What distinguishes one call of a step from another: shapes, dtypes, plain values."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from autodiff.compiler.refusals import title
from autodiff.compiler.trees import flatten, map_leaves
from autodiff.dtypes import get_default_dtype, keeps_precision
from autodiff.errors import TracingError
from autodiff.graph.modes import is_grad_enabled
from autodiff.graph.node import Node
from autodiff.tensors.tensor import Tensor

__all__ = ["UnrecordableError", "leaf_names", "raw_array", "signature", "varies"]

_KINDS = {np.ndarray, Tensor}


class UnrecordableError(Exception):
    """What a step was given is of a kind that cannot be recorded.

    Args:
        leaf: what was given.
        kind: what that is.
        remedy: what to do instead.
    """

    def __init__(self, leaf: Any, kind: str, remedy: str) -> None:
        super().__init__(kind)
        self._leaf, self._kind, self._remedy = leaf, kind, remedy

    def error(self, function: Callable[..., Any], args: Any, kwargs: Any) -> TracingError:
        """The error that names the step and the argument."""
        pairs = zip(flatten((args, kwargs)), leaf_names(function, args, kwargs), strict=True)
        name = next(name for leaf, name in pairs if leaf is self._leaf)
        return TracingError(
            f"the compiled step {title(function)!r} was given {self._kind}, as its argument "
            f"{name!r}; {self._remedy}"
        )


def varies(leaf: Any) -> bool:
    """Whether an argument stands for numbers that may change from call to call."""
    return isinstance(leaf, (Tensor, np.ndarray))


def raw_array(leaf: Any) -> Any:
    """The array of an argument."""
    return leaf._data if isinstance(leaf, Tensor) else leaf


def signature(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, list[Any]]:
    """A key for the calls that one recording serves, and the leaves of the arguments.

    Raises:
        UnrecordableError: an argument is of a kind that cannot be recorded.
    """
    settings = is_grad_enabled(), get_default_dtype(), keeps_precision()
    if not kwargs and _KINDS.issuperset(map(type, args)):
        return (settings, *map(_of_leaf, args)), list(args)
    tree = args, kwargs
    leaves = flatten(tree)
    nesting = repr(map_leaves(lambda _: 0, tree))
    return (settings, nesting, *map(_of_leaf, leaves)), leaves


def _of_leaf(leaf: Any) -> Any:
    if isinstance(leaf, Tensor):
        if leaf.requires_grad:
            raise UnrecordableError(
                leaf,
                f"{leaf.describe()}, which needs a gradient",
                "let the step refer to it directly, as to a model's parameters",
            )
        data = leaf._data
        return Tensor, data.shape, data.dtype, data.strides
    if isinstance(leaf, np.ndarray):
        return leaf.__class__, leaf.shape, leaf.dtype, leaf.strides
    if isinstance(leaf, Node):
        raise UnrecordableError(
            leaf,
            "a Value",
            "steps are recorded on arrays, so give Tensors, arrays or plain numbers",
        )
    if isinstance(leaf, float):
        return float, leaf.hex()
    try:
        hash(leaf)
    except TypeError:
        raise UnrecordableError(
            leaf,
            f"a {type(leaf).__name__}",
            "give Tensors, arrays, numbers, strings, or tuples, lists and dicts of them",
        ) from None
    return type(leaf), leaf


def leaf_names(function: Callable[..., Any], args: Any, kwargs: Any) -> list[str]:
    """A name for each leaf of the arguments, after the parameters of the function."""
    try:
        given = inspect.signature(function).bind(*args, **kwargs).arguments
    except (TypeError, ValueError):
        given = {}
    outer = {id(value): name for name, value in given.items()}
    trees = [*enumerate(args), *kwargs.items()]
    return [
        name
        for position, tree in trees
        for name in _paths(tree, outer.get(id(tree), f"x{position}"))
    ]


def _paths(tree: Any, name: str) -> list[str]:
    if isinstance(tree, dict):
        return [path for key, part in tree.items() for path in _paths(part, f"{name}_{key}")]
    if isinstance(tree, (tuple, list)):
        return [path for i, part in enumerate(tree) for path in _paths(part, f"{name}_{i}")]
    return [name]
