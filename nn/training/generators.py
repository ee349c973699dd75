"""The generators that parts of a training draw from, found by walking through them."""

from __future__ import annotations

import functools
import random
from collections import deque
from collections.abc import Iterator, Mapping
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

import autodiff as ad
from nn.module.base import Module

__all__ = ["found_generators", "generator_states", "restore_generators"]

_PLAIN = (str, bytes, int, float, complex, bool, np.ndarray, np.generic, ad.Tensor, type)
_MOST = 20_000
_LONG = 64
"""Of longer lists the entries are data, which do not draw."""


def found_generators(**roots: Any) -> dict[str, np.random.Generator]:
    """Generators in objects, their attributes, containers, closures and so on, by path.

    Args:
        **roots: where to look, by name.

    Returns:
        Each generator once, by the first path to it; the library's own comes first.

    Example:
        >>> import nn
        >>> list(found_generators(model=nn.Sequential(nn.Dropout(0.5, rng=0))))
        ['library', 'model.0.rng']
    """
    found = {"library": ad.random.generator()}
    seen = {id(found["library"])}
    queue = deque(roots.items())
    while queue and len(seen) < _MOST:
        path, value = queue.popleft()
        if value is None or isinstance(value, _PLAIN) or id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, np.random.Generator):
            found[path] = value
            continue
        queue.extend(_parts(path, value))
    return found


def _parts(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, ModuleType):
        return
    if isinstance(value, Mapping):
        if len(value) <= _LONG:
            for i, (key, entry) in enumerate(value.items()):
                yield f"{path}.{key if isinstance(key, str | int) else i}", entry
        return
    if isinstance(value, list | tuple | set | frozenset | deque):
        if len(value) <= _LONG:
            yield from ((f"{path}.{i}", entry) for i, entry in enumerate(value))
        return
    if isinstance(value, functools.partial):
        yield from ((path, value.func), (path, value.args), (path, value.keywords))
    elif isinstance(value, MethodType):
        yield from ((path, value.__self__), (path, value.__func__))
    elif isinstance(value, FunctionType):
        yield from _of_function(path, value)
    elif isinstance(value, Module):
        # First by the names that they have in a state_dict.
        yield from ((f"{path}.{name}", child) for name, child in value.named_children())
    held = getattr(value, "__dict__", {})
    yield from ((f"{path}.{name}", entry) for name, entry in held.items())


def _of_function(path: str, value: FunctionType) -> Iterator[tuple[str, Any]]:
    for name, cell in zip(value.__code__.co_freevars, value.__closure__ or (), strict=True):
        try:
            yield f"{path}.{name}", cell.cell_contents
        except ValueError:
            continue
    for entry in (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values()):
        yield path, entry
    names = value.__code__.co_names
    # A global that a user's function draws from.
    for name in names:
        entry = value.__globals__.get(name)
        if isinstance(entry, np.random.Generator):
            yield name, entry


def generator_states(generators: Mapping[str, np.random.Generator]) -> dict[str, Any]:
    """The states of generators, and those of the global ones of NumPy and of Python."""
    version, words, gauss = random.getstate()
    return {
        "named": {path: rng.bit_generator.state for path, rng in generators.items()},
        "numpy": np.random.get_state(legacy=False),
        "python": {"version": version, "words": np.array(words, np.uint64), "gauss": gauss},
    }


def restore_generators(
    generators: Mapping[str, np.random.Generator], states: Mapping[str, Any]
) -> None:
    """Put generators back into states that `generator_states` gave.

    Raises:
        ValueError: they are others.
    """
    missing = sorted(states["named"].keys() - generators.keys())
    added = sorted(generators.keys() - states["named"].keys())
    if missing or added:
        raise ValueError(
            "the states are of other random generators: "
            f"{', '.join(missing) or 'none'} {'is' if len(missing) == 1 else 'are'} not here, "
            f"{', '.join(added) or 'none'} here alone; set everything up as before"
        )
    for path, rng in generators.items():
        rng.bit_generator.state = states["named"][path]
    np.random.set_state(states["numpy"])
    python = states["python"]
    words = tuple(int(word) for word in python["words"])
    random.setstate((python["version"], words, python["gauss"]))
