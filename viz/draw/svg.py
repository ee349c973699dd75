"""A scene as SVG: no script, no foreign object, no reference to anything outside.

Colours are literal. Identifiers and the style sheet are scoped by a hash of the content,
so that several pictures can stand in one page.
"""

from __future__ import annotations

import hashlib

from viz.draw.compact import SMALL, Looks, common_looks, look_rules
from viz.draw.palette import DARK, LIGHT, Palette, styles
from viz.draw.scene import Block, Group, Path, Polygon, Scene, Shape, Span, Text
from viz.geometry import Rect
from viz.text.formatting import clean

__all__ = ["THEMES", "escape", "to_svg"]

THEMES = ("auto", "light", "dark")

FONTS = 'Helvetica,Arial,"Liberation Sans","DejaVu Sans",sans-serif'
CODE = '"DejaVu Sans Mono","Liberation Mono",Menlo,Consolas,monospace'


_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def escape(text: str) -> str:
    """Text as character data or attribute value, with what XML cannot hold removed."""
    return clean(text, limit=2_000).translate(_ENTITIES)


def to_svg(scene: Scene, theme: str = "auto", view: Rect | None = None) -> str:
    """Write a scene as one SVG document.

    Args:
        scene: what to write.
        theme: ``light`` or ``dark``, or ``auto`` for light with a dark variant where
            the viewer prefers dark.
        view: the part of the scene to show; by default all of it.

    Raises:
        ValueError: if the theme is none of these.
    """
    if theme not in THEMES:
        raise ValueError(f"theme={theme!r} is not known; expected one of {', '.join(THEMES)}")
    looks = common_looks(scene)
    corner = "" if view is None else f' x="{_n(view.x)}" y="{_n(view.y)}"'
    body = [f'<rect class="background"{corner} width="100%" height="100%"/>']
    body += [_group(group, looks) for group in scene.groups]
    text = "\n".join(body)
    title, description = escape(scene.title), escape(scene.description)
    seed = "\n".join((theme, title, description, text))
    scope = "gg" + hashlib.sha256(seed.encode("utf-8")).hexdigest()[:10]
    view = view or Rect(0.0, 0.0, scene.width, scene.height)
    width, height = _n(view.width), _n(view.height)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" id="{scope}" '
            f'viewBox="{_n(view.x)} {_n(view.y)} {width} {height}" '
            f'width="{width}" height="{height}" role="img" '
            f'aria-labelledby="{scope}-title {scope}-desc">',
            f'<title id="{scope}-title">{title}</title>',
            f'<desc id="{scope}-desc">{description}</desc>',
            f"<style>{_style_sheet(scope, theme, _used(scene))}{look_rules(scope, looks)}</style>",
            text.replace(' id="', f' id="{scope}-'),
            "</svg>\n",
        ]
    )


def _used(scene: Scene) -> set[str]:
    """The styles that occur, so that a picture carries no rules of others."""
    found = {"background"}
    for group in scene.groups:
        for shape in group.shapes:
            if isinstance(shape, Text):
                found.update(span.style for span in shape.spans)
            else:
                found.add(shape.style)
    return found


def _style_sheet(scope: str, theme: str, used: set[str]) -> str:
    base = f"#{scope} text{{font-family:{FONTS};font-variant-numeric:tabular-nums}}\n"
    base += f"#{scope} .code{{font-family:{CODE};white-space:pre}}\n"
    base += f"#{scope} .card:hover>rect:first-of-type{{stroke-width:2.2}}\n"
    if theme == "auto":
        light, dark = _rules(scope, LIGHT, used), _rules(scope, DARK, used)
        return f"\n{base}{light}@media (prefers-color-scheme:dark){{\n{dark}}}\n"
    return f"\n{base}{_rules(scope, DARK if theme == 'dark' else LIGHT, used)}"


def _rules(scope: str, palette: Palette, used: set[str]) -> str:
    return "".join(
        f"#{scope} .{name}{{{';'.join(f'{k}:{v}' for k, v in rule.items())}}}\n"
        for name, rule in styles(palette).items()
        if name in used
    )


def _n(number: float) -> str:
    rounded = round(number, 1)
    whole = int(rounded)
    return str(whole) if whole == rounded else str(rounded)


def _group(group: Group, looks: Looks) -> str:
    attributes = f' class="{group.kind}"'
    if group.id:
        attributes += f' id="{group.id}"'
    attributes += "".join(f' data-{key}="{escape(value)}"' for key, value in group.data)
    few = looks if group.kind.startswith(SMALL) else {}
    inside = "".join(_shape(shape, few) for shape in group.shapes)
    if not group.label:
        return f"<g{attributes}>{inside}</g>"
    label = escape(group.label)
    if group.kind == "card":
        attributes += f' tabindex="0" role="group" aria-label="{label}"'
    return f"<g{attributes}><title>{label}</title>{inside}</g>"


def _shape(shape: Shape, looks: Looks) -> str:
    if isinstance(shape, Block):
        r = shape.rect
        radius = f' rx="{_n(shape.radius)}"' if shape.radius else ""
        opacity = _opacity("fill-opacity", shape.opacity)
        return (
            f'<rect class="{shape.style}" x="{_n(r.x)}" y="{_n(r.y)}" width="{_n(r.width)}" '
            f'height="{_n(r.height)}"{radius}{opacity}/>'
        )
    if isinstance(shape, Polygon):
        points = "L".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
        return (
            f'<path class="{shape.style}"{_opacity("fill-opacity", shape.opacity)} d="M{points}z"/>'
        )
    if isinstance(shape, Text):
        return _short_text(shape, looks) if looks else _text(shape)
    return _path(shape)


def _together(path: Path) -> str:
    """All strokes of a path, each from its start by relative steps, which are shorter."""
    parts: list[str] = []
    for start, steps in ((path.start, path.steps), *path.more):
        x, y = round(start[0]), round(start[1])
        parts.append(f"M{x} {y}")
        for step in steps:
            places = [round(v) - (y if i % 2 else x) for i, v in enumerate(step)]
            parts.append(("c" if len(step) == 6 else "l") + " ".join(map(str, places)))
            x, y = x + places[-2], y + places[-1]
    return "".join(parts).replace(" -", "-")


def _path(path: Path) -> str:
    steps = "".join(
        ("C" if len(step) == 6 else "L") + " ".join(_n(v) for v in step) for step in path.steps
    )
    data = f"M{_n(path.start[0])} {_n(path.start[1])}{steps}"
    data = _together(path) if path.more else data
    opacity = _opacity("stroke-opacity", path.opacity)
    return f'<path class="{path.style}" stroke-width="{path.width:g}"{opacity} d="{data}"/>'


def _opacity(name: str, opacity: float) -> str:
    return f' {name}="{opacity:.3g}"' if opacity < 1 else ""


def _text(text: Text) -> str:
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    x, y = _n(text.x), _n(text.y)
    turn = f' transform="rotate({text.turn:g} {x} {y})"' if text.turn else ""
    parts: list[str] = []
    rise = 0.0
    for span in text.spans:
        parts.append(_span(span, rise - span.rise))
        rise = span.rise
    return f'<text x="{x}" y="{y}"{anchor}{turn}>{"".join(parts)}</text>'


def _short_text(text: Text, looks: Looks) -> str:
    """A line whose first stretch is no element of its own; sizes stand in the style sheet."""
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    first, *rest = text.spans
    plain = f'<text class="{first.style}"{_unlike(first, looks)} x="{_n(text.x)}" y="{_n(text.y)}"'
    inside = "".join(
        f'<tspan class="{span.style}"{_unlike(span, looks)} dx="{_n(span.gap)}">'
        f"{escape(span.text)}</tspan>"
        for span in rest
    )
    return f"{plain}{anchor}>{escape(first.text)}{inside}</text>"


def _unlike(span: Span, looks: Looks) -> str:
    """What a stretch has that others of its colour have not."""
    if looks.get(span.style) == (span.size, span.bold):
        return ""
    return f' font-size="{_n(span.size)}"' + (' font-weight="700"' if span.bold else "")


def _span(span: Span, fall: float) -> str:
    look = ' font-weight="700"' if span.bold else ""
    look += f' dx="{_n(span.gap)}"' if span.gap else ""
    look += f' dy="{_n(fall)}"' if fall else ""
    style = f"{span.style} code" if span.code else span.style
    size = _n(span.size)
    return f'<tspan class="{style}" font-size="{size}"{look}>{escape(span.text)}</tspan>'
