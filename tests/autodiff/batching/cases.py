"""Every entry of the table as a function of examples, some of its operands mapped over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

import autodiff as ad
from autodiff.ops import Elementwise, Structural
from autodiff.tensors import operations
from tests.autodiff.reference import weights
from tests.autodiff.table import elementwise_samples
from tests.autodiff.table.structural_samples import SAMPLED, samples

__all__ = [
    "ELEMENTWISE",
    "SAMPLED",
    "SIZE",
    "Case",
    "elementwise_cases",
    "example",
    "floating",
    "loss",
    "structural_cases",
]

SIZE = 3
ELEMENTWISE = [e for e in elementwise_samples.ENTRIES if not isinstance(e, Structural)]
Case = tuple[Callable[..., Any], list[Any], tuple[int | None, ...]]


def which(count: int) -> Iterator[tuple[int | None, ...]]:
    """All operands mapped over, and each alone."""
    yield (0,) * count
    if count > 1:
        yield from (tuple(0 if i == k else None for i in range(count)) for k in range(count))


def elementwise_cases(entry: Elementwise) -> Iterator[Case]:
    function = lambda *x: elementwise_samples.apply(entry, *x)  # noqa: E731
    rng = np.random.default_rng(8)
    for axes in which(entry.arity):
        shapes = [(2, 2) if a is None else (SIZE, 2, 2) for a in axes]
        yield function, elementwise_samples.operands_for(entry, rng, *shapes), axes
    if entry.arity == 2:
        # Examples with different numbers of axes.
        unlike = [(SIZE, 2), (SIZE, 3, 2)]
        yield function, elementwise_samples.operands_for(entry, rng, *unlike), (0, 0)


def structural_cases(entry: Structural) -> Iterator[Case]:
    rng = np.random.default_rng(9)
    for operands, params in samples(entry):
        function = lambda *x, p=params: operations.apply(entry, *x, **p)  # noqa: E731
        for axes in which(len(operands)):
            yield (
                function,
                [
                    x
                    if axis is None
                    else np.stack([x, *(x + 0.3 * rng.standard_normal((SIZE - 1, *x.shape)))])
                    for x, axis in zip(operands, axes, strict=True)
                ],
                axes,
            )


def example(operands: list[Any], axes: tuple[int | None, ...], i: int) -> list[Any]:
    return [x if axis is None else x[i] for x, axis in zip(operands, axes, strict=True)]


def loss(function: Callable[..., Any]) -> Callable[..., Any]:
    """A real number of all the results."""

    def scalar(*operands: Any) -> Any:
        y = function(*operands)
        if y.dtype.kind != "c":
            return ad.sum(y * weights(y.shape))
        return ad.sum(ad.real(y) * weights(y.shape)) - ad.sum(ad.imag(y) * weights(y.shape) ** 2)

    return scalar


def floating(operands: list[Any]) -> tuple[int, ...]:
    return tuple(i for i, x in enumerate(operands) if x.dtype.kind == "f")
