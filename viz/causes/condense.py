"""Long ways on one page: what is alike as one row."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import groupby

from viz.causes.steps import Step

__all__ = ["MOST_ROWS", "condensed"]

MOST_ROWS = 24
"""So many rows fit on a page."""


def condensed(steps: list[Step]) -> list[Step]:
    """Rows for a page: alike layers that follow each other as one, then what changes least."""
    if len(steps) <= MOST_ROWS:
        return steps
    rows: list[Step] = []
    layers = [list(members) for _, members in groupby(steps, key=lambda step: step.group)]
    for _, run in groupby(layers, key=_signature):
        alike = list(run)
        kept = [layer for layer in alike if any(step.first for step in layer)][:1]
        cut = next((i for i, layer in enumerate(alike) if kept and layer is kept[0]), len(alike))
        for part in (alike[:cut], kept, alike[cut + 1 :]):
            rows += _merged(part)
    return rows if len(rows) <= MOST_ROWS else _least_left_out(rows)


def _signature(layer: list[Step]) -> tuple[tuple[str, str], ...]:
    return tuple((step.operation, step.line) for step in layer)


def _merged(layers: list[list[Step]]) -> list[Step]:
    if len(layers) < 3:
        return [step for layer in layers for step in layer]
    title = f"{layers[0][0].group} … {layers[-1][0].group}"
    rows = []
    for steps in zip(*layers, strict=True):
        gain = math.prod(abs(step.gain) for step in steps)
        shares = [step.blocked for step in steps if step.blocked is not None]
        rows.append(
            replace(
                steps[0],
                group=title,
                factor="",
                gain=gain,
                size=steps[-1].size,
                blocked=sum(shares) / len(shares) if shares else None,
                curve=None,
                count=len(steps),
                parts=(),
            )
        )
    return rows


def _least_left_out(rows: list[Step]) -> list[Step]:
    """Runs of what changes least as one row each."""

    def weight(step: Step) -> float:
        if step.first or step.stops:
            return math.inf
        return abs(math.log(abs(step.gain))) if step.gain and math.isfinite(step.gain) else 0.0

    limit = sorted((weight(step) for step in rows), reverse=True)[MOST_ROWS // 2]
    found: list[Step] = []
    for large, run in groupby(rows, key=lambda step: weight(step) > limit):
        members = list(run)
        if large or len(members) < 2:
            found += members
            continue
        known = [abs(s.gain) for s in members if math.isfinite(s.gain)]
        found.append(
            Step(
                "", "", f"{sum(s.count for s in members)} operations", "", "", "",
                math.prod(known), members[-1].size, count=len(members),
            )
        )  # fmt: skip
    return found
