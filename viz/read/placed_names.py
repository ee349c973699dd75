"""Names of the nodes of a network of neurons, with the numbers of layer and neuron."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from viz.text.formatting import subscript, superscript

__all__ = ["placed"]

_INDEX = re.compile(r"(.*?)([₀-₉]*)")
_PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def placed(names: Sequence[str | None], places: Mapping[int, tuple[int, int]]) -> dict[int, str]:
    """Names for the nodes of neurons, where several neurons have nodes of the same name.

    Args:
        names: what each node is called by itself; `None` for no name.
        places: the numbers of layer and neuron of nodes, each 0 where there is but one.

    Example:
        >>> placed(["w₁", "b", "w₁", "b", "o"], {0: (0, 1), 1: (0, 1), 2: (0, 2), 3: (0, 2)})
        {0: 'w₁₁', 2: 'w₂₁', 1: 'b₁', 3: 'b₂'}
    """
    stems: dict[str, dict[tuple[int, int], list[int]]] = defaultdict(lambda: defaultdict(list))
    own: dict[int, str] = {}
    counts: dict[str, int] = defaultdict(int)
    for index, name in enumerate(names):
        if name is not None and index in places:
            found = _INDEX.fullmatch(name)
            assert found is not None
            own[index] = found[2].translate(_PLAIN)
            stems[found[1]][places[index]].append(index)
            counts[name] += 1
    result: dict[int, str] = {}
    for stem, by_place in stems.items():
        same = any(counts[names[i] or ""] > 1 for members in by_place.values() for i in members)
        if not same:
            continue
        for place, members in by_place.items():
            alike = len({own[index] for index in members}) < len(members)
            for count, index in enumerate(members, 1):
                last = own[index] + (str(count) if alike else "")
                result[index] = _written(stem, place, last)
    return result


def _written(stem: str, place: tuple[int, int], own: str) -> str:
    layer, neuron = place
    parts = [str(neuron)] * bool(neuron) + [own] * bool(own)
    between = "" if all(len(part) == 1 for part in parts) else ","
    index = between.join(subscript(int(part)) for part in parts)
    return f"{stem}⁽{superscript(layer)}⁾{index}" if layer else stem + index
