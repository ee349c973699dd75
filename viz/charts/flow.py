"""Activations and gradients per layer, one row for each model or moment, each with a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from viz.charts.chart import Chart, asked, headed
from viz.draw.metrics import fit, text_width
from viz.draw.scene import Block, Group, Path, Scene, Shape, Span, Text
from viz.geometry import Rect
from viz.text.formatting import number, percent

__all__ = ["compare", "flow"]

WIDTH, HEIGHT, GAP, HEAD = 124.0, 62.0, 12.0, 26.0
LINE, ROW = 18.0, 2 * (62.0 + 18.0) + 58.0
NAME, VERDICT, SMALL = 16.0, 15.0, 12.0
NOTES = 2
WIDEST = 276.0


def flow(given: Any, *batch: Any, title: str = "", theme: str = "auto", **settings: Any) -> Chart:
    """Draw how activations and gradients fare on their way through the layers.

    Args:
        given: what `nn.inspect.measure` gave; or a model, which is then asked with ``batch``; or
            several of them by name, one row for each.
        *batch: for a model: the loss function, inputs and targets.
        title: printed over the chart.
        theme: ``auto``, ``light`` or ``dark``.
        **settings: for a model: what else `nn.inspect.measure` takes.

    Returns:
        The chart: for each layer the distribution of its outputs, that of the gradients by
        them, and what is wrong with it.

    Raises:
        TypeError: if given neither.

    Example:
        >>> import nn, viz
        >>> model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
        >>> viz.flow(model, nn.MSELoss(), [[0.5, -0.5], [0.1, 0.2]], [[1.0], [0.0]])
        <Chart 'Activations and gradients, layer by layer'>
    """
    wanted = (
        "a model with a loss function and a batch, what nn.inspect.measure gave, or several of "
        "either by name"
    )
    several = given if isinstance(given, Mapping) else {"": given}
    found = {
        str(name): asked(one, "flow", batch, settings, ("layers",), wanted)
        for name, one in several.items()
    }
    if not found:
        raise ValueError("flow() was given no model; give at least one")
    return Chart(lambda told: _compose(found, told), found, title=title, theme=theme)


def compare(
    models: Mapping[str, Any], *batch: Any, title: str = "", theme: str = "auto", **settings: Any
) -> Chart:
    """Draw several models, such as one network under several initialisations, side by side.

    Args:
        models: models, or what `nn.inspect.measure` gave of them, by what they are called.
        *batch: for models: the loss function, inputs and targets.
        title: printed over the chart.
        theme: ``auto``, ``light`` or ``dark``.
        **settings: for models: what else `nn.inspect.measure` takes.

    Raises:
        TypeError: if ``models`` is no mapping.

    Example:
        >>> import nn, viz
        >>> models = {name: nn.Sequential(nn.Linear(2, 2)) for name in ("first", "second")}
        >>> viz.compare(models, nn.MSELoss(), [[0.5, -0.5]], [[1.0, 0.0]], title="Two draws")
        <Chart 'Two draws'>
    """
    if not isinstance(models, Mapping):
        raise TypeError(
            f"compare() was given {type(models).__name__!r}; give models by name, as in "
            "{'Xavier': model, 'too small': other}"
        )
    return flow(models, *batch, title=title, theme=theme, **settings)


def _compose(flows: Mapping[str, Any], title: str) -> Scene:
    left = _left(flows)
    groups: list[Group] = []
    y = 0.0
    width = 0.0
    for index, (name, one) in enumerate(flows.items()):
        groups += [group.moved(0, y) for group in _row(name, one, left, index == 0)]
        width = max(width, left + (WIDTH + GAP) * len(one.layers))
        y += ROW + (HEAD if index == 0 else 0.0)
    note = (
        "blue: outputs that are not 0, on the axis of their activation or their own; orange: the "
        "loss's gradient by them, rms is its root mean square; ±: where an axis ends"
    )
    told = title or "Activations and gradients, layer by layer"
    return headed(told, note, groups, width, y - 20)


def _left(flows: Mapping[str, Any]) -> float:
    texts = [text_width(name, NAME, bold=True) for name in flows]
    for one in flows.values():
        texts += [text_width(line, VERDICT, bold=True) for line in _verdict(one)]
        texts.append(text_width(_why(one), SMALL))
    return min(300.0, max(texts)) + 24.0


def _verdict(one: Any) -> list[str]:
    if one.healthy:
        return ["healthy"]
    return [_trouble(trouble, len(one.layers)) for trouble in one.troubles]


def _trouble(told: str, layers: int) -> str:
    """What is wrong in capitals, and the layers by name or, if those are many, their number."""
    kind, _, names = told.partition(": ")
    text = f"{kind.upper()}: {names}" if names else kind.upper()
    if text_width(text, VERDICT, bold=True) > WIDEST:
        count = len(names.split(", "))
        text = f"{kind.upper()}: {count} of {layers} layers"
    return fit(text, VERDICT, WIDEST, bold=True)


def _why(one: Any) -> str:
    return f"gradient at {one.first} ÷ at {one.last} = {number(one.ratio, 3)}"


def _row(name: str, one: Any, left: float, first: bool) -> list[Group]:
    top = HEAD if first else 0.0
    shapes: list[Shape] = []
    y = top + 20.0
    if name:
        shapes.append(Text(0, y, (Span(fit(name, NAME, left, bold=True), "ink", NAME, bold=True),)))
        y += 24
    for line in _verdict(one):
        style = "ink" if one.healthy else "backward"
        shapes.append(Text(0, y, (Span(line, style, VERDICT, bold=True),)))
        y += 21
    shapes.append(Text(0, y, (Span(fit(_why(one), SMALL, left - 12), "muted", SMALL),)))
    groups = [Group("verdict", tuple(shapes))]
    for index, layer in enumerate(one.layers):
        x = left + index * (WIDTH + GAP)
        groups.append(_layer(layer, x, top, first))
    return groups


def _layer(layer: Any, x: float, top: float, head: bool) -> Group:
    shapes: list[Shape] = []
    middle = x + WIDTH / 2
    name = fit(str(layer.name), 13.0, WIDTH, bold=True)
    if head:
        shapes.append(Text(middle, top - 9, (Span(name, "ink", 13.0, bold=True),), "middle"))
    upper = Rect(x, top, WIDTH, HEIGHT)
    lower = Rect(x, top + HEIGHT + LINE + 6, WIDTH, HEIGHT)
    shapes += _histogram(layer.outputs, upper, "forward")
    if layer.alarming:
        shapes.append(Block(upper, "alarm", radius=2))
    shapes += _under(upper, layer.outputs, f"std {number(layer.std, 3)}", "forward")
    shapes += _histogram(layer.gradients, lower, "backward")
    shapes += _under(lower, layer.gradients, f"rms {number(layer.rms, 3)}", "backward")
    for index, note in enumerate(_notes(layer)[:NOTES]):
        y = lower.bottom + LINE + 16 * (index + 1)
        shapes.append(Text(x + WIDTH, y, (Span(note, "muted", SMALL),), "end"))
    spoken = ", ".join(
        [f"{layer.name}: std {number(layer.std)}", f"rms {number(layer.rms)}", *_notes(layer)]
    )
    return Group("layer", tuple(shapes), "", spoken)


def _under(box: Rect, bins: Any, text: str, style: str) -> list[Shape]:
    """A figure under a box, and where its axis goes if there is room for it."""
    y = box.bottom + 15
    shapes: list[Shape] = [Text(box.right, y, (Span(text, style, SMALL),), "end")]
    low, high = number(bins.low, 2), number(bins.high, 2)
    axis = f"±{high}" if bins.low == -bins.high else f"{low} … {high}"
    if text_width(axis, SMALL) + text_width(text, SMALL) + 8 <= box.width:
        shapes.append(Text(box.x, y, (Span(axis, "muted", SMALL),)))
    return shapes


def _notes(layer: Any) -> list[str]:
    shares = [("dead units", layer.dead), ("saturated", layer.saturated), ("zeros", layer.zeros)]
    return [f"{percent(share)} {what}" for what, share in shares if share]


def _histogram(bins: Any, box: Rect, style: str) -> list[Shape]:
    """Bars that fill the box; a line where 0 is."""
    shapes: list[Shape] = [Block(box, "frame")]
    highest = max(bins.counts, default=0)
    step = box.width / max(len(bins.counts), 1)
    for index, count in enumerate(bins.counts):
        if count:
            tall = max((box.height - 2) * count / highest, 0.8)
            bar = Rect(box.x + index * step, box.bottom - tall, step * 0.9, tall)
            shapes.append(Block(bar, style))
    if bins.low < 0 < bins.high:
        x = box.x + box.width * -bins.low / (bins.high - bins.low)
        shapes.append(Path((x, box.y), ((x, box.bottom),), "dashed-lane", 0.8))
    return shapes
