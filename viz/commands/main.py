"""Reading the command line and calling the command it names."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import metadata

from autodiff.errors import GlassgradError
from viz.commands.doctor import add_doctor
from viz.commands.parser import Parser, one_line
from viz.commands.pictures import add_draw, add_explain, add_live, add_why

__all__ = ["main"]

PROGRAM = "python -m viz"
INTERRUPTED = 130


def build_parser() -> Parser:
    """The parser of the whole command line."""
    try:
        version = metadata.version("glassgrad")
    except metadata.PackageNotFoundError:
        version = "(not installed: run from its source folder)"
    parser = Parser(
        prog=PROGRAM,
        description="Pictures of backpropagation, and answers about gradients.",
        epilog=f"Begin with:\n  {PROGRAM} draw program.py:loss\n  {PROGRAM} doctor\n",
    )
    parser.add_argument("--version", action="version", version=f"glassgrad {version}")
    parser.set_defaults(parser=parser)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    for add in (add_draw, add_explain, add_why, add_live, add_doctor):
        add(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: the words after ``python -m viz``; those of the process if not given.

    Returns:
        The exit status: 0 for success, 1 if what was asked for could not be done, 2 for wrong
        options, 130 after Ctrl-C.

    Raises:
        SystemExit: after ``--help`` and after wrong options.
    """
    options, unknown = build_parser().parse_known_args(arguments)
    parser: Parser = options.parser
    if unknown:
        parser.refuse(unknown[0])
    if not hasattr(options, "run"):
        parser.print_help()
        return 0
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return _complain(parser, "interrupted; nothing was written", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone; Python must not complain of it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (GlassgradError, TypeError, ValueError, ImportError, OSError, MemoryError) as error:
        return _complain(parser, str(error) or type(error).__name__, 1)


def _complain(parser: Parser, message: str, status: int) -> int:
    print(f"{parser.prog}: {one_line(message)}", file=sys.stderr)
    return status
