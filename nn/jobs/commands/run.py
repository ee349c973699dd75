"""``python -m nn run NAME``: a data set as it is, or a worked example."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from nn.jobs.commands.examples import SOURCES, Example, examples
from nn.jobs.commands.train import job_plan
from nn.jobs.parser import Parser, suggestion
from nn.jobs.performing import Conduct, perform
from nn.jobs.registry import JOBS

__all__ = ["add_run"]

EXAMPLES = """\
examples:
  python -m nn list
  python -m nn run moons
  python -m nn run 01_sigmoid_chain --out pictures
"""


def add_run(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "run",
        help="run something of the list as it is",
        description="Run a data set with its own options, or a worked example; see the list.",
        epilog=EXAMPLES,
    )
    parser.add_argument("name", metavar="NAME", help="what to run, out of python -m nn list")
    parser.add_argument(
        "--out", metavar="FOLDER", type=Path, help="where the files go (default: in runs)"
    )
    parser.add_argument("--quick", action="store_true", help="of a long example: try it out")
    parser.add_argument("--quiet", action="store_true", help="print nothing but errors")
    parser.set_defaults(parser=parser, run=_run)


def _run(options: argparse.Namespace) -> int:
    name: str = options.name
    if name in JOBS:
        if options.quick:
            options.parser.error(f"{name} has no --quick; it takes seconds")
        out = options.out or Path("runs") / name
        plan = job_plan(name, JOBS[name], {})
        return perform(plan, Conduct(out, quiet=options.quiet))
    known = examples()
    example = known.get(name.removesuffix(".py"))
    if example is None:
        hint = suggestion(name, [*JOBS, *known]) or "; python -m nn list shows what there is"
        parser: Parser = options.parser
        parser.error(f"there is nothing called {name!r}{hint}")
    return _script(example, options)


def _script(example: Example, options: argparse.Namespace) -> int:
    words = [sys.executable, str(example.path)]
    words += [] if options.out is None else ["--out", str(options.out)]
    if options.quick:
        if not example.quick:
            options.parser.error(f"{example.path.stem} has no --quick; it takes seconds")
        words.append("--quick")
    silent = subprocess.DEVNULL if options.quiet else None
    # It finds the packages also where they are not installed.
    paths = [str(SOURCES), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    return subprocess.run(words, check=False, stdout=silent, env=environment).returncode
