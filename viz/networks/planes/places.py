"""Where everything stands on the two planes, which are seen from the side."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from viz.draw.metrics import text_width
from viz.geometry import Rect
from viz.networks.model import Network
from viz.networks.planes.activations import primed
from viz.networks.planes.amplifiers import Amplifiers, Flow
from viz.networks.planes.words import Words, short

__all__ = ["Column", "Places", "places"]

MARGIN, PLANE_TOP, BETWEEN = 24.0, 90.0, 70.0
PITCH, CLOSE_PITCH, LOOSE_PITCH = 88.0, 74.0, 150.0
MANY_ROWS = 5
LEAST_HEIGHT = 250.0
SKEW = 0.62
INSIDE = 14.0
ROOM, BARE_ROOM, PLAIN_ROOM, BUNDLE_ROOM = 190.0, 130.0, 88.0, 190.0
DEEP, CLOSE_BUNDLES, BUNDLE, SLIM_BUNDLE = 5, 72.0, 158.0, 142.0
"""With more layers than `DEEP`, bundles are slim and stand close to each other."""
USUAL = 8
"""The most neurons of a layer that are drawn one by one, where the caller does not say."""
PAGE = 2800.0
WIDEST = 2.9
"""The planes are made higher until the picture is at most so many times as wide as high."""
AROUND = 280.0
"""Height of what is over, between and under the planes."""
ICON = 40.0
POINT = 30.0
"""How far the point of a bundle of amplifiers reaches to the left."""
BUNDLE_HEIGHT, NEURON_HEIGHT, INPUT_HEIGHT = 118.0, 50.0, 46.0
LOSS_HEIGHT = 78.0


@dataclass(frozen=True, slots=True)
class Column:
    """One layer: its cards above and below, from the top; a single one of each for a bundle."""

    bundle: bool
    forward: tuple[Rect, ...]
    backward: tuple[Rect, ...]

    @property
    def ties(self) -> tuple[float, ...]:
        """The x of the line that leads from each card above to the one below."""
        return tuple(r.middle[0] for r in self.backward)


@dataclass(frozen=True, slots=True)
class Places:
    """The whole geometry, in pixels.

    Attributes:
        width: of the picture.
        planes: the four corners of the upper and of the lower plane.
        top: y of the upper side of each plane.
        height: of a plane.
        columns: one for each layer.
        loss: the card of the loss above, and that of the seed below.
    """

    width: float
    planes: tuple[tuple[tuple[float, float], ...], ...]
    top: tuple[float, float]
    height: float
    columns: tuple[Column, ...]
    loss: tuple[Rect, Rect]


def places(
    network: Network,
    amplifiers: Amplifiers,
    flow: Flow,
    words: Words,
    most: int | None,
    labelled: bool,
) -> Places:
    """Place layers of at most ``most`` neurons one by one, and the others as bundles.

    Without a limit of the caller's, the layers of a deep network become bundles where the picture
    would else be wider than `PAGE`, the largest first.

    Args:
        network: what is drawn.
        amplifiers: its backward network.
        flow: what flowed through that.
        words: what things are called.
        most: neurons of a layer that is not a bundle; `None` for what fits.
        labelled: whether wires have labels, which need room.
    """
    counts = [len(layer.neurons) for layer in network.layers]
    limits = sorted({USUAL, *(n - 1 for n in counts if 1 < n <= USUAL)}, reverse=True)
    if most is not None or len(counts) <= DEEP:
        limits = [USUAL if most is None else most]
    for limit in limits:
        found = _limited(counts, network, amplifiers, flow, words, limit, labelled)
        if found.width <= PAGE:
            break
    return found


def _limited(
    counts: list[int],
    network: Network,
    amplifiers: Amplifiers,
    flow: Flow,
    words: Words,
    most: int,
    labelled: bool,
) -> Places:
    bundles = [count > most for count in counts]
    rows = [1 if bundle else count for bundle, count in zip(bundles, counts, strict=True)]
    pitch = CLOSE_PITCH if max(rows) > MANY_ROWS else PITCH
    height = max(max(rows) * pitch + 30.0, LEAST_HEIGHT)
    sizes = [
        _sizes(number, network, amplifiers, flow, words, b) for number, b in enumerate(bundles)
    ]
    # Room for the label of a bundle of wires, beside the 17 pixels that amplifiers leave it.
    widest = max(text_width(f"W₁₀ᵀ {a} × {b}", 12) for a, b in pairwise(counts))
    between = max(CLOSE_BUNDLES, widest + 14.0) if len(counts) > DEEP else BUNDLE_ROOM
    found = _placed(sizes, rows, bundles, height, words, labelled, between)
    surplus = found.width - WIDEST * (2 * height + AROUND)
    if surplus <= 0:
        return found
    height += surplus / (2 * WIDEST - SKEW)
    return _placed(sizes, rows, bundles, height, words, labelled, between)


def _placed(
    sizes: list[tuple[float, float]],
    rows: list[int],
    bundles: list[bool],
    height: float,
    words: Words,
    labelled: bool,
    between: float,
) -> Places:
    pitches = [min(LOOSE_PITCH, (height - 30.0) / max(count, 1)) for count in rows]
    halves = [(count - 1) / 2 * step for count, step in zip(rows, pitches, strict=True)]
    tops = (PLANE_TOP, PLANE_TOP + height + BETWEEN)
    tall = BUNDLE_HEIGHT if bundles[0] else INPUT_HEIGHT
    x = 12.0 + SKEW * (height + tall) / 2 + INSIDE
    columns: list[Column] = []
    for number, (width, below) in enumerate(sizes):
        if number:
            x += _gap(
                bundles[number - 1 : number + 1], halves[number - 1 : number + 1], labelled, between
            )
        across = max(width, below) if number == 0 else max(width, below / 2 + width - ICON / 2 - 8)
        place = (x, width, below, pitches[number], rows[number])
        columns.append(_column(place, tops, height, bundles[number], number == 0))
        # The point of the next amplifiers reaches to the left of their neurons.
        x += across + (POINT if number == 0 and bundles[0] else 0.0)
    x += max(_gap([bundles[-1], False], [halves[-1], 0.0], True, between), words.seed_room + 60.0)
    loss = words.loss_width
    middles = [top + height / 2 for top in tops]
    cards = [Rect(x, middle - LOSS_HEIGHT / 2, loss, LOSS_HEIGHT) for middle in middles]
    right = x + loss + SKEW * LOSS_HEIGHT / 2 + INSIDE
    lean = SKEW * height / 2
    left = 12.0 + lean
    planes = tuple(
        ((left + lean, t), (right + lean, t), (right - lean, t + height), (left - lean, t + height))
        for t in tops
    )
    width = right + lean + 12.0
    return Places(width, planes, tops, height, tuple(columns), (cards[0], cards[1]))


def _gap(bundles: list[bool], halves: list[float], labelled: bool, between: float) -> float:
    if all(bundles):
        return between
    if not any(halves):
        return PLAIN_ROOM
    return (ROOM if labelled else BARE_ROOM) + SKEW * sum(halves)


def _sizes(
    number: int, network: Network, amplifiers: Amplifiers, flow: Flow, words: Words, bundle: bool
) -> tuple[float, float]:
    """Widths of the cards of a layer above and below."""
    layer = network.layers[number]
    if bundle:
        told = text_width(f"{len(layer.neurons)} gains × {primed(layer)}", 13, True) + 28
        least = SLIM_BUNDLE if len(network.layers) > DEEP else BUNDLE
        width = min(max(least, told), 240.0)
        return (width, width + POINT) if number else (width, width)
    if number == 0:
        above = [text_width(words.name(n), 13, True) for n in layer.neurons]
        above += [text_width(short(n.value), 13) for n in layer.neurons]
        below = [text_width(words.gradient(n), 13, True) for n in layer.neurons]
        below += [text_width(short(g), 13) for g in flow.received[0]]
        return max(66.0, max(above) + 22), max(80.0, max(below) + 22)
    lines = [
        text_width(words.name(n), 13, True) + 7 + text_width(short(n.value), 13)
        for n in layer.neurons
    ]
    lines += [text_width("z " + short(n.z), 12) for n in layer.neurons if n.z is not None]
    gains = [text_width(words.gain(g), 13, True) for g in amplifiers.gains[number]]
    return max(116.0, 14 + max(lines) + 8 + ICON + 16), max(74.0, max(gains) + 26)


def _column(
    place: tuple[float, float, float, float, int],
    tops: tuple[float, float],
    height: float,
    bundle: bool,
    first: bool,
) -> Column:
    x, width, below, pitch, rows = place
    tall = BUNDLE_HEIGHT if bundle else INPUT_HEIGHT if first else NEURON_HEIGHT
    low = BUNDLE_HEIGHT if bundle else INPUT_HEIGHT if first else min(62.0, pitch - 24.0)
    forward, backward = [], []
    for row in range(rows):
        dy = (row - (rows - 1) / 2) * pitch
        left = x - SKEW * dy
        # An amplifier stands below the curve of its neuron, which lies at the right end.
        middle = left + width / 2 if bundle or first else left + width - 16 - ICON / 2
        forward.append(Rect(left, tops[0] + height / 2 + dy - tall / 2, width, tall))
        backward.append(Rect(middle - below / 2, tops[1] + height / 2 + dy - low / 2, below, low))
    return Column(bundle, tuple(forward), tuple(backward))
