"""What a layout is: where everything of a picture stands, in pixels."""

from __future__ import annotations

from dataclasses import dataclass

from viz.geometry import Rect
from viz.layout.place import Run

__all__ = ["Frame", "Layout", "Sizes"]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much room the drawing needs.

    Attributes:
        cards: width and height per card.
        labels: width and height of the label per edge, `None` where it has none.
        titles: width and height of the title per cluster path.
        small: width and height per card where it hangs below another; empty if none may.
    """

    cards: tuple[tuple[float, float], ...]
    labels: tuple[tuple[float, float] | None, ...]
    titles: dict[tuple[str, ...], tuple[float, float]]
    small: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawn frame with the room for its title.

    ``call`` is 0, or which part of a split cluster it is, from 1. ``pill`` is the room for the
    number of turns where a loop leads around it.
    """

    path: tuple[str, ...]
    call: int
    rect: Rect
    title: Rect
    pill: Rect | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything placed; the upper left corner is (0, 0).

    Attributes:
        width: of the whole.
        height: of the whole.
        cards: one rectangle per card.
        routes: per edge, the straight stretches of its wire from source to target, in
            coordinates along and across the direction.
        labels: per edge, the room for its label, `None` where it has none.
        frames: outer frames before inner ones.
        engine: what computed it, in words.
        direction: ``right`` or ``down``: which way the forward lanes run.
        small: numbers of the cards that hang below another and are drawn small.
        sheet: whether the cards stand side by side like words of a text, with the wires
            straight behind them, as there are too many for anything else.
    """

    width: float
    height: float
    cards: tuple[Rect, ...]
    routes: tuple[tuple[Run, ...], ...]
    labels: tuple[Rect | None, ...]
    frames: tuple[Frame, ...]
    engine: str
    direction: str = "right"
    small: frozenset[int] = frozenset()
    sheet: bool = False
