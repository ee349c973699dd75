"""An answer as text for a terminal and as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from viz.causes.words import percent, times
from viz.text.formatting import number

if TYPE_CHECKING:
    from viz.causes.answer import Why
    from viz.causes.steps import Step

__all__ = ["markdown", "plain", "report_markdown", "report_text"]

_HEAD = ("layer", "operation", "factor", "gain", "gradient", "line")


def plain(answer: Why) -> str:
    """The verdict, and the way as a table."""
    lines = [answer.verdict]
    if answer.note:
        lines.append(answer.note)
    if not answer.rows or answer.healthy:
        return "\n".join(lines)
    cells = [_HEAD, *(_cells(step) for step in answer.rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(_HEAD))]
    for mark, row in zip([" ", *(_mark(step) for step in answer.rows)], cells, strict=True):
        text = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        lines.append(f"{mark} {text}".rstrip())
    return "\n".join(lines)


def markdown(answer: Why) -> str:
    """The same as Markdown."""
    lines = [f"**{_escaped(answer.verdict)}**"]
    if answer.note:
        lines += ["", answer.note]
    if answer.rows and not answer.healthy:
        lines += ["", f"| {' | '.join(_HEAD)} |", f"|{'---|' * len(_HEAD)}"]
        for step in answer.rows:
            cells = [_escaped(cell) for cell in _cells(step)]
            bold = [f"**{cell}**" if step.first and cell else cell for cell in cells]
            lines.append(f"| {' | '.join(bold)} |")
    return "\n".join(lines)


def report_text(answers: list[tuple[str, Any]]) -> str:
    """One line for each answer that is not silent."""
    told = [(name, answer) for name, answer in answers if not answer.healthy]
    if not told:
        return f"Nothing is wrong with any of the {len(answers)} gradients."
    width = max(len(name) for name, _ in told)
    lines = [f"{len(told)} of {len(answers)} gradients have something to tell:"]
    lines += [f"{name.ljust(width)}  {answer.kind}: {answer.verdict}" for name, answer in told]
    return "\n".join(lines)


def report_markdown(answers: list[tuple[str, Any]]) -> str:
    """The same as a table in Markdown."""
    head, *_ = report_text(answers).split("\n")
    rows = [
        f"| {_escaped(name)} | {answer.kind} | {_escaped(answer.verdict)} |"
        for name, answer in answers
        if not answer.healthy
    ]
    heads = ["", "| gradient of | cause | verdict |", "|---|---|---|"] if rows else []
    return "\n".join([_escaped(head), *heads, *rows])


def _mark(step: Step) -> str:
    return "▸" if step.first else " "


def _cells(step: Step) -> tuple[str, ...]:
    shut = "" if step.blocked is None else f", {percent(step.blocked)} blocked"
    count = f" ×{step.count}" if step.count > 1 else ""
    return (
        step.group,
        step.formula + count,
        step.factor,
        times(abs(step.gain)) + shut,
        number(step.size, 3),
        f"{step.line} {step.source}".strip(),
    )


def _escaped(text: str) -> str:
    for char in "\\|*_`<":
        text = text.replace(char, f"\\{char}" if char != "<" else "&lt;")
    return text
