"""An explanation as Markdown with mathematics between dollars."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from viz.paths.latex import chain_rule, recursion
from viz.paths.sentences import counted
from viz.paths.written import check_line, heads, numbers, signed, symbols
from viz.text.formatting import number

if TYPE_CHECKING:
    from viz.paths.explanation import Explanation

__all__ = ["table", "to_markdown"]


def to_markdown(told: Explanation) -> str:
    """A table of the paths, the equations, the checks."""
    lines = [f"## {told.name} = {number(told.total, 7)}", ""]
    if told.opening:
        lines += [f"{told.opening[0].upper()}{told.opening[1:]}.", "", *table(told), ""]
    lines += [told.verdict, "", *_displayed(chain_rule(told)), ""]
    if len(told.deltas) > 1:
        lines += [f"Node by node, from {told.result_name} back:", ""]
        lines += [*_displayed(recursion(told)), ""]
    lines += [f"- {check_line(check)}" for check in told.checks]
    return "\n".join(lines).rstrip() + "\n"


def table(told: Explanation) -> list[str]:
    """The paths as rows, with the running sum."""
    rows = ["| path | product | in symbols | in numbers | value | running sum |"]
    rows.append("|---|---|---|---|---:|---:|")
    sums = list(accumulate(told.amounts))
    for path, so_far in zip(told.paths, sums, strict=False):
        nodes = " ← ".join(
            path.nodes if len(path.nodes) < 9 else (path.nodes[0], "…", path.nodes[-1])
        )
        cells = (nodes, heads(path), symbols(path), numbers(path), signed(path.value))
        rows.append(_cells(*cells, number(so_far)))
    if told.rest.paths:
        others = f"… {counted(told.rest.paths)} others"
        rows.append(_cells(others, "", "", "", signed(told.rest.value), number(sums[-1])))
    return rows


def _cells(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _displayed(lines: list[str]) -> list[str]:
    """A display of LaTeX as Markdown has it, which knows no `align` outside of mathematics."""
    inner = "\n".join(lines).replace("align*", "aligned")
    return ["$$", inner, "$$"]
