"""Models, histories and gradient checks, from the tables that they tell of themselves."""

from __future__ import annotations

from typing import Any

from autodiff.notebooks import Table
from viz.draw.palette import LIGHT
from viz.draw.svg import escape
from viz.notebooks.parts import boxed, pale, table

__all__ = ["gradcheck_html", "history_html", "module_html"]


def module_html(_: Any, told: Table) -> str:
    """The parts of a model, a bar behind each as long as its share of the parameters."""
    counts = [_whole(row[1]) for row in told.rows]
    most = max(counts, default=0) or 1
    colour = pale(LIGHT.parameter[1], 0.3)
    bars = [
        f"linear-gradient(90deg,{colour} {100 * count / most:.1f}%,transparent 0)" if count else ""
        for count in counts
    ]
    frozen = any(row[2] for row in told.rows)
    heads = told.heads if frozen else told.heads[:2]
    rows = [row[: len(heads)] for row in told.rows]
    depths = [len(row[0]) - len(row[0].lstrip()) for row in told.rows]
    notes = (f"{counts[0]:,} parameters" if counts else "", told.note)
    heading = f"<b>{escape(told.title)}</b>"
    return boxed(
        heading, notes, table(heads, rows, bars, numeric=range(1, len(heads)), indents=depths)
    )


def _whole(text: str) -> int:
    digits = text.replace(",", "")
    return int(digits) if digits.isdecimal() else 0


def gradcheck_html(report: Any, told: Table) -> str:
    """The verdict, and the entries, those that failed first."""
    verdict = LIGHT.positive if report.passed_here else LIGHT.failed[1]
    bar = f"border-left:4px solid {verdict};padding-left:8px"
    heading = f'<b style="{bar}">{escape(told.title)}</b>'
    entries = sorted(report.entries, key=lambda entry: entry.passed)[: len(told.rows)]
    looks = ["" if entry.passed else pale(LIGHT.failed[1], 0.18) for entry in entries]
    listed = table(told.heads, told.rows, looks, numeric=(1, 2)) if told.rows else ""
    note = f'<div style="margin-top:4px">{escape(told.note)}</div>' if told.note else ""
    return boxed(heading, (), note, listed)


def history_html(history: Any, told: Table) -> str | None:
    """The curves of a history, and the last epoch in numbers; None before the first epoch."""
    # Only here, so that `import viz` stays quick.
    from viz.charts.curves import curves

    try:
        chart = curves(history)
    except ValueError:
        return None
    last = ", ".join(f"{head} {cell}" for head, cell in zip(told.heads, told.rows[-1], strict=True))
    return boxed(f"<b>{escape(told.title)}</b>", (last, told.note), chart._repr_html_())
