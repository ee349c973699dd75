"""The confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence

from nn.report.text import escape, percent

__all__ = ["confusion"]

LEVELS = 5


def confusion(counts: Sequence[Sequence[int]], classes: Sequence[str]) -> str:
    """The confusion matrix as a table: rows are true classes, columns predicted ones.

    Args:
        counts: integers, as many rows and columns as there are classes.
        classes: their names.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in classes)
    rows = "".join(_row(i, row, classes) for i, row in enumerate(counts))
    return (
        '<table class="confusion"><caption>row: what it is · column: what the network took it '
        "for</caption>"
        f'<thead><tr><td></td>{head}<th scope="col" class="share">right</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(number: int, row: Sequence[int], classes: Sequence[str]) -> str:
    total = sum(row)
    cells = []
    for column, count in enumerate(row):
        if not count:
            cells.append('<td class="none">·</td>')
            continue
        right = column == number
        # A single mistake must be seen at once, so mistakes have a scale of their own.
        level = max(1, round(LEVELS * count / total)) if right else min(count, LEVELS)
        kind = "right" if right else "wrong"
        times = "once" if count == 1 else f"{count} times"
        title = f"{classes[number]} taken for {classes[column]}: {times}"
        cells.append(f'<td class="{kind} l{level}" title="{escape(title)}">{count}</td>')
    share = percent(row[number] / total) if total else "—"
    return (
        f'<tr><th scope="row">{escape(classes[number])}</th>{"".join(cells)}'
        f'<td class="share">{share}</td></tr>'
    )
