"""Each of the two passes by itself, small: what its graph is, and how large its gradients are."""

from __future__ import annotations

from viz.cards.bends import lane, stretches
from viz.differences.compare import Compared
from viz.differences.folding import Folded
from viz.draw.arrows import arrow_head
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Path, Shape, Span, Text
from viz.geometry import Rect
from viz.layout import Run, Sizes, layout
from viz.model import Card, Edge, Graph
from viz.read.statistics import rms
from viz.text.formatting import number

__all__ = ["draw_overview"]

CARD = (78.0, 42.0)
NAME, NUMBER, TITLE = 13.0, 11.5, 15.0
PAD, HEAD = 18.0, 40.0


def draw_overview(
    compared: list[Compared], cards: list[Folded], side: int, label: str, note: str, engine: str
) -> tuple[list[Group], Rect]:
    """One pass in a frame; beginning at (0, 0), and the rectangle that it fills.

    Args:
        compared: the comparison.
        cards: its cards.
        side: which of the two passes.
        label: what it is called.
        note: what is said beside it.
        engine: of the layout.
    """
    own = [i for i, card in enumerate(cards) if compared[card.head].nodes[side] is not None]
    place = {i: position for position, i in enumerate(own)}
    links = [
        (source, target)
        for target in own
        for source in cards[target].operands
        if source in place and _reads(compared, cards, side, source, target)
    ]
    edges = tuple(Edge(f"n{a}", f"n{b}", i) for i, (a, b) in enumerate(links))
    graph = Graph(tuple(Card(f"n{i}", str(i)) for i in own), edges)
    rooms = tuple((6.0, 4.0) for _ in links)
    placed = layout(graph, Sizes(tuple(CARD for _ in own), rooms, {}), engine)
    groups: list[Group] = []
    for (source, _), runs in zip(links, placed.routes, strict=True):
        groups.append(_wire(compared[cards[source].head], side, runs))
    for index, rect in zip(own, placed.cards, strict=True):
        groups.append(_card(compared[cards[index].head], side, rect))
    width = max(placed.width, text_width(f"{label}   {note}", TITLE, bold=True) + 10)
    frame = Rect(0, 0, width + 2 * PAD, placed.height + HEAD + PAD)
    title = (Span(label, "ink", TITLE, bold=True), Span(note, "muted", 12.5, gap=10))
    front = Group("panel", (Block(frame, "frame", radius=10), Text(PAD, 26, title)))
    return [front, *(group.moved(PAD, HEAD) for group in groups)], frame


def _reads(
    compared: list[Compared], cards: list[Folded], side: int, source: int, target: int
) -> bool:
    """Whether in this pass one card leads to the other."""
    number = compared[cards[source].head].pair[side]
    head = cards[target].head
    queue, seen = [head], {head}
    while queue:
        c = compared[queue.pop()]
        node = c.nodes[side]
        if node is None:
            continue
        if number in node.operands:
            return True
        inner = [o for o in c.operands if o not in seen and not _is_head(cards, o)]
        seen.update(inner)
        queue += inner
    return False


def _is_head(cards: list[Folded], place: int) -> bool:
    return any(card.head == place for card in cards)


def _card(c: Compared, side: int, rect: Rect) -> Group:
    node = c.nodes[side]
    assert node is not None
    middle = rect.x + rect.width / 2
    # What is cut off from its history keeps the name that it has where it is not.
    cut = node.is_leaf and not all(one is None or one.is_leaf for one in c.nodes)
    computed = next((one for one in c.nodes if one is not None and not one.is_leaf), node)
    name = fit(computed.name if cut else node.name, NAME, rect.width - 10, bold=True)
    size = "—" if node.gradient is None else number(rms(node.gradient), 3)
    style = "muted" if node.gradient is None else "backward"
    if cut:
        size, style = ("detached" if node.cut == "detach" else "a number"), "difference"
    shapes: list[Shape] = [
        Block(rect, node.role, radius=6),
        Text(middle, rect.y + 17, (Span(name, "ink", NAME, bold=True),), "middle"),
        Text(middle, rect.y + 34, (Span(size, style, NUMBER),), "middle"),
    ]
    return Group("small-card", tuple(shapes), "", f"{node.name}, gradient {size}")


def _wire(source: Compared, side: int, runs: tuple[Run, ...]) -> Group:
    level = stretches(runs)
    node = source.nodes[side]
    back = node is not None and node.gradient is not None
    offset = 2.0 if back else 0.0
    shapes: list[Shape] = []
    start, steps = lane(level, offset, 0.0, 6.0)
    shapes.append(Path(start, steps, "forward-lane", 1.2))
    tip = level[-1].x1, level[-1].y + offset
    shapes.append(arrow_head(tip, (1.0, 0.0), 7.0, 3.0, "forward"))
    if back:
        start, steps = lane(level, -2.2, 6.0, 0.0)
        shapes.append(Path(start, steps, "backward-lane", 1.8))
        tip = level[0].x0, level[0].y - 2.2
        shapes.append(arrow_head(tip, (-1.0, 0.0), 7.0, 3.6, "backward"))
    return Group("wire", tuple(shapes))
