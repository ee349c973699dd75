"""The formulas over and under the columns of a small network, with their numbers."""

from __future__ import annotations

from dataclasses import dataclass

from viz.draw.metrics import text_width
from viz.draw.scene import Block, Group, Shape, Span, Text
from viz.geometry import Rect
from viz.networks.chips.judge import Judged
from viz.networks.chips.places import BAND, BAND_TOP, Places
from viz.networks.chips.symbols import Symbols, vector
from viz.networks.model import Network
from viz.networks.planes.amplifiers import Flow, agreement
from viz.networks.planes.error_terms import adds_up_to_nothing, error_term
from viz.networks.planes.words import slope_rule
from viz.text.formatting import clean, number

__all__ = ["lower_band", "upper_band"]

NUMBERS, FORMULA = 12.5, 14.5


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines under a column: each a text, its style, and whether it is bold."""

    left: float
    right: float
    lines: tuple[tuple[str, str, bool], ...]


def upper_band(
    network: Network, symbols: Symbols, places: Places, judged: Judged, width: float
) -> Group:
    """What each column is computed as, on a band of a width over it."""
    heads = [(places.columns[0].cards[0].middle[0], symbols.letter(0))]
    for layer in range(1, len(network.layers)):
        card = places.columns[layer].cards[0]
        before = places.columns[layer - 1].cards[0]
        bias = f" + {symbols.bias(layer)}" if symbols.bias(layer) else ""
        product = (
            f"{symbols.sum(layer)} = {symbols.letter(layer - 1)} {symbols.matrix(layer)}{bias}"
        )
        bent = symbols.function(layer)
        heads.append(
            (((before.right + card.x) / 2 if bent else (before.right + card.right) / 2), product)
        )
        if bent:
            text = f"{symbols.letter(layer)} = {symbols.applied(layer)}"
            heads.append((card.middle[0], text))
    loss = network.loss
    if symbols.softmax and judged.errors:
        last = symbols.letter(len(network.layers) - 1)
        heads.append((judged.errors.middle[0], f"p = softmax({last})"))
    if loss:
        text = f"{symbols.result} = {clean(loss.formula)}" if loss.formula else symbols.result
        heads.append((judged.loss.middle[0], text))
    shapes: list[Shape] = [Block(Rect(12, BAND_TOP, width, BAND), "plane", 8.0)]
    for x, text in heads:
        shapes.append(Text(x, BAND_TOP + 24, (Span(text, "forward", FORMULA, True),), "middle"))
    return Group("ground", tuple(shapes))


def lower_band(
    network: Network, symbols: Symbols, flow: Flow, places: Places, judged: Judged, apart: float
) -> tuple[Group, Rect]:
    """The gradients as formulas of matrices, and the room of their band."""
    blocks: list[_Block] = []
    for layer in range(1, len(network.layers)):
        blocks += _of_layer(network, symbols, flow, places, layer)
    last = places.columns[-1].cards[0].right
    split = (judged.errors.right if judged.errors else (last + judged.loss.x) / 2) + 10
    sent = _sent(network, symbols, flow)
    if sent and judged.errors:
        blocks.append(_Block(last, split, sent))
    close = agreement(apart)
    words = ("engine and formulas agree", f"to {close}, weight by weight")
    if not close:
        words = ("engine and formulas differ", f"by {number(apart, 2)}: more depends on them")
    end = max(judged.right + 12, split + text_width(words[0], 13, True) + 20)
    blocks.append(_Block(split, end, ((words[0], "ink", True), (words[1], "muted", False))))
    top = places.bottom + 26
    rows = max(len(block.lines) for block in blocks)
    height = 20 + 21 * rows
    shapes: list[Shape] = [Block(Rect(12, top, end - 12, height), "plane", 8.0)]
    for block in blocks:
        x = (block.left + block.right) / 2
        for place, (text, style, bold) in enumerate(block.lines):
            size = FORMULA if style == "backward" else 13 if bold else NUMBERS
            y = top + 26 + 21 * place
            shapes.append(Text(x, y, (Span(text, style, size, bold),), "middle"))
    return Group("ground", tuple(shapes)), Rect(12, top, end - 12, height)


def _of_layer(
    network: Network, symbols: Symbols, flow: Flow, places: Places, layer: int
) -> list[_Block]:
    before, card = places.columns[layer - 1].cards[0], places.columns[layer].cards[0]
    bent = symbols.function(layer)
    left, right = before.right, card.x if bent else card.right
    source, matrix, error = symbols.letter(layer - 1), symbols.matrix(layer), symbols.error(layer)
    values = [neuron.value for neuron in network.layers[layer - 1].neurons]
    deltas = flow.deltas[layer].tolist()
    lines = [(f"{symbols.by(matrix)} = {source}ᵀ {error}", "backward", True)]
    lines += [(text, "ink", False) for text in _product(values, deltas, right - left - 14)]
    if layer == 1:
        lines.append(("input times what comes back", "muted", False))
    else:
        lines.append((f"{symbols.by(source)} = {error} {matrix}ᵀ", "backward", True))
    if symbols.bias(layer):
        lines.append((f"{symbols.by(symbols.bias(layer))} = {error.strip('()')}", "backward", True))
    blocks = [_Block(left, right, tuple(lines))]
    if bent:
        blocks.append(_Block(card.x, card.right, _gate(network, symbols, layer, card.width)))
    return blocks


def _product(values: list[float], deltas: list[float], room: float) -> list[str]:
    """A column times a row, on as many lines as it needs."""
    first, second = f"{vector(values)}ᵀ", f"· {vector(deltas)}"
    if text_width(f"{first} {second}", NUMBERS) <= room:
        return [f"{first} {second}"]
    return [*_broken(first, room), *_broken(second, room)]


def _broken(text: str, room: float) -> list[str]:
    lines = [""]
    for part in text.split("  "):
        longer = f"{lines[-1]}  {part}" if lines[-1] else part
        if lines[-1] and text_width(longer, NUMBERS) > room:
            lines.append(part)
        else:
            lines[-1] = longer
    return lines


def _gate(
    network: Network, symbols: Symbols, layer: int, room: float
) -> tuple[tuple[str, str, bool], ...]:
    slopes = [neuron.slope or 0.0 for neuron in network.layers[layer].neurons]
    name, inner = symbols.function(layer), symbols.sum(layer)
    short = set(slopes) <= {0.0, 1.0}
    told = "gate" if short else "gains"
    lines = [
        (
            f"{symbols.by(inner)} = {symbols.by(symbols.letter(layer))} ⊙ {symbols.primed(layer)}",
            "backward",
            True,
        )
    ]
    lines += [(text, "ink", False) for text in _broken(f"{told} {vector(slopes)}", room)]
    rule = slope_rule(network.layers[layer])
    blocked = f"a silent {name} blocks" if short and 0.0 in slopes else rule
    if text_width(blocked, NUMBERS) > room + 20:
        blocked = f"{symbols.primed(layer)} is the slope"
    lines.append((blocked, "muted", False))
    return tuple(lines)


def _sent(network: Network, symbols: Symbols, flow: Flow) -> tuple[tuple[str, str, bool], ...]:
    """What the loss sends back, as a vector."""
    sent = flow.received[-1].tolist()
    last = symbols.letter(len(network.layers) - 1)
    name = symbols.by(last)
    loss = network.loss
    if loss is None:
        return ()
    told = ""
    if symbols.softmax:
        name += " = p − y"
        told = "the entries add up to 0" if adds_up_to_nothing(sent) else ""
    elif term := error_term(network, sent):
        name += f" = {term.format(f'{last} − t')}"
    lines = [(name, "backward", True), (vector(sent), "ink", False)]
    return (*lines, (told, "muted", False)) if told else tuple(lines)
