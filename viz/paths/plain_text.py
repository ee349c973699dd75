"""An explanation as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viz.paths.sentences import counted, how_many
from viz.paths.written import check_line, delta_line, heads, numbers, signed, symbols
from viz.text.formatting import number

if TYPE_CHECKING:
    from viz.paths.explanation import Explanation

__all__ = ["to_plain_text"]

WIDE = 34
"""Columns wider than this are not aligned."""


def to_plain_text(told: Explanation) -> str:
    """All of an explanation, in lines."""
    result, wrt = told.result_name, told.wrt_name
    lines = [
        f"{told.name} = {number(told.total, 7)}, the sum over {how_many(told.count)} "
        f"from {result} back to {wrt}"
    ]
    rows = [
        [
            " ← ".join(path.nodes) if len(path.nodes) < 9 else _short(path.nodes),
            heads(path),
            f"= {symbols(path)}",
            f"= {numbers(path)}",
            f"= {signed(path.value)}",
        ]
        for path in told.paths
    ]
    lines += ["", *_aligned(rows)] if rows else []
    if told.rest.paths:
        others = f"{counted(told.rest.paths)} other path{'s' * (told.rest.paths != 1)}"
        lines.append(f"  … {others} = {signed(told.rest.value)}")
    equal = [told.name, told.formula, number(told.total)]
    lines += ["", " = ".join(part for part in equal if part), told.verdict]
    lines += [check_line(check) for check in told.checks]
    if len(told.deltas) > 1:
        lines += ["", f"Node by node, from {result} back; δ_v is ∂{result}/∂v:"]
        last = len(told.deltas) - 1
        lines += [
            "  " + " = ".join(delta_line(delta, result, i == last))
            for i, delta in enumerate(told.deltas)
        ]
    return "\n".join(lines)


def _short(nodes: tuple[str, ...]) -> str:
    return " ← ".join([*nodes[:4], "…", *nodes[-3:]])


def _aligned(rows: list[list[str]]) -> list[str]:
    """Rows as columns, as far as they are narrow."""
    widths = [min(WIDE, max(len(row[i]) for row in rows)) for i in range(len(rows[0]) - 1)]
    return [
        "  "
        + "  ".join([cell.ljust(w) for cell, w in zip(row[:-1], widths, strict=True)] + row[-1:])
        for row in rows
    ]
