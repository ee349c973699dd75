"""Nested states (dicts and lists of arrays and numbers) as flat arrays and one JSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from autodiff import Tensor

__all__ = ["flatten", "restore"]

Array = np.ndarray[Any, Any]

_MARK = "$array"


def flatten(state: Any) -> tuple[dict[str, Array], str]:
    """Take the arrays out of a nested state.

    Args:
        state: dicts with text or integer keys, lists, tuples, arrays, tensors, numbers,
            text, booleans and None, nested.

    Returns:
        The arrays by dotted path, and the rest as JSON in which they are referred to.

    Raises:
        TypeError: something else is in it.
    """
    arrays: dict[str, Array] = {}
    tree = _flattened(state, "", arrays)
    return arrays, json.dumps(tree, separators=(",", ":"))


def _flattened(value: Any, path: str, arrays: dict[str, Array]) -> Any:
    if isinstance(value, Tensor | np.ndarray):
        name = path or "array"
        while name in arrays:
            name += "'"
        arrays[name] = np.asarray(value.data if isinstance(value, Tensor) else value)
        return {_MARK: name}
    if isinstance(value, Mapping):
        # Keys are kept as pairs, since JSON would turn the integer 0 into the text "0".
        entries = []
        for key, item in value.items():
            if not isinstance(key, str | int):
                raise TypeError(f"a state can be saved with text or integer keys, not {key!r}")
            inner = f"{path}.{key}" if path else str(key)
            entries.append([key, _flattened(item, inner, arrays)])
        return {"$dict": entries}
    if isinstance(value, list | tuple):
        return {
            f"${type(value).__name__}" if type(value) in (list, tuple) else "$list": [
                _flattened(item, f"{path}.{i}" if path else str(i), arrays)
                for i, item in enumerate(value)
            ]
        }
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(
        f"the state holds a {type(value).__name__} at {path or 'its top'}, which cannot be saved; "
        "use arrays, numbers, text, lists and dicts"
    )


def restore(arrays: Mapping[str, Array], text: str) -> Any:
    """The nested state that `flatten` took apart."""
    return _restored(json.loads(text), arrays)


def _restored(tree: Any, arrays: Mapping[str, Array]) -> Any:
    if not isinstance(tree, dict):
        return tree
    ((kind, content),) = tree.items()
    if kind == _MARK:
        return arrays[content]
    if kind == "$dict":
        return {key: _restored(item, arrays) for key, item in content}
    items = [_restored(item, arrays) for item in content]
    return tuple(items) if kind == "$tuple" else items
