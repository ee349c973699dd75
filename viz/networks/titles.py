"""What layers and neurons of a network are called, and its headline."""

from __future__ import annotations

from collections.abc import Sequence

from viz.networks.model import Layer
from viz.text.formatting import clean, number, pretty, subscript

__all__ = ["headline", "layer_names", "neuron_name", "place_of", "times"]

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def layer_names(sizes: list[int]) -> list[str]:
    """Names of columns that have none of their own.

    >>> layer_names([2, 16, 16, 1])
    ['inputs', 'hidden 1', 'hidden 2', 'output']
    """
    hidden = len(sizes) - 2
    middle = [f"hidden {i}" for i in range(1, hidden + 1)] if hidden > 1 else ["hidden"] * hidden
    first = "input" if sizes[0] == 1 else "inputs"
    return [first, *middle, "output" if sizes[-1] == 1 else "outputs"][: len(sizes)]


def neuron_name(given: str | None, depth: int, depths: int, place: int, count: int) -> str:
    """The name of a neuron: its own, or x, h, o by where it stands, with its index.

    >>> neuron_name(None, 1, 3, 0, 4), neuron_name(None, 2, 4, 2, 4), neuron_name("out", 3, 4, 0, 1)
    ('h₁', 'h⁽²⁾₃', 'out')
    """
    if given and pretty(given):
        return pretty(given)
    index = subscript(place + 1) if count > 1 else ""
    if depth == 0:
        return f"x{index}"
    if depth == depths - 1:
        return f"o{index}"
    layer = f"⁽{str(depth).translate(_RAISED)}⁾" if depths > 3 else ""
    return f"h{layer}{index}"


def headline(layers: tuple[Layer, ...]) -> str:
    """Such as ``One sample through a 2-16-16-1 network``."""
    sizes = [layer.size or len(layer.neurons) for layer in layers]
    if len(sizes) > 8:
        shown = f"network of {len(sizes) - 1} layers"
        return f"One sample through a {shown}"
    first = str(sizes[0])
    article = "an" if first[0] == "8" or first in ("11", "18") else "a"
    return f"One sample through {article} {'-'.join(map(str, sizes))} network"


def place_of(scope: Sequence[tuple[str, str]]) -> str:
    """Where in its model a layer stands, by the modules around it; empty if it is in none.

    >>> place_of([("MLP", "MLP"), ("layers", "Sequential"), ("0", "Linear(2, 3)")])
    'layers[0]'
    >>> place_of([("Sequential", "Sequential"), ("2", "Linear(4, 3)")]), place_of([])
    ('Linear [2]', '')
    """
    name = ""
    for part, _ in scope[1:] or scope:
        part = clean(part, 40)
        name += f"[{part}]" if part.isdecimal() else f".{part}" if name else part
    if name.startswith("["):
        kind = clean(scope[-1][1], 40).partition("(")[0]
        return f"{kind} {name}".strip()
    return name


def times(factor: float) -> str:
    """How often something counts.

    >>> times(1.0), times(0.25)
    ('once', '0.25 times')
    """
    return "once" if factor == 1 else f"{number(factor)} times"
