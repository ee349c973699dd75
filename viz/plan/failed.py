"""An operation that raised an error, on its card: what it is called, and the shapes that met."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from autodiff.diagnosis.failures import FailedNode, Failure, failure_of
from viz.model import Card, Graph
from viz.read.statistics import shape_text
from viz.text.formatting import clean

__all__ = ["failed_operation", "heading", "marked", "shows_failure"]

SHAPES = 4
"""So many shapes stand on a card."""

_WHERE = re.compile(r" \(at [^()]*:\d+\)$")


def failed_operation(error: BaseException) -> Failure:
    """What raised an error.

    Raises:
        TypeError: no operation of the library did, or the error has lost its traceback.
    """
    found = failure_of(error)
    if found is None:
        kind = type(error).__name__
        lost = " (it has no traceback any longer)" if error.__traceback__ is None else ""
        raise TypeError(
            f"draw() was given a {kind} that no operation of the library raised{lost}; give the "
            "error as it was caught, such as `except autodiff.ShapeError as error: draw(error)`, "
            "or a Value or a Tensor"
        )
    return found


def shows_failure(graph: Graph) -> bool:
    """Whether the failed operation has a card of its own."""
    return any(card.role == "failed" for card in graph.cards)


def marked(graph: Graph, failure: Failure) -> Graph:
    """The graph, its failed operation told of on its card and below the picture."""
    cards = tuple(_told(card, failure) if card.role == "failed" else card for card in graph.cards)
    return replace(graph, cards=cards, notice="\n".join([*_said(failure), *_lines(graph.notice)]))


def heading(failure: Failure) -> str:
    """What is printed over the picture."""
    what = "" if isinstance(failure.node, FailedNode) else "the backward pass of "
    return f"{type(failure.error).__name__} in {what}{clean(failure.name, 60)}"


def _told(card: Card, failure: Failure) -> Card:
    if not isinstance(failure.node, FailedNode):
        return card
    shapes = [shape_text(getattr(x, "shape", ())) or "1" for x in failure.operands]
    met = " · ".join(shapes[:SHAPES]) + (" …" if len(shapes) > SHAPES else "")
    name = clean(failure.name, 60)
    called = card.formula.removeprefix("= ").startswith((f"{name}(", name))
    return replace(
        card,
        name=name,
        formula="failed" if called or not card.formula else card.formula,
        shape="",
        dtype="",
        value_label="shape" if len(shapes) == 1 else "shapes",
        value=met,
        gradient_label="",
        tooltip=clean(str(failure.error)),
    )


def _said(failure: Failure) -> list[str]:
    error = failure.error
    text = _WHERE.sub("", clean(str(error).split("\n")[0]))
    lines = [f"{type(error).__name__}: {text}"]
    if failure.origin is not None:
        file, line = failure.origin
        source = f": {clean(failure.source, 120)}" if failure.source else ""
        name = Path(file).name
        # What is typed at a prompt, or run as an example, is in no file.
        where = f"line {line}" if name.startswith("<") else f"{name}:{line}"
        lines.append(clean(f"{where}{source}"))
    return lines


def _lines(notice: str) -> list[str]:
    return notice.splitlines()
