"""How far two passes are apart, node by node, and where that begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from viz.differences.align import Pair, align
from viz.differences.passes import Pass, PassNode
from viz.read.statistics import rms

__all__ = ["Compared", "Distance", "compare"]

Array = np.ndarray[Any, Any]

ROUNDINGS = 100.0
"""Numbers that differ by fewer roundings than this are taken for equal."""

SUMS = frozenset(("add", "subtract", "sum", "mean", "weighted_sum", "total"))


@dataclass(frozen=True, slots=True)
class Distance:
    """How far two arrays are apart.

    Attributes:
        equal: whether they agree to rounding, or are both unknown.
        apart: root mean square of their difference; `None` where one is not known.
        relative: that, in units of the larger of their own root mean squares.
        sizes: the root mean square of each, `None` where it is not known.
        missing: whether one of them is there and the other is not.
        within: the difference in units of what its roundings are taken of, which of a sum that
            nearly cancels are its terms.
    """

    equal: bool = True
    apart: float | None = None
    relative: float | None = None
    sizes: tuple[float | None, float | None] = (None, None)
    missing: bool = False
    within: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Two nodes that belong together, or one that stands in one pass alone.

    Attributes:
        pair: their numbers in the two passes.
        nodes: themselves, `None` for the one that is missing.
        value: how far their values are apart.
        gradient: how far their gradients are apart.
        operands: places in the comparison of what they are computed from.
        readers: places of what reads them.
    """

    pair: Pair
    nodes: tuple[PassNode | None, PassNode | None]
    value: Distance
    gradient: Distance
    operands: tuple[int, ...]
    readers: tuple[int, ...]

    @property
    def shown(self) -> PassNode:
        """The node that a card of the pair speaks of."""
        node = self.nodes[0] or self.nodes[1]
        assert node is not None
        return node

    @property
    def single(self) -> bool:
        """Whether it stands in one pass alone."""
        return None in self.nodes

    @property
    def equal(self) -> bool:
        """Whether the two agree in everything."""
        return not self.single and self.value.equal and self.gradient.equal


def compare(a: Pass, b: Pass, rtol: float | None = None) -> list[Compared]:
    """Lay two passes over each other and measure how far they are apart.

    Args:
        a: a pass.
        b: another one.
        rtol: the relative difference up to which numbers count as equal; by default 100
            roundings of the coarser of the two dtypes.
    """
    pairs = align(a, b)
    place = [{pair[side]: index for index, pair in enumerate(pairs)} for side in (0, 1)]
    readers: list[set[int]] = [set() for _ in pairs]
    operands: list[list[int]] = []
    for index, pair in enumerate(pairs):
        found: list[int] = []
        for side, whole in enumerate((a, b)):
            number = pair[side]
            if number is not None:
                found += [place[side][operand] for operand in whole.nodes[number].operands]
        operands.append(list(dict.fromkeys(found)))
        for operand in operands[-1]:
            readers[operand].add(index)
    one_readers = a.readers()
    sizes = [_known(node.value) for node in a], [_known(node.gradient) for node in a]
    result: list[Compared] = []
    for index, pair in enumerate(pairs):
        one: PassNode | None = None if pair[0] is None else a.nodes[pair[0]]
        other = None if pair[1] is None else b.nodes[pair[1]]
        value = gradient = Distance()
        if one is not None and other is not None:
            # A sum that nearly cancels has the roundings of its terms; gradients are sums, too.
            scale = max((sizes[0][o] for o in one.operands if one.op in SUMS), default=0.0)
            value = distance(one.value, other.value, rtol, scale)
            arriving = max((sizes[1][r] for r in one_readers[pair[0] or 0]), default=0.0)
            gradient = distance(one.gradient, other.gradient, rtol, arriving)
            known = not (a.partial or b.partial)
            if known and (one.gradient is None) != (other.gradient is None):
                gradient = _missing(one.gradient, other.gradient)
        result.append(
            Compared(
                pair,
                (one, other),
                value,
                gradient,
                tuple(operands[index]),
                tuple(sorted(readers[index])),
            )
        )
    return result


def _known(array: Array | None) -> float:
    return 0.0 if array is None else rms(array)


def _missing(one: Array | None, other: Array | None) -> Distance:
    sizes = (None if one is None else rms(one), None if other is None else rms(other))
    there = next(size for size in sizes if size is not None)
    if there == 0.0:
        return Distance(True, 0.0, 0.0, sizes)
    return Distance(False, there, 1.0, sizes, missing=True)


def distance(
    one: Array | None, other: Array | None, rtol: float | None = None, scale: float = 0.0
) -> Distance:
    """How far two arrays are apart.

    Args:
        one: an array, `None` if it is not known.
        other: likewise.
        rtol: the relative difference that counts as none; by default 100 roundings.
        scale: the size of which roundings are taken, where it exceeds that of the arrays.
    """
    if one is None or other is None:
        sizes = (None if one is None else rms(one), None if other is None else rms(other))
        return Distance(sizes=sizes)
    if one.shape != other.shape:
        return Distance(False, None, None, (rms(one), rms(other)))
    if one.dtype.kind not in "fc" and other.dtype.kind not in "fc":
        same = bool(np.array_equal(one, other))
        return Distance(same, None if same else rms(one != other), None, (rms(one), rms(other)))
    sizes = (rms(one), rms(other))
    gap = _gap(one, other)
    largest = max(sizes)
    relative = 0.0 if gap == 0 else (gap / largest if np.isfinite(largest) and largest else np.inf)
    tolerance = rtol if rtol is not None else ROUNDINGS * _rounding(one, other)
    unit = max(largest if np.isfinite(largest) else _finite(one, other), scale)
    within = gap / unit if unit and np.isfinite(gap) else 0.0
    equal = gap == 0 or bool(gap <= tolerance * unit)
    return Distance(equal, gap, float(relative), sizes, within=float(within))


def _gap(one: Array, other: Array) -> float:
    """Root mean square of the difference; equal infinities and nans are no difference."""
    with np.errstate(invalid="ignore", over="ignore"):
        apart = np.asarray(one, _wide(one)) - np.asarray(other, _wide(other))
        same = (one == other) | ((one != one) & (other != other))
    apart = np.where(same, 0, apart)
    return float("inf") if np.isnan(apart).any() else rms(apart)


def _finite(one: Array, other: Array) -> float:
    """The size of two arrays without what is infinite or no number."""
    return max(rms(array[np.isfinite(array)]) for array in (one, other))


def _wide(array: Array) -> Any:
    return np.complex128 if array.dtype.kind == "c" else np.float64


def _rounding(one: Array, other: Array) -> float:
    return max(
        float(np.finfo(array.dtype).eps) if array.dtype.kind in "fc" else 0.0
        for array in (one, other)
    )
