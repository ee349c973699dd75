"""A wire: a forward lane and a backward lane side by side, each with its arrow head."""

from __future__ import annotations

from viz.cards.bends import lane, stretches, tangents
from viz.draw.arrows import arrow_head
from viz.draw.scene import Group, Path, Polygon
from viz.layout.place import HEAD, Run
from viz.model import Edge

__all__ = ["draw_wire"]

FORWARD_WIDTH = 1.3
FORWARD_OFFSET = 2.5


def draw_wire(
    edge: Edge, number: int, runs: tuple[Run, ...], width: float | None, down: bool = False
) -> Group:
    """The shapes of one wire.

    Args:
        edge: what it says.
        number: which edge of the graph it is.
        runs: its straight stretches from source to target.
        width: of the backward lane; `None` when no gradient flows.
        down: whether the runs lead down instead of to the right.
    """
    level = stretches(runs)
    back = width is not None
    # Each lane keeps to its right, whichever way the wire runs.
    side = -1.0 if down else 1.0
    offset = side * FORWARD_OFFSET if back else 0.0
    tangent = tangents(level)
    start, steps = lane(level, offset, 0.0, HEAD - 1)
    shapes: list[Path | Polygon] = [Path(start, steps, "forward-lane", FORWARD_WIDTH)]
    end = lane(level, offset, 0.0, 0.0)[1][-1]
    shapes.append(arrow_head((end[-2], end[-1]), tangent[1], HEAD, 3.2, "forward"))
    if width is not None:
        up = -side * (FORWARD_OFFSET - 0.7 + width / 2)
        style = "zero-lane" if edge.zero else "backward-lane"
        start, steps = lane(level, up, HEAD - 1, 0.0)
        shapes.append(Path(start, steps, style, round(width, 2)))
        half = 3.2 + 0.6 * max(0.0, width - 1.4)
        tip = lane(level, up, 0.0, 0.0)[0]
        shapes.append(arrow_head(tip, (-tangent[0][0], -tangent[0][1]), HEAD, half, "backward"))
    data = (("source", edge.source), ("target", edge.target))
    shapes = [_turned(shape) for shape in shapes] if down else shapes
    return Group("wire", tuple(shapes), f"e{number}", _spoken(edge), data)


def _turned(shape: Path | Polygon) -> Path | Polygon:
    """The shape with its axes exchanged."""
    if isinstance(shape, Polygon):
        return Polygon(tuple((y, x) for x, y in shape.points), shape.style)
    steps = tuple(
        tuple(step[i + 1 - 2 * (i % 2)] for i in range(len(step))) for step in shape.steps
    )
    return Path((shape.start[1], shape.start[0]), steps, shape.style, shape.width)


def _spoken(edge: Edge) -> str:
    parts = [edge.tooltip or f"{edge.source} → {edge.target}"]
    parts += [text for text in (edge.local, edge.flow) if text]
    return "; ".join(parts)
