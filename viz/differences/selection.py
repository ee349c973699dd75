"""Which cards of a comparison are shown: all of a small one, else those that tell the story."""

from __future__ import annotations

from dataclasses import dataclass

from viz.differences.compare import Compared
from viz.differences.findings import Finding
from viz.differences.folding import Folded

__all__ = ["Link", "Selection", "select"]

ALL, LEAVES, ONWARD = 16, 6, 3


@dataclass(frozen=True, slots=True)
class Link:
    """A wire between two cards that are shown, with how many cards are passed over between."""

    source: int
    target: int
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Selection:
    """Numbers of the cards shown, ascending, and the wires between them."""

    cards: list[int]
    links: list[Link]
    total: int


def select(compared: list[Compared], cards: list[Folded], first: Finding | None) -> Selection:
    """Choose the cards to show.

    Args:
        compared: the comparison.
        cards: all cards of it.
        first: the finding around which a large graph is shown.
    """
    everything = len(cards) <= ALL
    shown = set(range(len(cards))) if everything else _around(compared, cards, first)
    links = []
    for source in sorted(shown):
        links += _onward(cards, source, shown)
    return Selection(sorted(shown), _reduced(links), len(cards))


def _around(compared: list[Compared], cards: list[Folded], first: Finding | None) -> set[int]:
    root = len(cards) - 1
    place = len(compared) - 1 if first is None else first.place
    centre = next((i for i, card in enumerate(cards) if card.head == place), root)
    shown = {root, centre, *cards[centre].operands[:4], *cards[centre].readers[:3]}
    differing = [
        (-(max(_finite(compared[card.head].gradient.relative),
               _finite(compared[card.head].value.relative))), i)
        for i, card in enumerate(cards)
        if compared[card.head].shown.is_leaf and not compared[card.head].equal
    ]  # fmt: skip
    shown |= {i for _, i in sorted(differing)[:LEAVES]}
    # The way from the difference to the result, as far as there is room for it.
    step = centre
    for _ in range(min(ONWARD, ALL - len(shown))):
        if cards[step].readers:
            step = min(cards[step].readers)
            shown.add(step)
    return shown


def _finite(relative: float | None) -> float:
    return 0.0 if relative is None else min(relative, 1e300)


def _onward(cards: list[Folded], source: int, shown: set[int]) -> list[Link]:
    """The wires from a card to the next ones that are shown."""
    found: dict[int, int] = {}
    seen = {source}
    level, hidden = [source], 0
    while level:
        following = []
        for number in level:
            for reader in cards[number].readers:
                if reader in shown:
                    found.setdefault(reader, hidden)
                elif reader not in seen:
                    seen.add(reader)
                    following.append(reader)
        level, hidden = following, hidden + 1
    return [Link(source, target, count) for target, count in sorted(found.items())]


def _reduced(links: list[Link]) -> list[Link]:
    """Without wires over hidden cards that other wires lead along as well."""
    ahead: dict[int, set[int]] = {}
    for link in links:
        ahead.setdefault(link.source, set()).add(link.target)

    def reaches(start: int, end: int) -> bool:
        queue, seen = [start], {start}
        while queue:
            for step in ahead.get(queue.pop(), ()):
                if step == end:
                    return True
                if step not in seen:
                    seen.add(step)
                    queue.append(step)
        return False

    kept = []
    for link in links:
        others = ahead[link.source] - {link.target}
        if link.hidden and any(reaches(other, link.target) for other in others):
            continue
        kept.append(link)
    return kept
