"""How far every array is off, in the order of the pass, on a logarithmic axis."""

from __future__ import annotations

import math

import numpy as np

from viz.differences.compare import Compared
from viz.draw.axes import power_of_ten
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Path, Shape, Span, Text
from viz.geometry import Rect

__all__ = ["draw_stems"]

SMALL, NAME, TITLE = 12.0, 12.0, 14.0
PITCH, HEIGHT, LEFT, TOP = 42.0, 120.0, 62.0, 40.0
MOST = 30


def draw_stems(compared: list[Compared], forward: bool, room: float) -> tuple[list[Group], Rect]:
    """One stem for each array: its height is the relative difference.

    Args:
        compared: the comparison.
        forward: whether values are shown, in the order of the forward pass; else gradients, in
            that of the backward pass.
        room: how wide the drawing may be.

    Returns:
        The shapes, beginning at (0, 0), and the rectangle that they fill; no shapes where
        nothing is known.
    """
    field = "value" if forward else "gradient"
    known = [
        c for c in (compared if forward else reversed(compared)) if _height(c, field) is not None
    ]
    most = max(4, min(MOST, int((room - LEFT) / PITCH)))
    chosen = _chosen(known, field, most)
    if not chosen:
        return [], Rect(0, 0, 0, 0)
    what = "values, in the order of the forward pass"
    if not forward:
        what = "gradients, in the order of the backward pass"
    count = "all" if len(chosen) == len(known) else f"{len(chosen)} of {len(known)}"
    shapes: list[Shape] = [Text(0, 14, (Span(f"{count} {what}", "ink", TITLE, bold=True),))]
    width = LEFT + PITCH * len(chosen)
    floor = _floor(chosen, field)

    def y(relative: float) -> float:
        share = (math.log10(min(max(relative, floor), 1.0)) - math.log10(floor)) / -math.log10(
            floor
        )
        return TOP + HEIGHT * (1 - share)

    lowest = round(math.log10(floor))
    for exponent in range(0, lowest - 1, -max(1, -lowest // 3)):
        line = y(10.0**exponent)
        shapes.append(Path((LEFT, line), ((width, line),), "grid-lane", 1.0))
        text = "100 %" if exponent == 0 else power_of_ten(exponent)
        shapes.append(Text(LEFT - 8, line + 4, (Span(text, "muted", SMALL),), "end"))
    dtype, rounding = _coarsest(chosen)
    if floor < rounding < 1:
        shapes.append(Path((LEFT, y(rounding)), ((width, y(rounding)),), "dashed-lane", 1.0))
        told = Span(f"{dtype} ε", "muted", SMALL)
        shapes.append(Text(width + 6, y(rounding) + 4, (told,)))
    for index, c in enumerate(chosen):
        distance = getattr(c, field)
        x = LEFT + PITCH * (index + 0.5)
        style = "muted" if distance.equal else "difference"
        relative = _height(c, field) or 0.0
        thick = 1.4 if distance.equal else 3.0
        shapes.append(Path((x, TOP + HEIGHT), ((x, y(relative)),), f"{style}-lane", thick))
        radius = 3.4 if distance.equal else 5.0
        dot = Rect(x - radius, y(relative) - radius, 2 * radius, 2 * radius)
        shapes.append(Block(dot, style if style == "muted" else "difference-ground", radius))
        name = fit(c.shown.name, NAME, PITCH - 4, bold=True)
        bold = not distance.equal
        shapes.append(Text(x, TOP + HEIGHT + 18, (Span(name, style, NAME, bold=bold),), "middle"))
    label = f"relative differences of {len(chosen)} {field}s"
    height = TOP + HEIGHT + 24
    wide = max(width + 70, text_width(f"{count} {what}", TITLE, bold=True))
    return [Group("stems", tuple(shapes), "", label)], Rect(0, 0, wide, height)


def _height(c: Compared, field: str) -> float | None:
    """The relative difference; all of it where the shapes differ, `None` where nothing is known."""
    distance = getattr(c, field)
    different = not c.single and not distance.equal
    return 1.0 if different and distance.relative is None else distance.relative


def _chosen(known: list[Compared], field: str, most: int) -> list[Compared]:
    """Those with a name first, then those that differ, in the order given."""
    if len(known) <= most:
        return known
    ranked = sorted(
        range(len(known)),
        key=lambda i: (getattr(known[i], field).equal, not known[i].shown.called, i),
    )
    equal = [i for i in ranked if getattr(known[i], field).equal]
    others = [i for i in ranked if not getattr(known[i], field).equal]
    kept = [*others[: most - min(len(equal), most // 3)]]
    kept += equal[: most - len(kept)]
    return [known[i] for i in sorted(kept)]


def _coarsest(chosen: list[Compared]) -> tuple[str, float]:
    """The dtype with the largest roundings, and how large they are."""
    dtypes = {node.dtype for c in chosen for node in c.nodes if node and "float" in node.dtype}
    sizes = [(float(np.finfo(dtype).eps), dtype) for dtype in dtypes]
    size, dtype = max(sizes, default=(0.0, ""))
    return dtype, size


def _floor(chosen: list[Compared], field: str) -> float:
    sizes = [_height(c, field) or 0.0 for c in chosen]
    smallest = min((s for s in sizes if 0 < s < math.inf), default=1e-2)
    return float(10.0 ** min(-2, math.floor(math.log10(smallest)) - 1))
