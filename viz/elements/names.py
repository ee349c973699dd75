"""What the elements of a tensor are called: w₁₂, or w⁽²⁾₁₂ where the tensor is W₂."""

from __future__ import annotations

import re
from collections.abc import Iterable

from viz.text.formatting import subscript

__all__ = ["element_name", "stems"]

_INDEXED = re.compile(r"(?P<letter>[^\W\d_]{1,2})(?P<index>[₀-₉]+)")
_RAISED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹")


LONGEST = 14
"""Of a longer name the beginning is taken, so that the places of elements are seen."""


def stems(names: Iterable[str]) -> dict[str, str]:
    """What the names of elements begin with, by the name of their tensor.

    One capital letter becomes a small one, as mathematics has it, unless another tensor is
    called so; the index of a tensor is raised, to make room for that of the element.

    >>> stems(["W₁", "X", "x", "B", "logits"])
    {'W₁': 'w⁽¹⁾', 'X': 'X', 'x': 'x', 'B': 'b', 'logits': 'logits'}
    """
    found = {name: _raised(name) for name in names}
    for name, stem in found.items():
        if len(stem) > LONGEST:
            found[name] = f"{stem[: LONGEST - 1].rstrip()}…"
    taken = set(found.values())
    for name, stem in found.items():
        small = stem[:1].lower() + stem[1:]
        if small not in taken and (len(stem) == 1 or stem[1:2] == "⁽"):
            found[name] = small
            taken.add(small)
    return found


def _raised(name: str) -> str:
    match = _INDEXED.fullmatch(name)
    return name if match is None else f"{match['letter']}⁽{match['index'].translate(_RAISED)}⁾"


def element_name(stem: str, place: tuple[int, ...], shape: tuple[int, ...]) -> str:
    """The name of one element, counted from 1; axes of length 1 are not counted.

    >>> element_name("w", (0, 1), (2, 3)), element_name("x", (0, 2), (1, 3))
    ('w₁₂', 'x₃')
    >>> element_name("w", (0, 11), (2, 12)), element_name("b", (0,), (1,))
    ('w₁,₁₂', 'b')
    """
    numbers = [subscript(i + 1) for i, n in zip(place, shape, strict=True) if n != 1]
    between = "," if len(numbers) > 1 and max(shape) > 9 else ""
    return stem + between.join(numbers)
