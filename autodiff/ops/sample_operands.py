"""Sample operands for the table-driven tests of structural primitives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

__all__ = ["Sampler", "cases"]

Sample = tuple[list[Any], dict[str, Any]]
Sampler = Callable[[np.random.Generator], Iterator[Sample]]
Shapes = tuple[int, ...] | list[tuple[int, ...]]


def cases(*specs: tuple[Shapes, dict[str, Any]]) -> Sampler:
    """Samples of standard normal operands.

    Args:
        *specs: pairs of a shape (or a list of shapes, one per operand) and parameters.

    Returns:
        A function of a generator that yields ``(operands, params)``.
    """

    def sampler(rng: np.random.Generator) -> Iterator[Sample]:
        for shapes, params in specs:
            each = shapes if isinstance(shapes, list) else [shapes]
            yield [rng.standard_normal(shape) for shape in each], params

    return sampler
