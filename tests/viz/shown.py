"""What a scene shows, as rectangles and lines, for tests of pictures."""

from __future__ import annotations

from collections.abc import Iterator

from viz.draw.metrics import text_width
from viz.draw.scene import Block, Group, Path, Polygon, Scene, Text
from viz.geometry import Rect

__all__ = ["box", "labels", "of_kind", "outline", "texts", "tidy"]


def of_kind(scene: Scene, kind: str) -> list[Group]:
    return [group for group in scene.groups if group.kind == kind]


def texts(scene: Scene) -> list[str]:
    return ["".join(s.text for s in t.spans) for g in scene.groups for t in _lines(g)]


def _lines(group: Group) -> Iterator[Text]:
    return (shape for shape in group.shapes if isinstance(shape, Text))


def _upright(group: Group) -> Iterator[Text]:
    return (line for line in _lines(group) if not line.turn)


def box(text: Text) -> Rect:
    """An upper estimate of the room of a line of text that is not turned."""
    width = sum(text_width(s.text, s.size, s.bold) + s.gap for s in text.spans)
    size = max(span.size for span in text.spans)
    x = {"start": text.x, "middle": text.x - width / 2, "end": text.x - width}[text.anchor]
    return Rect(x, text.y - 0.78 * size, width, size)


def outline(group: Group) -> Rect:
    """Around the first block or polygon of a card."""
    first = group.shapes[0]
    if isinstance(first, Block):
        return first.rect
    assert isinstance(first, Polygon | Path)
    points = first.points if isinstance(first, Polygon) else (first.start, *first.steps)
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def labels(scene: Scene) -> list[Rect]:
    return [box(line) for group in of_kind(scene, "label") for line in _lines(group)]


def tidy(scene: Scene) -> None:
    """What every picture must keep: nothing over another, nothing outside, nothing too small."""
    cards = [outline(group) for group in of_kind(scene, "card") + of_kind(scene, "chip")]
    for n, card in enumerate(cards):
        assert not any(card.overlaps(other) for other in cards[:n]), card
    placed = labels(scene)
    for n, label in enumerate(placed):
        over = [other for other in placed[:n] if label.overlaps(other, -0.5)]
        over += [card for card in cards if label.overlaps(card, -0.5)]
        assert not over, (label, over)
    for group in of_kind(scene, "card") + of_kind(scene, "chip"):
        room = outline(group)
        for line in _upright(group):
            inside = box(line)
            assert inside.x >= room.x - 0.5, (group.label, inside, room)
            assert inside.right <= room.right + 0.5, (group.label, inside, room)
            assert room.y <= inside.y, (group.label, inside, room)
            assert inside.bottom <= room.bottom, (group.label, inside, room)
    for group in scene.groups:
        for line in _upright(group):
            room = box(line)
            assert room.x >= 0, line
            assert room.right <= scene.width, line
            assert room.y >= 0, line
            assert room.bottom <= scene.height, line
            assert min(span.size for span in line.spans) >= 11, line
    assert 0.5 <= scene.width / scene.height <= 3.0
