"""`Chart`: a drawing of measurements."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from viz.draw.metrics import fit, text_width, wrap
from viz.draw.scene import Group, Scene, Span, Text
from viz.picture import Picture

__all__ = ["Chart", "asked", "headed"]

MARGIN, NARROWEST, WIDEST = 26.0, 560.0, 900.0
TITLE, NOTE = 19.0, 13.0


class Chart(Picture):
    """A drawing of measurements: notebooks show it, and `save` writes it.

    Args:
        compose: makes the scene, given the title.
        data: what is drawn, as plain data.
        title: printed over it; by default what the chart calls itself.
        theme: ``auto``, ``light`` or ``dark``.

    Attributes:
        data: what is drawn.
    """

    def __init__(
        self, compose: Callable[[str], Scene], data: Any, *, title: str = "", theme: str = "auto"
    ) -> None:
        super().__init__(title=title, theme=theme)
        self.data = data
        self._compose = compose

    @cached_property
    def scene(self) -> Scene:
        """The shapes of the picture."""
        return self._compose(self.title)

    def __repr__(self) -> str:
        return f"<Chart {self.scene.title!r}>"


def asked(
    given: Any,
    what: str,
    args: tuple[Any, ...],
    settings: dict[str, Any],
    fields: tuple[str, ...],
    wanted: str,
) -> Any:
    """Plain data: what a model offers of that kind, or what was given itself.

    Args:
        given: a model that offers ``inspected(kind, …)``, or data.
        what: the kind, which is also the name of the function that was called.
        args: what a model is asked with.
        settings: likewise.
        fields: attributes by which such data are known.
        wanted: what to give, for the error if they are not.

    Raises:
        TypeError: if data are given with what only a model could be asked with, or something
            that is not such data.
    """
    found = given
    if hasattr(given, "inspected"):
        found = given.inspected(what, *args, **settings)
    elif args or settings:
        raise TypeError(
            f"{what}() was given {type(given).__name__!r} with {len(args) + len(settings)} further "
            "arguments, which are for a model; give a model, or its data alone"
        )
    if not all(hasattr(found, field) for field in fields):
        raise TypeError(f"{what}() was given {type(found).__name__!r}; give {wanted}")
    return found


def headed(title: str, note: str, groups: list[Group], width: float, height: float) -> Scene:
    """A scene with a title and a note over what was drawn from (0, 0) on."""
    top = MARGIN + 16.0
    head = fit(title, TITLE, max(width, WIDEST), bold=True)
    shapes = [Text(MARGIN, top, (Span(head, "ink", TITLE, bold=True),))]
    wide = text_width(head, TITLE, bold=True)
    for line in wrap(note, NOTE, max(width, wide, NARROWEST)):
        top += 22
        shapes.append(Text(MARGIN, top, (Span(line, "muted", NOTE),)))
        wide = max(wide, text_width(line, NOTE))
    top += 20
    everything = [Group("heading", tuple(shapes)), *(g.moved(MARGIN, top) for g in groups)]
    total = max(width, wide) + 2 * MARGIN
    return Scene(total, top + height + MARGIN, tuple(everything), title, note or title)
