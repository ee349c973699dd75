"""Operands and plain NumPy counterparts for the elementwise entries of the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autodiff.functions.elementwise import activations
from autodiff.functions.nodes import nodes
from autodiff.ops import Elementwise, every_primitive
from autodiff.tensors.operations import keyword_parameters
from tests.autodiff.counterparts import gathered

__all__ = [
    "BINARY",
    "CASES",
    "DIFFERENTIABLE",
    "ENTRIES",
    "VARIANTS",
    "apply",
    "counterpart",
    "each_differentiable",
    "each_entry",
    "each_variant",
    "floating",
    "moved",
    "operands_for",
    "title",
]

ENTRIES = [entry for entry in every_primitive().values() if isinstance(entry, Elementwise)]
DIFFERENTIABLE = [entry for entry in ENTRIES if entry.differentiable]
BINARY = [entry for entry in DIFFERENTIABLE if entry.arity == 2]

_OTHERS = gathered()
Case = tuple[Elementwise, dict[str, Any]]


def _variants(entry: Elementwise) -> list[Case]:
    defaults = keyword_parameters(entry)
    others = {k: 0.7 * v + 0.2 for k, v in defaults.items()}
    return [(entry, {})] + ([(entry, others)] if others else [])


CASES: list[Case] = [(entry, {}) for entry in ENTRIES]
VARIANTS: list[Case] = [case for entry in DIFFERENTIABLE for case in _variants(entry)]


def title(thing: Any) -> str:
    """The name of a test case."""
    if isinstance(thing, dict):
        return ",".join(f"{k}={v:.2g}" for k, v in thing.items()) or "defaults"
    return str(thing.name)


each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=title)
each_differentiable = pytest.mark.parametrize("entry", DIFFERENTIABLE, ids=title)
each_variant = pytest.mark.parametrize(("entry", "params"), VARIANTS, ids=title)


def moved(operands: list[Any], position: int, x: Any) -> list[Any]:
    """The operands with one of them replaced."""
    return [x if i == position else operand for i, operand in enumerate(operands)]


def floating(operands: list[Any]) -> list[int]:
    """Positions of the operands that a gradient exists for."""
    return [i for i, operand in enumerate(operands) if operand.dtype.kind == "f"]


def apply(entry: Elementwise, *operands: Any, **params: Any) -> Any:
    """The library's function of an entry."""
    function = {"gelu": activations._gelu_exact}.get(entry.name) or getattr(nodes, entry.name)
    return function(*operands, **params)


def operands_for(
    entry: Elementwise, rng: np.random.Generator, *shapes: tuple[int, ...], dtype: Any = np.float64
) -> list[Any]:
    """Operands inside their domains and away from kinks; one shape for all, or one each."""
    each = shapes * entry.arity if len(shapes) == 1 else shapes
    if not entry.differentiable:
        return [rng.integers(-1, 2, shape).astype(dtype) for shape in each]
    operands = [
        np.asarray(rng.uniform(d.low, d.high, shape), dtype)
        for d, shape in zip(entry.domains, each, strict=True)
    ]
    if entry.name == "where":
        operands[0] = operands[0] > 0.5
    if entry.arity == 1:
        operands = [_aside(operands[0], np.array(kinks), 0.1) for kinks in (entry.kinks,)]
        if all(p == 0 for p in entry.partials):
            # Steps: not near the places where the value jumps.
            operands = [_aside(operands[0], np.arange(-4, 5) / 2, 0.1)]
    elif entry.kinks:
        gap = operands[0] - operands[1]
        close = np.abs(gap) < 0.1
        operands[0] = np.asarray(operands[0] + 0.5 * np.all(close) + 0.3 * (close.any()), dtype)
        while np.any(np.abs(operands[0] - operands[1]) < 0.1):
            operands[0] = np.asarray(operands[0] + 0.07, dtype)
    return operands


def _aside(x: Any, points: Any, distance: float) -> Any:
    for point in points:
        x = np.where(np.abs(x - point) < distance, point + distance * 1.5, x).astype(x.dtype)
    return x


def counterpart(entry: Elementwise) -> Callable[..., Any]:
    """The same function of NumPy, or a formula of it."""
    if entry.name in _OTHERS:
        return _OTHERS[entry.name]
    found: Callable[..., Any] | None = getattr(np, entry.name, None)
    assert found, f"NumPy has no {entry.name}: write it with NumPy in tests/autodiff/counterparts"
    return found
