"""The checks that every layout of any graph must pass, from its geometry alone."""

from __future__ import annotations

from itertools import combinations, pairwise

from viz.cards.bends import stretches, tangents
from viz.layout import Layout, Rect, Run
from viz.layout.direction import turned
from viz.model import Card, Graph

__all__ = ["faults", "wire_crossings", "within"]

Named = tuple[str, Rect]


def faults(graph: Graph, layout: Layout) -> list[str]:
    """Everything in a layout that stands where it must not; empty for a good one."""
    if layout.direction == "down":
        layout = turned(layout)
    found: list[str] = []
    boxes: list[Named] = [
        (card.id, rect) for card, rect in zip(graph.cards, layout.cards, strict=True)
    ]
    boxes += [(f"label of e{i}", rect) for i, rect in enumerate(layout.labels) if rect]
    pills = [(f"pill of {f.path}", f.pill) for f in layout.frames if f.pill is not None]
    for (a, first), (b, second) in combinations([*boxes, *pills], 2):
        if first.overlaps(second):
            found.append(f"{a} over {b}")
    titles = [(f"title of {f.path}", f.title) for f in layout.frames]
    for name, title in titles:
        found += [f"{name} over {other}" for other, box in boxes if title.overlaps(box)]
    for first, second in combinations(layout.frames, 2):
        if first.title.overlaps(second.title):
            found.append(f"title of {first.path} over that of {second.path}")
    found += [f"title of {f.path} leaves it" for f in layout.frames if not within(f.title, f.rect)]
    solid = [*boxes, *titles]
    for number, (edge, runs) in enumerate(zip(graph.edges, layout.routes, strict=True)):
        ends = (edge.source, edge.target)
        barred = [*solid, *([] if edge.loop else pills)]
        for kind, piece in wire_pieces(runs):
            if kind == "bend" and piece.width < min(8.0, piece.height):
                found.append(f"wire e{number} is broken or bends backwards")
            for name, box in barred:
                if piece.overlaps(box, -0.5) and name not in ends:
                    found.append(f"{kind} of e{number} through {name}")
            if kind != "bend" and piece.width > 0 and piece.height > 0:
                found += _inside_ends(graph, layout, number, piece, kind)
    for number, (edge, runs) in enumerate(zip(graph.edges, layout.routes, strict=True)):
        hangs = any(card.id == edge.source for card in _small(graph, layout))
        if any((way == (1.0, 0.0)) == hangs for way in tangents(stretches(runs))):
            found.append(f"wire e{number} does not meet its cards at a right angle")
    return found + _shared_ports(graph, layout) + _shared_tracks(layout) + _outside(graph, layout)


def _small(graph: Graph, layout: Layout) -> list[Card]:
    return [graph.cards[number] for number in layout.small]


def wire_pieces(runs: tuple[Run, ...]) -> list[tuple[str, Rect]]:
    """The room of a wire: level and upright stretches 8 wide, and the boxes of its bends."""
    level = stretches(runs)
    found: list[tuple[str, Rect]] = []
    for run in level:
        low, high = sorted((run.x0, run.x1))
        if low < high:
            found.append(("level", Rect(low, run.y - 4, high - low, 8)))
    for run, following in pairwise(level):
        low, high = sorted((run.y, following.y))
        if abs(run.x1 - following.x0) < 0.01:
            found.append(("upright", Rect(run.x1 - 4, low, 8, high - low)))
        else:
            found.append(("bend", Rect(run.x1, low, following.x0 - run.x1, high - low)))
    return found


def _inside_ends(graph: Graph, layout: Layout, number: int, piece: Rect, kind: str) -> list[str]:
    """A wire touches its own two cards at their border only."""
    edge = graph.edges[number]
    own = {edge.source, edge.target}
    inner = Rect(piece.x + 1, piece.y + 1, max(piece.width - 2, 0.1), max(piece.height - 2, 0.1))
    return [
        f"{kind} of e{number} inside its own {card.id}"
        for card, rect in zip(graph.cards, layout.cards, strict=True)
        if card.id in own and inner.overlaps(rect, -1.5)
    ]


def _shared_tracks(layout: Layout) -> list[str]:
    """Straight stretches of two wires that lie on each other."""
    straight = [
        (number, kind, piece)
        for number, runs in enumerate(layout.routes)
        for kind, piece in wire_pieces(runs)
        if kind != "bend" and max(piece.width, piece.height) > 16
    ]
    return [
        f"e{a} and e{b} on one track"
        for (a, kind, first), (b, other, second) in combinations(straight, 2)
        if a != b and kind == other and _along(first, second, kind)
    ]


def _along(first: Rect, second: Rect, kind: str) -> bool:
    if not first.overlaps(second):
        return False
    if kind == "level":
        return min(first.right, second.right) - max(first.x, second.x) > 12
    return min(first.bottom, second.bottom) - max(first.y, second.y) > 12


def wire_crossings(layout: Layout) -> int:
    """How many pairs of wires cross, going by their heights where they overlap in x."""
    count = 0
    for first, second in combinations(layout.routes, 2):
        a, b = stretches(first), stretches(second)
        low, high = max(a[0].x0, b[0].x0), min(a[-1].x1, b[-1].x1)
        places = sorted({x for run in (*a, *b) for x in (run.x0, run.x1) if low <= x <= high})
        signs = [s for x in places if abs(s := _height(a, x) - _height(b, x)) > 1]
        count += sum(s * t < 0 for s, t in pairwise(signs))
    return count


def _height(level: tuple[Run, ...], x: float) -> float:
    for run, following in pairwise(level):
        if x <= run.x1:
            return run.y
        if x < following.x0:
            return run.y + (following.y - run.y) * (x - run.x1) / (following.x0 - run.x1)
    return level[-1].y


def _shared_ports(graph: Graph, layout: Layout) -> list[str]:
    ports: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for edge, runs in zip(graph.edges, layout.routes, strict=True):
        ports.setdefault((edge.target, "in"), []).append((runs[-1].x1, runs[-1].y))
        ports.setdefault((edge.source, "out"), []).append((runs[0].x0, runs[0].y))
    return [
        f"two wires at one port of {card} ({side})"
        for (card, side), points in ports.items()
        for (x, y), (u, v) in combinations(points, 2)
        if abs(x - u) < 7 and abs(y - v) < 7
    ]


def _outside(graph: Graph, layout: Layout) -> list[str]:
    found = []
    whole = Rect(-0.5, -0.5, layout.width + 1, layout.height + 1)
    named = [(card.id, rect) for card, rect in zip(graph.cards, layout.cards, strict=True)]
    named += [(f"label of e{i}", rect) for i, rect in enumerate(layout.labels) if rect]
    for name, rect in named:
        if not within(rect, whole):
            found.append(f"{name} outside the picture")
    for number, runs in enumerate(layout.routes):
        if not all(within(piece, whole) for _, piece in wire_pieces(runs)):
            found.append(f"wire e{number} outside the picture")
    for number, (card, rect) in enumerate(zip(graph.cards, layout.cards, strict=True)):
        framed = [f for f in layout.frames if within(rect, f.rect)]
        # What hangs below a card may stand in a frame inside that of its own module.
        hangs = number in layout.small
        if any(not _may_stand(card.cluster, f.path, hangs) for f in framed):
            found.append(f"{card.id} in a frame of another module")
    for first, second in combinations(layout.frames, 2):
        nested = second.path[: len(first.path)] == first.path and first.path != second.path
        if first.rect.overlaps(second.rect) and not nested:
            found.append(f"frame {first.path} over {second.path}")
    return found


def _may_stand(own: tuple[str, ...], frame: tuple[str, ...], hangs: bool) -> bool:
    return own[: len(frame)] == frame or (hangs and frame[: len(own)] == own)


def within(inner: Rect, outer: Rect) -> bool:
    """Whether a rectangle lies inside another."""
    return (
        outer.x <= inner.x
        and inner.right <= outer.right
        and outer.y <= inner.y
        and inner.bottom <= outer.bottom
    )
