"""The sentences between and below the planes."""

from __future__ import annotations

from dataclasses import replace

from viz.draw.metrics import text_width
from viz.draw.prose import Phrase, paragraph
from viz.draw.scene import Group, Span, Text
from viz.networks.model import Layer, Network
from viz.networks.planes.activations import applied, function_name, primed
from viz.networks.planes.amplifiers import agreement
from viz.networks.planes.places import BETWEEN, Places
from viz.networks.planes.words import Words, short, slope_rule

__all__ = ["below", "between"]


def between(network: Network, where: Places) -> list[Group]:
    """The gain of each column as a formula, beside its ties, where there is room."""
    groups: list[Group] = []
    y = where.top[1] - BETWEEN / 2 + 5
    said = False
    for number in range(1, len(network.layers)):
        rule = slope_rule(network.layers[number])
        if not rule:
            continue
        start = max(where.columns[number].ties) + 11
        following = where.columns[number + 1 : number + 2]
        end = min(following[0].ties) - 11 if following else where.width - 24
        spans = [Span("gain", "muted", 13), Span(rule, "ink", 13, True, 5.0)]
        more = Span(", the slope of the tangent", "muted", 13)
        if not said and _wide([*spans, more]) <= end - start:
            spans.append(more)
        if _wide(spans) > end - start:
            spans = [replace(spans[1], gap=0.0)]
        if _wide(spans) <= end - start:
            said = True
            groups.append(Group("label", (Text(start, y, tuple(spans)),)))
    return groups


def _wide(spans: list[Span]) -> float:
    return sum(text_width(span.text, span.size, span.bold) + span.gap for span in spans)


def below(
    network: Network, where: Places, words: Words, labelled: bool, apart: float
) -> list[Text]:
    """The formulas of the backward network, how to read it, and whether it is right."""
    x, y, room = 24.0, where.top[1] + where.height + 34, where.width - 48
    layers = network.layers[1:]
    slopes = list(dict.fromkeys(primed(x, "z") for x in layers if x.activation))
    names = list(dict.fromkeys(_named(x) for x in layers if x.activation))
    result = words.result
    slope, which = "σ′(z)", ""
    if len(names) == 1:
        slope = slopes[0]
    elif names:
        slope, which = "φ′(z)", f", φ one of {', '.join(names)}"
    gain = f"δ = {slope} · Σ w δ" if names else "δ = Σ w δ"
    phrases = [
        Phrase(f"δ = ∂{result}/∂z", "ink", True, True),
        Phrase(" leaves each amplifier: "),
        Phrase(gain, "ink", True, True),
        Phrase(f" of the next layer{which}    "),
        Phrase(f"∂{result}/∂w = δ · h", "ink", True, True),
        Phrase(" what the wire brought forward times what comes back"),
    ]
    if any(neuron.bias is not None for layer in layers for neuron in layer.neurons):
        phrases += [Phrase("    "), Phrase(f"∂{result}/∂b = δ", "ink", True, True)]
    lines = paragraph(phrases, x, y, room)
    rules = dict.fromkeys(filter(None, map(slope_rule, layers)))
    y = lines[-1].y + 21
    if any(_unsaid(network, where, rule) for rule in rules):
        lines += paragraph([Phrase("gains: "), *_listed(list(rules))], x, y, room)
        y = lines[-1].y + 21
    told = "numbers on the wires: the weights, the same above and below · " if labelled else ""
    bundled = ", of a bundle √‖Wᵀ δ‖" if any(c.bundle for c in where.columns) else ""
    told += (
        f"width of a backward wire: √|w δ|{bundled} · an amplifier has no kink: double the "
        "gradient that enters and every one that leaves doubles"
    )
    lines += paragraph([Phrase(told)], x, y, room)
    close = agreement(apart)
    if close:
        told = f"run as drawn, this network gives every gradient of the engine to {close}"
    else:
        told = (
            f"run as drawn, this network differs from the engine by {short(apart)}: the result "
            "also depends on neurons or weights in ways that are not drawn"
        )
    return lines + paragraph([Phrase(told)], x, lines[-1].y + 21, room)


def _named(layer: Layer) -> str:
    name = function_name(layer)
    return applied(layer) if name == "f" else name


def _listed(rules: list[str]) -> list[Phrase]:
    phrases: list[Phrase] = []
    for rule in rules:
        phrases += [Phrase(" · ")] if phrases else []
        phrases.append(Phrase(rule, "ink", True, True))
    return phrases


def _unsaid(network: Network, where: Places, rule: str) -> bool:
    """Whether no column had room for a rule."""
    groups = between(network, where)
    said = {span.text for g in groups for s in g.shapes if isinstance(s, Text) for span in s.spans}
    return rule not in said
