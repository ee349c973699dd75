"""A scene as PNG or PDF, by whichever converter is installed.

rsvg-convert converts the SVG; where it is not installed, matplotlib draws the same shapes.
(cairosvg is not used: it shows boxes for characters that the first font lacks.)
"""

from __future__ import annotations

import io
import math
import shutil
import subprocess
from typing import Any

from autodiff.errors import GlassgradError, missing_extra
from viz.draw.metrics import text_width
from viz.draw.palette import DARK, LIGHT, styles
from viz.draw.scene import Block, Path, Polygon, Scene, Shape, Text
from viz.installed import importable as _importable

__all__ = ["ConversionError", "rasterise"]

LARGEST = 20_000
"""Pixels along one side that a bitmap may have."""


class ConversionError(GlassgradError, RuntimeError):
    """A picture could not be converted to another format."""


def rasterise(
    scene: Scene, svg: str, form: str, theme: str = "auto", scale: float = 1.0, by: str = ""
) -> bytes:
    """Convert a picture.

    Args:
        scene: the picture.
        svg: the same, as written by `viz.draw.svg.to_svg`.
        form: ``png`` or ``pdf``.
        theme: ``dark`` for dark colours, else light ones.
        scale: pixels per unit of the SVG, for PNG.
        by: ``rsvg-convert`` or ``matplotlib``, to have no other; by default what is installed.

    Raises:
        MissingExtraError: if no converter is installed.
        ConversionError: if the picture is too large for a bitmap or the converter fails.
    """
    longest = max(scene.width, scene.height) * scale
    if form == "png" and longest > LARGEST:
        raise ConversionError(
            f"as a PNG at scale {scale:g} the picture would be {longest:.0f} pixels long, more "
            f"than {LARGEST}; save it as .svg or .pdf, give a smaller scale=, or draw less "
            "of the graph with focus= or depth="
        )
    if by in ("", "rsvg-convert") and shutil.which("rsvg-convert"):
        return _by_rsvg(svg, form, scale)
    if by in ("", "matplotlib") and _importable("matplotlib"):
        return _by_matplotlib(scene, form, theme, scale)
    raise missing_extra("matplotlib", "plot")


def _by_rsvg(svg: str, form: str, scale: float) -> bytes:
    zoom = ["--zoom", f"{scale:g}"] if form == "png" else []
    done = subprocess.run(
        ["rsvg-convert", "--format", form, "--unlimited", *zoom],
        input=svg.encode("utf-8"),
        capture_output=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        message = done.stderr.decode("utf-8", "replace").strip()[-300:]
        raise ConversionError(f"rsvg-convert could not write the {form}: {message}")
    return done.stdout


def _by_matplotlib(scene: Scene, form: str, theme: str, scale: float) -> bytes:
    import matplotlib
    from matplotlib.figure import Figure

    table = styles(DARK if theme == "dark" else LIGHT)
    unit = 72.0
    with matplotlib.rc_context({"font.family": ["DejaVu Sans"], "pdf.fonttype": 42}):
        figure = Figure((scene.width / unit, scene.height / unit), dpi=unit * scale)
        figure.patch.set_facecolor(table["background"]["fill"])
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        axes.set_xlim(0, scene.width)
        axes.set_ylim(scene.height, 0)
        for group in scene.groups:
            for shape in group.shapes:
                _draw(axes, shape, table)
        buffer = io.BytesIO()
        # A date in the file would make every run differ.
        stamp: dict[str, Any] = {"CreationDate": None} if form == "pdf" else {"Software": None}
        figure.savefig(buffer, format=form, dpi=unit * scale, metadata=stamp)
    return buffer.getvalue()


def _draw(axes: Any, shape: Shape, table: dict[str, dict[str, str]]) -> None:
    from matplotlib.patches import FancyBboxPatch, PathPatch, Rectangle
    from matplotlib.patches import Polygon as Patch
    from matplotlib.path import Path as Curve

    if isinstance(shape, Text):
        _write(axes, shape, table)
        return
    rule = table[shape.style]
    if isinstance(shape, Polygon):
        axes.add_patch(
            Patch(
                shape.points,
                closed=True,
                facecolor=_tinted(rule["fill"], shape.opacity),
                edgecolor=rule.get("stroke", "none"),
                linewidth=float(rule.get("stroke-width", 0)),
                linestyle=_dashes(rule, float(rule.get("stroke-width", 1))),
            )
        )
    elif isinstance(shape, Block):
        r = shape.rect
        look: dict[str, Any] = {
            "facecolor": _tinted(rule["fill"], shape.opacity),
            "edgecolor": rule.get("stroke", "none"),
            "linewidth": float(rule.get("stroke-width", 0)),
            "linestyle": _dashes(rule, float(rule.get("stroke-width", 1))),
        }
        if shape.radius:
            style = f"round,pad=0,rounding_size={shape.radius}"
            axes.add_patch(FancyBboxPatch((r.x, r.y), r.width, r.height, style, **look))
        else:
            axes.add_patch(Rectangle((r.x, r.y), r.width, r.height, **look))
    else:
        axes.add_patch(
            PathPatch(
                _curve(shape, Curve),
                fill=False,
                edgecolor=rule["stroke"],
                linewidth=shape.width,
                capstyle="butt",
                linestyle=_dashes(rule, shape.width),
                alpha=float(rule.get("opacity", 1)) * shape.opacity,
            )
        )


def _tinted(fill: str, opacity: float) -> Any:
    return fill if fill == "none" else (fill, opacity)


def _dashes(rule: dict[str, str], width: float) -> Any:
    if "stroke-dasharray" not in rule:
        return "solid"
    return 0, tuple(float(length) / width for length in rule["stroke-dasharray"].split())


def _curve(path: Path, curve: Any) -> Any:
    points: list[tuple[float, float]] = []
    codes: list[Any] = []
    for start, steps in ((path.start, path.steps), *path.more):
        points.append(start)
        codes.append(curve.MOVETO)
        for step in steps:
            code = curve.CURVE4 if len(step) == 6 else curve.LINETO
            for x, y in zip(step[::2], step[1::2], strict=True):
                points.append((x, y))
                codes.append(code)
    return curve(points, codes)


def _write(axes: Any, text: Text, table: dict[str, dict[str, str]]) -> None:
    widths = [text_width(span.text, span.size, span.bold, span.code) for span in text.spans]
    total = sum(widths) + sum(span.gap for span in text.spans)
    along, across = math.cos(math.radians(text.turn)), math.sin(math.radians(text.turn))
    single = len(text.spans) == 1
    place = {"start": "left", "middle": "center", "end": "right"}[text.anchor]
    done = 0.0 if single else -{"start": 0.0, "middle": total / 2, "end": total}[text.anchor]
    for span, width in zip(text.spans, widths, strict=True):
        done += 0.0 if single else span.gap
        axes.text(
            text.x + done * along + span.rise * across,
            text.y + done * across - span.rise * along,
            span.text,
            parse_math=False,
            color=table[span.style]["fill"],
            fontsize=span.size,
            fontweight="bold" if span.bold else "normal",
            fontfamily=["DejaVu Sans Mono"] if span.code else ["DejaVu Sans"],
            rotation=-text.turn,
            rotation_mode="anchor",
            va="baseline",
            ha=place if single else "left",
        )
        done += width
