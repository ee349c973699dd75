"""``draw``, ``explain``, ``why``, ``live``: the functions of these names, for a file's program."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from autodiff.graph.order import topological_order
from autodiff.sweeps.released import ReleasedNode, released_graph
from viz.alive.api import LivePage, live
from viz.api import draw
from viz.causes.answer import WhyReport
from viz.causes.find import why
from viz.causes.target import named_nodes, path_of
from viz.causes.words import called
from viz.commands.parser import Parser
from viz.commands.program import FORM, ProgramError, root_of
from viz.draw.svg import THEMES
from viz.layout import DIRECTIONS, ENGINES
from viz.paths.explain import explain
from viz.picture import Picture

__all__ = ["add_draw", "add_explain", "add_live", "add_why"]

Commands = argparse._SubParsersAction

_TARGET = "a file, and in it a function without arguments that returns the node, as the loss"
_LEAF = "the name of a leaf, such as w1, or the path of a parameter, such as hidden1.weight"


def add_draw(commands: Commands[Parser]) -> None:
    """Add ``draw``."""
    parser = _command(commands, "draw", "draw how a result was computed", _draw, "FUNCTION.svg")
    parser.add_argument("--engine", choices=ENGINES, default="auto", help="layout engine")
    parser.add_argument("--direction", choices=DIRECTIONS, default="auto", help="forward lanes run")
    parser.add_argument(
        "--depth", type=_count, metavar="N", help="modules nested deeper are folded"
    )
    parser.add_argument("--focus", metavar="NAME", help="draw only what is near this node")
    parser.add_argument("--hops", type=_count, default=2, metavar="N", help="how near that is")
    parser.add_argument(
        "--open", action="append", default=[], metavar="NAME", help="open a folded card beside it"
    )
    parser.add_argument("--all", action="store_true", help="roll nothing up")
    parser.add_argument("--no-gradients", action="store_true", help="the forward pass alone")


def add_explain(commands: Commands[Parser]) -> None:
    """Add ``explain``."""
    parser = _command(commands, "explain", "a gradient as the sum of its paths", _explain)
    parser.add_argument("leaf", metavar="LEAF", help=_LEAF)
    parser.add_argument("--element", type=_index, metavar="I,J", help="one entry of a tensor")
    parser.add_argument("--k", type=_count, metavar="K", help="how many paths to list")
    parser.add_argument("--engine", choices=ENGINES, default="auto", help="layout engine")


def add_live(commands: Commands[Parser]) -> None:
    """Add ``live``."""
    what = "a page for a browser that computes: drag a leaf, and all follows"
    parser = _command(commands, "live", what, _live, "FUNCTION.html")
    parser.add_argument("--engine", choices=ENGINES, default="auto", help="layout engine")


def add_why(commands: Commands[Parser]) -> None:
    """Add ``why``."""
    parser = _command(commands, "why", "why a gradient is None, 0, tiny, huge or NaN", _why)
    parser.add_argument("leaf", metavar="LEAF", nargs="?", help=f"{_LEAF}; all if not given")
    parser.add_argument("--element", type=_index, metavar="I,J", help="one entry of a tensor")


def _command(
    commands: Commands[Parser], name: str, summary: str, run: Any, out: str = ""
) -> Parser:
    parser = commands.add_parser(
        name, help=summary, description=f"{summary[0].upper()}{summary[1:]}."
    )
    parser.set_defaults(parser=parser, run=run)
    parser.add_argument("program", metavar=FORM, help=_TARGET)
    kept = f"; by default {out}" if out else "; by default the answer is printed as text"
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help=f"its ending says the format{kept}"
    )
    parser.add_argument("--title", default="", help="printed over the picture")
    parser.add_argument("--theme", choices=THEMES, default="auto", help="colours")
    return parser


def _draw(options: argparse.Namespace) -> int:
    out = options.out or _named(options, "svg")
    looks: dict[str, Any] = {
        "title": options.title,
        "theme": options.theme,
        "engine": options.engine,
    }
    try:
        root = root_of(options.program)
    except ProgramError as problem:
        # What an operation was given when it failed can be drawn as well.
        raise _with_picture(problem, out, looks) from problem
    known = not isinstance(released_graph(root), ReleasedNode)
    whole = known and root.requires_grad and getattr(root, "size", 1) == 1
    picture = draw(
        root,
        gradients=False if options.no_gradients else True if whole else None,
        depth=options.depth,
        focus=options.focus,
        hops=options.hops,
        opened=tuple(options.open),
        roll_up=False if options.all else None,
        direction=options.direction,
        **looks,
    )
    return _written(picture, out)


def _with_picture(problem: ProgramError, out: Path, looks: dict[str, Any]) -> ProgramError:
    cause = problem.__cause__
    if cause is None:
        return problem
    try:
        path = draw(cause, **looks).save(out)
    except (TypeError, ValueError, OSError, ImportError, RuntimeError):
        return problem
    return ProgramError(f"{problem}; {path} shows the graph up to there")


def _explain(options: argparse.Namespace) -> int:
    root = root_of(options.program)
    leaf = named_nodes(root).get(options.leaf, options.leaf)
    looks: dict[str, Any] = {
        "title": options.title,
        "theme": options.theme,
        "engine": options.engine,
    }
    return _written(explain(root, leaf, k=options.k, element=options.element, **looks), options.out)


def _live(options: argparse.Namespace) -> int:
    page = live(
        root_of(options.program),
        title=options.title,
        theme=options.theme,
        engine=options.engine,
    )
    return _written(page, options.out or _named(options, "html"))


def _why(options: argparse.Namespace) -> int:
    root = root_of(options.program)
    looks: dict[str, Any] = {"title": options.title, "theme": options.theme}
    if options.leaf is not None:
        return _written(why(root, options.leaf, element=options.element, **looks), options.out)
    report = why(root, _leaves(root), **looks)
    assert isinstance(report, WhyReport)
    return _written(report, options.out)


def _leaves(root: Any) -> dict[str, Any]:
    """All leaves that need a gradient, by the names they are told under."""
    shown = released_graph(root)
    found: dict[str, Any] = {}
    for node in topological_order(shown):
        if node.is_leaf and node.requires_grad:
            name = called(node, path_of(shown, node))
            found[name if name not in found else f"{name} ({len(found)})"] = node
    if not found:
        raise ProgramError(
            "no leaf behind the result needs a gradient; give requires_grad=True to a Tensor, or "
            "use a Value"
        )
    return found


def _named(options: argparse.Namespace, ending: str) -> Path:
    """A file in the current folder with the name of the function."""
    return Path(f"{options.program.rpartition(':')[2]}.{ending}")


def _written(result: Picture | LivePage | WhyReport, out: Path | None) -> int:
    if out is None:
        print(result)
    else:
        print(f"{result.save(out)}: {_short(result)}")
    return 0


def _short(result: Picture | LivePage | WhyReport) -> str:
    said = repr(result).split("\n", 1)[0]
    return said[1:-1] if said.startswith("<") and said.endswith(">") else said


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 up, not {text!r}")
    return int(text)


def _index(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.strip("[]()").split(",") if part.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected whole numbers with commas between them, as 0,3, not {text!r}"
        ) from None
