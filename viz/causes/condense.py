"""Long ways on one page: what is alike as one row."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import groupby
from typing import Any

from viz.causes.steps import Step
from viz.causes.words import times

__all__ = ["MOST_ROWS", "condensed"]

MOST_ROWS = 24
"""So many rows fit on a page."""


def condensed(steps: list[Step]) -> list[Step]:
    """Rows for a page: alike layers that follow each other as one, then what changes least."""
    if len(steps) <= MOST_ROWS:
        return steps
    layers = [list(members) for _, members in groupby(steps, key=lambda step: step.group)]
    signs = [_signature(layer) for layer in layers]
    rows: list[Step] = []
    at = 0
    while at < len(layers):
        period, times_over = _run(signs, layers, at)
        if times_over < 3:
            rows += layers[at]
            at += 1
            continue
        end = at + period * times_over
        blocks = [
            [step for layer in layers[k : k + period] for step in layer]
            for k in range(at, end, period)
        ]
        rows += _merged(blocks, rows[-1].size if rows else 1.0)
        at = end
    return rows if len(rows) <= MOST_ROWS else _least_left_out(rows)


def _signature(layer: list[Step]) -> tuple[tuple[str, str], ...]:
    return tuple((step.operation, step.line) for step in layer)


def _run(signs: list[Any], layers: list[list[Step]], at: int) -> tuple[int, int]:
    """From a layer on the run of alike layers, or alike blocks of some, that covers most.

    A layer at fault, or one where something ends, is part of none.
    """
    best = (1, 1)
    for period in range(1, 7):
        count, k = 0, at
        while k + period <= len(layers) and signs[k : k + period] == signs[at : at + period]:
            block = layers[k : k + period]
            if any(step.first or step.stops for layer in block for step in layer):
                break
            count, k = count + 1, k + period
        if count >= 3 and period * count > best[0] * best[1]:
            best = (period, count)
    return best


def _merged(blocks: list[list[Step]], size: float) -> list[Step]:
    """Blocks of steps as one, each row all steps of one kind."""
    title = f"{len(blocks)} alike"
    first, last = blocks[0][0].group, blocks[-1][-1].group
    if first.startswith("layer ") and last.startswith("layer "):
        title = f"layers {first[6:]}–{last[6:]}"
    rows = []
    for steps in zip(*blocks, strict=True):
        gain = math.prod(abs(step.gain) for step in steps)
        shares = [step.blocked for step in steps if step.blocked is not None]
        # One kind after the other, so that the bars have the lengths of their factors.
        size *= gain
        rows.append(
            replace(
                steps[0],
                group=title,
                factor=f"{times(gain ** (1 / len(steps)))} each,",
                gain=gain,
                size=size,
                blocked=sum(shares) / len(shares) if shares else None,
                curve=None,
                count=len(steps),
                parts=(),
                signed=False,
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
