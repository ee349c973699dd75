"""What is measured, as data: a layer, its arguments, what it is given."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.layers import rows

# So many times PyTorch's time is what a layer may take.
BOUND = 3.0


class Indices(NamedTuple):
    """An input of whole numbers, drawn from 0 up to below ``below``."""

    shape: tuple[int, ...]
    below: int


@dataclass(frozen=True)
class Row:
    """One layer at one size; see `row`."""

    layer: str
    arguments: tuple[Any, ...]
    settings: tuple[tuple[str, Any], ...]
    inputs: tuple[Any, ...]
    bound: float
    random: bool

    @property
    def title(self) -> str:
        """The layer as it is constructed, and the shapes of its inputs."""
        given = [repr(a) for a in self.arguments] + [f"{k}={v!r}" for k, v in self.settings]
        shapes = [x.shape if isinstance(x, Indices) else x for x in self.inputs]
        sizes = ", ".join("×".join(map(str, shape)) for shape in shapes)
        return f"{self.layer}({', '.join(given)}) on {sizes}"

    def make(self, namespace: Any) -> Any:
        """The layer out of `nn` or `torch.nn`."""
        return getattr(namespace, self.layer)(*self.arguments, **dict(self.settings))

    @cached_property
    def arrays(self) -> list[NDArray[Any]]:
        """The inputs, float32 from a standard normal distribution, or int64."""
        rng = np.random.default_rng(1)
        return [
            rng.integers(0, x.below, x.shape)
            if isinstance(x, Indices)
            else rng.standard_normal(x).astype(np.float32)
            for x in self.inputs
        ]

    @cached_property
    def state(self) -> dict[str, NDArray[Any]]:
        """What the layer begins with, which both engines load."""
        import nn

        state: dict[str, NDArray[Any]] = self.make(nn).state_dict()
        return state

    @property
    def parameters(self) -> list[NDArray[Any]]:
        """Nothing is updated."""
        return []

    def cotangent(self, shape: tuple[int, ...]) -> NDArray[Any]:
        """What backward begins with, for an output of this shape."""
        return np.random.default_rng(2).standard_normal(shape).astype(np.float32)


def row(
    layer: str,
    *arguments: Any,
    x: tuple[int, ...] | Indices | Sequence[tuple[int, ...] | Indices],
    bound: float = BOUND,
    random: bool = False,
    **settings: Any,
) -> Row:
    """A row of the table: ``row("Linear", 784, 256, x=(64, 784))``.

    Args:
        layer: the name, in `nn` as in `torch.nn`.
        arguments: what the constructor is given, in both.
        x: the shape of the input, or `Indices`; a list of these for several inputs.
        bound: how many times PyTorch's time it may take.
        random: whether results differ by chance, so that they are not compared.
        settings: what the constructor is given by name, in both.
    """
    inputs = tuple(x) if isinstance(x, list) else (x,)
    return Row(layer, arguments, tuple(settings.items()), inputs, bound, random)


def families() -> dict[str, list[Row]]:
    """The rows of every family, by its name."""
    found = sorted(module.name for module in pkgutil.iter_modules(rows.__path__))
    return {name: importlib.import_module(f"{rows.__name__}.{name}").ROWS for name in found}


def chosen(names: Sequence[str]) -> dict[str, list[Row]]:
    """The rows of some families and of some layers; all of them if nothing is named.

    Raises:
        ValueError: a name is neither a family's nor a layer's.
    """
    known = families()
    layers = {row.layer for rows in known.values() for row in rows}
    if strangers := [name for name in names if name not in known and name not in layers]:
        raise ValueError(
            f"no family and no layer here is named {strangers[0]!r}; there are "
            f"{', '.join(known)}, and in them {', '.join(sorted(layers))}"
        )
    wanted = set(names) or set(known)
    kept = {
        family: [row for row in rows if family in wanted or row.layer in wanted]
        for family, rows in known.items()
    }
    return {family: rows for family, rows in kept.items() if rows}
