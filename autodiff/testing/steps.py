"""Which steps are tried on a line, and in which order."""

from __future__ import annotations

from collections.abc import Callable

from autodiff.testing.lines import Line

__all__ = ["THOROUGH", "THRIFTY", "Stages"]

# Exponents of one half. Everything moves on a random line, so that fewer functions stay
# smooth over large steps than on a line along one entry.
Stages = tuple[Callable[[Line], range], ...]


def _stage(entry: range, random: range) -> Callable[[Line], range]:
    return lambda line: entry if line.is_entry else random


def _wide(line: Line) -> range:
    return range(-line.higher, 27)


def _far(line: Line) -> range:
    return range(27, 46)


# The last stage is for what is not found right: a fault has to show at the smallest steps too,
# since larger ones may reach beyond a singularity or over many periods.
THOROUGH: Stages = (_stage(range(9), range(5, 15)), _wide, _far)
THRIFTY: Stages = (
    _stage(range(4, 9), range(9, 14)),
    _stage(range(14), range(6, 20)),
    _wide,
    _far,
)
