"""Misclassified samples as images."""

from __future__ import annotations

from collections.abc import Sequence

from nn.report.data import Mistake
from nn.report.png import data_uri
from nn.report.text import escape, percent

__all__ = ["gallery"]

SIDE = 96
"""Pixels on the page of a small image's longer side."""


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
    scale = SIDE / max(height, width)
    return (
        f'<figure><img src="{data_uri(mistake.pixels)}" width="{scale * width:g}" '
        f'height="{scale * height:g}" alt="image of {true}, taken for {predicted}">'
        f'<figcaption><span class="true">{true}</span> '
        f'<span class="predicted">taken for {predicted}</span></figcaption>'
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
