"""A model part by part: shapes, parameters, multiply-adds, memory."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nn.inspect.summary_text import to_html, to_text
from nn.inspect.tracing import Pass, as_inputs, passed
from nn.io.told import save_told
from nn.module.base import Module
from nn.module.dtypes import get_default_dtype
from nn.module.parameter import Parameter
from nn.module.show import describe
from nn.module.tree import float_type

__all__ = ["Summary", "SummaryRow", "summary"]


@dataclass(frozen=True)
class SummaryRow:
    """One module.

    Attributes:
        name: its path; empty for the model itself.
        depth: how far it is inside.
        kind: what it prints as.
        shape: of its first result: a tuple, a list or dict of such, or None if it was not called.
        calls: how often it was called.
        parameters: numbers in its own parameters and in those of its parts.
        trainable: those of them that are not frozen.
        products: multiply-adds of one pass, those of its parts included.
        callable: whether it is called at all; lists and dicts of modules are not.
        shared: whether it stands elsewhere, too, where it is counted.
        tied: numbers in parameters that stand in an earlier module, too, where they are counted.
    """

    name: str
    depth: int
    kind: str
    shape: Any
    calls: int
    parameters: int
    trainable: int
    products: int
    callable: bool = True
    shared: bool = False
    tied: int = 0


@dataclass(frozen=True)
class Summary:
    """What `summary` found: print it, or look at its rows.

    Attributes:
        rows: the modules, outer before inner.
        parameters: numbers in all parameters, shared ones counted once.
        trainable: those that are not frozen.
        products: multiply-adds of one pass.
        parameter_bytes: memory of the parameters.
        buffer_bytes: memory of the buffers.
        activation_bytes: memory of the arrays that the graph holds for the backward pass, beside
            parameters and inputs, each counted once.
        uncounted: operations in the model whose multiply-adds are not counted.
    """

    rows: tuple[SummaryRow, ...]
    parameters: int
    trainable: int
    products: int
    parameter_bytes: int
    buffer_bytes: int
    activation_bytes: int
    uncounted: tuple[str, ...] = ()

    def __str__(self) -> str:
        return to_text(self.to_dict())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return to_html(self.to_dict())

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it to a file, whole or not at all.

        Args:
            path: ends in ``.txt`` for the table as it prints, in ``.html`` for a page.

        Returns:
            The path written.

        Raises:
            ValueError: the ending is neither.
            OSError: the file cannot be written.
        """
        return save_told(self, path, "A model part by part")

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, for JSON."""
        return asdict(self)


def summary(model: Module, *inputs: Any, dtype: Any = None, depth: int | None = None) -> Summary:
    """Look at a model part by part: results, parameters, multiply-adds, memory.

    A copy of the model is called once, in use and not in training, so the model stays as it is.
    Hooks that were set on it are not called.
    Multiply-adds are counted from the operations of that pass: products of matrices,
    convolutions and recurrences.

    Args:
        model: the model; a lazy one is looked at as the inputs would make it, and stays lazy.
        *inputs: what it is called with: arrays, tensors, or shapes as tuples of integers,
            for which numbers are drawn.
        dtype: of the numbers drawn for shapes; the model's float type if not given. For
            indices give an integer type: they are 0 then.
        depth: how far inside parts are listed; all if not given.

    Returns:
        The rows and totals, which print as a table and show as one in a notebook.

    Raises:
        TypeError: that is no module, or no inputs are given.
        Exception: what the model raises, with a note that names the module.

    Example:
        >>> import nn
        >>> print(summary(nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10)), (1, 64)))
        module                output   parameters  multiply-adds
        Sequential            (1, 10)       2,410          2,368
          0: Linear(64, 32)   (1, 32)       2,080          2,048
          1: ReLU()           (1, 32)           0              0
          2: Linear(32, 10)   (1, 10)         330            320
        2,410 parameters, 9.41 KiB; activations of one pass 464 B
    """
    if not isinstance(model, Module):
        raise TypeError(f"summary takes a module first, and a {type(model).__name__} was given")
    if not inputs:
        raise TypeError(
            "summary calls the model once: give its inputs, or their shapes, such as (1, 64)"
        )
    found = passed(model, as_inputs(inputs, dtype, float_type(model) or get_default_dtype()))
    tensors = list(found.model.parameters())
    return Summary(
        tuple(_rows(found, depth)),
        sum(p.size for p in tensors),
        sum(p.size for p in tensors if p.requires_grad),
        sum(found.products.values()),
        sum(p.data.nbytes for p in tensors),
        sum(b.data.nbytes for b in found.model.buffers()),
        found.activations,
        tuple(sorted(found.uncounted)),
    )


def _rows(found: Pass, deepest: int | None) -> list[SummaryRow]:
    rows: list[SummaryRow] = []
    first = _holders(found.model)
    seen: set[int] = set()

    def add(name: str, module: Module, depth: int) -> None:
        shared = id(module) in seen
        seen.add(id(module))
        inside = list(module.modules())
        own = list(module.parameters())
        here = [p for p in own if f"{first[id(p)]}.".startswith(f"{name}." if name else "")]
        label = name.rpartition(".")[2] or name
        kind = describe(module)
        rows.append(
            SummaryRow(
                name,
                depth,
                f"{label}: {kind}" if label else kind,
                found.shapes.get(id(module)),
                found.calls.get(id(module), 0),
                sum(p.size for p in here),
                sum(p.size for p in here if p.requires_grad),
                sum(found.products.get(id(part), 0) for part in inside),
                module._is_called,
                shared,
                sum(p.size for p in own) - sum(p.size for p in here),
            )
        )
        if shared or (deepest is not None and depth >= deepest):
            return
        for part, child in module.named_children():
            add(f"{name}.{part}" if name else part, child, depth + 1)

    add("", found.model, 0)
    return rows


def _holders(model: Module) -> dict[int, str]:
    """For each parameter, by its id, the first module that holds it."""
    first: dict[int, str] = {}
    for name, module in model.named_modules():
        for member in module._members():
            if member.is_a(Parameter):
                first.setdefault(id(member.value), name)
    return first
