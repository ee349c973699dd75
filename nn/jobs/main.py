"""Reading the command line and calling the job it names."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import metadata

from nn.jobs.parser import Parser
from nn.jobs.registry import JOBS, Job

__all__ = ["main"]

PROGRAM = "python -m nn"
INTERRUPTED = 130


def _version() -> str:
    try:
        return metadata.version("glassgrad")
    except metadata.PackageNotFoundError:
        return "(not installed: run from its source folder)"


def _job_parser(parent: argparse._SubParsersAction[Parser], name: str, job: Job) -> None:
    parser = parent.add_parser(
        name, help=job.summary, description=job.description, epilog=job.examples
    )
    job.add_options(parser)
    parser.set_defaults(run=job.run, parser=parser)


def build_parser() -> Parser:
    """The parser of the whole command line."""
    parser = Parser(
        prog=PROGRAM,
        description="Neural networks that show their work.",
        epilog=f"Begin with:\n  {PROGRAM} train digits\n",
    )
    parser.add_argument("--version", action="version", version=f"glassgrad {_version()}")
    parser.set_defaults(parser=parser)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    train = commands.add_parser(
        "train",
        help="train a network on a data set, and write a report",
        description="Train a network on a data set, check its gradients, and write a report.",
        epilog=f"The options of a job:\n  {PROGRAM} train digits --help\n",
    )
    train.set_defaults(parser=train)
    jobs = train.add_subparsers(metavar="JOB", title="jobs")
    for name, job in JOBS.items():
        _job_parser(jobs, name, job)
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
    except (ImportError, OSError, FloatingPointError) as error:
        return _complain(parser, str(error), 1)


def _complain(parser: Parser, message: str, status: int) -> int:
    print(f"{parser.prog}: {' '.join(message.split())}", file=sys.stderr)
    return status
