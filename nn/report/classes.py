"""The confusion matrix and the misclassified samples."""

from __future__ import annotations

from collections.abc import Sequence

from nn.report.data import Mistake
from nn.report.png import data_uri
from nn.report.text import escape, percent

__all__ = ["confusion", "gallery"]

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
        '<table class="confusion"><caption>row: what was written · column: what the network '
        "read</caption>"
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
        title = f"{classes[number]} read as {classes[column]}: {times}"
        cells.append(f'<td class="{kind} l{level}" title="{escape(title)}">{count}</td>')
    share = percent(row[number] / total) if total else "—"
    return (
        f'<tr><th scope="row">{escape(classes[number])}</th>{"".join(cells)}'
        f'<td class="share">{share}</td></tr>'
    )


def gallery(mistakes: Sequence[Mistake], classes: Sequence[str], shown: int = 3) -> str:
    """Samples as images, with true and predicted class and the highest probabilities.

    Args:
        mistakes: the samples.
        classes: names of the classes.
        shown: how many probabilities are shown of each; that of the true class always is.
    """
    cards = "".join(_card(mistake, classes, shown) for mistake in mistakes)
    return f'<div class="gallery">{cards}</div>'


def _card(mistake: Mistake, classes: Sequence[str], shown: int) -> str:
    order = sorted(range(len(classes)), key=lambda k: (-mistake.probabilities[k], k))
    best = order[:shown]
    if mistake.true not in best:
        best[-1] = mistake.true
    bars = "".join(_bar(k, mistake, classes) for k in best)
    true, predicted = escape(classes[mistake.true]), escape(classes[mistake.predicted])
    height, width = len(mistake.pixels), len(mistake.pixels[0])
    return (
        f'<figure><img src="{data_uri(mistake.pixels)}" width="{12 * width}" '
        f'height="{12 * height}" alt="image of {true}, read as {predicted}">'
        f'<figcaption><span class="true">{true}</span> '
        f'<span class="predicted">read as {predicted}</span></figcaption>'
        f'<table class="bars">{bars}</table></figure>'
    )


def _bar(k: int, mistake: Mistake, classes: Sequence[str]) -> str:
    share = mistake.probabilities[k]
    kind = "forward" if k == mistake.true else "backward" if k == mistake.predicted else "other"
    return (
        f'<tr><th scope="row">{escape(classes[k])}</th><td><svg viewBox="0 0 100 10" '
        f'preserveAspectRatio="none" aria-hidden="true"><rect class="{kind}" width="'
        f'{max(100 * share, 0.5):.1f}" height="10"/></svg></td><td>{percent(share)}</td></tr>'
    )
