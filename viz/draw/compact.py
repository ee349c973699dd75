"""Fewer bytes for the groups of which a picture has very many: what they share is said once."""

from __future__ import annotations

from viz.draw.scene import Scene, Text

__all__ = ["SMALL", "Looks", "common_looks", "look_rules"]

SMALL = "small"
"""Groups whose kind begins with this are written in few bytes."""

Looks = dict[str, tuple[float, bool]]
"""By style the size of text, and whether it is bold."""


def common_looks(scene: Scene) -> Looks:
    """The look of the first text of each style in the small groups of a scene."""
    found: Looks = {}
    for group in scene.groups:
        if group.kind.startswith(SMALL):
            for shape in group.shapes:
                if isinstance(shape, Text):
                    for span in shape.spans:
                        found.setdefault(span.style, (span.size, span.bold))
    return found


def look_rules(scope: str, looks: Looks) -> str:
    """The looks as rules of the style sheet."""
    return "".join(
        f"#{scope} .{SMALL} .{style}{{font-size:{size:g}px;font-weight:{700 if bold else 400}}}\n"
        for style, (size, bold) in looks.items()
    )
