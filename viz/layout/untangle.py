"""Wires of one card that leave a frame together leave it in the order of where they go.

A frame is laid out before what stands around it, so the order in which it sends out
several wires of the same card is arbitrary. Once the order outside is known, the wires
trade their paths inside.
"""

from __future__ import annotations

from collections.abc import Callable

from viz.layout.slots import Columns, Link

__all__ = ["untangle"]


def untangle(
    columns: Columns,
    links: list[Link],
    frame: int,
    origin: Callable[[int], object],
) -> dict[int, int]:
    """Which link of a frame should take the path of which other.

    Args:
        columns: the ordered columns outside the frame; the ports of the links at the
            frame are updated in them.
        links: those that the columns were made from.
        frame: the frame's box.
        origin: by a link's key, the card from which it comes.

    Returns:
        For each key that trades its path, the key whose path it takes.
    """
    place = {slot: index for column in columns.order for index, slot in enumerate(column)}
    together: dict[object, list[int]] = {}
    for index, link in enumerate(links):
        if link.source == frame:
            together.setdefault(origin(link.key), []).append(index)
    trades: dict[int, int] = {}
    for indices in together.values():
        first = [columns.segments[columns.chains[i][0]] for i in indices]
        by_port = sorted(range(len(indices)), key=lambda n: first[n].left_port)
        by_target = sorted(
            range(len(indices)), key=lambda n: (place[first[n].right], first[n].right_port)
        )
        ports = [first[n].left_port for n in by_port]
        for wanted, had, port in zip(by_target, by_port, ports, strict=True):
            first[wanted].left_port = port
            if wanted != had:
                trades[links[indices[wanted]].key] = links[indices[had]].key
    return trades
