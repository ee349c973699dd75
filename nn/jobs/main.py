"""Reading the command line and calling the job it names."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import metadata

from autodiff.errors import GlassgradError
from nn.jobs.commands.list import add_list
from nn.jobs.commands.predict import add_predict
from nn.jobs.commands.run import add_run
from nn.jobs.commands.train import add_train
from nn.jobs.parser import Parser

__all__ = ["main"]

PROGRAM = "python -m nn"
INTERRUPTED = 130


def _version() -> str:
    try:
        return metadata.version("glassgrad")
    except metadata.PackageNotFoundError:
        return "(not installed: run from its source folder)"


def build_parser() -> Parser:
    """The parser of the whole command line."""
    parser = Parser(
        prog=PROGRAM,
        description="Neural networks that show their work.",
        epilog=f"Begin with:\n  {PROGRAM} train digits\n  {PROGRAM} list\n",
    )
    parser.add_argument("--version", action="version", version=f"glassgrad {_version()}")
    parser.set_defaults(parser=parser)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    for add in (add_list, add_run, add_train, add_predict):
        add(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: the words after ``python -m nn``; those of the process if not given.

    Returns:
        The exit status: 0 for success, 1 if the job failed, 2 for wrong options, 130
        after Ctrl-C.

    Raises:
        SystemExit: after ``--help`` and after wrong options.
    """
    options, unknown = build_parser().parse_known_args(arguments)
    parser: Parser = options.parser
    if unknown:
        parser.refuse(unknown)
    if not hasattr(options, "run"):
        parser.print_help()
        return 0
    try:
        return int(options.run(options))
    except KeyboardInterrupt as error:
        return _complain(parser, str(error) or "interrupted; nothing was written", INTERRUPTED)
    except BrokenPipeError:
        # Whoever read our output has gone; Python must not complain of it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _complain(parser, _worded(error), 1)
    except (GlassgradError, ImportError, FloatingPointError, MemoryError) as error:
        return _complain(parser, str(error) or type(error).__name__, 1)


def _complain(parser: Parser, message: str, status: int) -> int:
    print(f"{parser.prog}: {' '.join(message.split())}", file=sys.stderr)
    return status


def _worded(error: OSError) -> str:
    """What is wrong with a file, in words, where Python gives a number."""
    if error.filename is None or error.errno is None:
        return str(error) or type(error).__name__
    if isinstance(error, FileNotFoundError):
        return f"there is no file or folder {error.filename}"
    said = (error.strerror or type(error).__name__).lower()
    return f"{error.filename} cannot be read or written: {said}"
