"""Numbers against numbers, as lines."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from viz.charts.chart import Chart
from viz.charts.panels import Points, arranged

__all__ = ["lines"]


def lines(
    given: Mapping[str, Any],
    x: Sequence[float] | None = None,
    *,
    x_label: str = "",
    y_label: str = "",
    logarithmic: bool = False,
    guides: Collection[str] = (),
    note: str = "",
    title: str = "",
    theme: str = "auto",
) -> Chart:
    """Draw numbers against numbers, such as a gradient's size against the depth.

    Args:
        given: for each line, by name, its numbers; or pairs (x, y) where the lines have
            different places; or, for several panels, such dicts by the names of the panels.
        x: the places of the numbers; 0, 1, 2, … if not given.
        x_label: what the places are.
        y_label: what the numbers are, where there is one panel.
        logarithmic: whether the axis of the numbers is logarithmic, where they are positive.
        guides: names of lines that are drawn dashed, such as bounds.
        note: printed under the title.
        title: printed over the chart.
        theme: ``auto``, ``light`` or ``dark``.

    Returns:
        The chart. Numbers that are missing or not finite leave a gap.

    Raises:
        TypeError: if given something else.
        ValueError: if there is nothing to draw, the lengths differ from that of ``x``, or there is
            no line of a guide's name.

    Example:
        >>> import viz
        >>> depths = range(2, 6)
        >>> bound = {"0.25ᵈ": [0.25**d for d in depths]}
        >>> viz.lines(bound, depths, x_label="depth d", logarithmic=True, title="A bound")
        <Chart 'A bound'>
    """
    if not isinstance(given, Mapping) or not given:
        raise TypeError(
            f"lines() was given {type(given).__name__!r}; give numbers by the names of the lines, "
            "such as {'sigmoid': [0.1, 0.2]}"
        )
    several = all(isinstance(value, Mapping) for value in given.values())
    panels: dict[str, dict[str, Points]] = {
        str(name): {str(label): _points(str(label), line, x) for label, line in inner.items()}
        for name, inner in (given if several else {y_label: given}).items()
    }
    known = dict.fromkeys(label for inner in panels.values() for label in inner)
    if unknown := sorted(set(guides) - set(known)):
        raise ValueError(f"no line is called {unknown[0]!r}; there are {', '.join(known)}")
    if not any(line for inner in panels.values() for line in inner.values()):
        raise ValueError("lines() was given no numbers to draw")
    chosen = set(panels) if logarithmic else set()
    whole = all(
        n == round(n) for inner in panels.values() for line in inner.values() for n, _ in line
    )
    return Chart(
        lambda told: arranged(
            panels,
            told or f"{', '.join(known)}",
            x_label,
            chosen,
            whole=whole,
            guides=set(guides),
            note=note,
        ),
        panels,
        title=title,
        theme=theme,
    )


def _points(label: str, line: Any, x: Sequence[float] | None) -> Points:
    entries = list(line)
    if entries and all(_is_pair(entry) for entry in entries):
        return [(float(a), _number(b)) for a, b in entries]
    places = range(len(entries)) if x is None else list(x)
    if len(places) != len(entries):
        raise ValueError(
            f"the line {label!r} has {len(entries)} numbers, and x has {len(places)} places"
        )
    return [(float(a), _number(b)) for a, b in zip(places, entries, strict=True)]


def _is_pair(entry: Any) -> bool:
    return hasattr(entry, "__len__") and not isinstance(entry, str) and len(entry) == 2


def _number(entry: Any) -> float:
    if entry is None:
        return math.nan
    try:
        return float(entry)
    except (TypeError, ValueError):
        raise TypeError(f"lines() draws numbers, and {entry!r} is none") from None
