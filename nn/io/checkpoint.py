"""Saving models and states to files, and loading them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from nn.io.archives import read_weights
from nn.io.container import CheckpointError, encode
from nn.io.files import write_atomically
from nn.io.nested import flatten, restore
from nn.module.base import Module

__all__ = ["load", "load_state", "save", "save_state"]

PathLike = str | os.PathLike[str]

_TREE = "glassgrad.state"


def save(model: Module, path: PathLike, metadata: Mapping[str, str] | None = None) -> None:
    """Save the parameters and buffers of a model as a safetensors file.

    The file appears whole or not at all, also if the process is killed. The same state
    gives the same bytes.

    Args:
        model: the model.
        path: the file, by custom ending in ``.safetensors``; its folder must exist.
        metadata: text to keep with it.

    Raises:
        TypeError: the metadata is not text.
        OSError: the file cannot be written; an older one is as it was.

    Example:
        >>> import nn, tempfile, pathlib
        >>> model = nn.Linear(2, 1)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = pathlib.Path(folder) / "model.safetensors"
        ...     nn.save(model, path, {"note": "first try"})
        ...     nn.load(nn.Linear(2, 1), path)
        {'note': 'first try'}
    """
    if not isinstance(model, Module):
        raise TypeError(
            f"save takes a Module, not a {type(model).__name__}; for other states use save_state"
        )
    write_atomically(path, encode(model.state_dict(), metadata or {}))


def load(model: Module, path: PathLike, strict: bool = True) -> dict[str, str]:
    """Load the parameters and buffers of a model from a file.

    Args:
        model: a model of the same structure, built by the same code.
        path: a safetensors file, written by `save` or by any other tool; or a NumPy archive,
            ``.npz``, of arrays by the names of the parameters.
        strict: whether the names must match exactly.

    Returns:
        The metadata.

    Raises:
        CheckpointError: the file is damaged, or of another format, which is named.
        ValueError: it does not fit the model; nothing was loaded.
        FileNotFoundError: it does not exist.
    """
    if not isinstance(model, Module):
        raise TypeError(f"load takes first a Module to load into, not a {type(model).__name__}")
    arrays, metadata = read_weights(path)
    model.load_state_dict(arrays, strict)
    return metadata


def save_state(state: Any, path: PathLike, metadata: Mapping[str, str] | None = None) -> None:
    """Save any state of arrays and numbers, such as all that is needed to resume training.

    Args:
        state: dicts, lists and tuples of arrays, numbers, text and None, nested; for
            example ``{"model": model.state_dict(), "optimizer": optimizer.state_dict(),
            "rng": rng.bit_generator.state, "epoch": 3}``.
        path: the file; its folder must exist.
        metadata: text to keep with it.

    Raises:
        TypeError: the state holds something else.
        OSError: the file cannot be written; an older one is as it was.
    """
    arrays, tree = flatten(state)
    if _TREE in (metadata or {}):
        raise ValueError(f"the metadata name {_TREE!r} is reserved for the library")
    write_atomically(path, encode(arrays, {**(metadata or {}), _TREE: tree}))


def load_state(path: PathLike) -> Any:
    """Load what `save_state` saved; of other safetensors files and of ``.npz`` the arrays.

    Args:
        path: the file.

    Returns:
        The state, with the nesting, the types of keys and the dtypes it had.

    Raises:
        CheckpointError: the file is damaged, or of another format, which is named.
        FileNotFoundError: it does not exist.
    """
    arrays, metadata = read_weights(path)
    if _TREE not in metadata:
        return arrays
    try:
        return restore(arrays, metadata[_TREE])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CheckpointError(
            f"{path} holds arrays, but no description of the state they belong to "
            f"({type(error).__name__}: {error}); use another copy"
        ) from None
