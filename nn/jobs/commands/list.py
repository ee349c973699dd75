"""``python -m nn list``: what there is to run."""

from __future__ import annotations

import argparse

from nn.jobs.commands.examples import examples
from nn.jobs.parser import Parser
from nn.jobs.registry import JOBS

__all__ = ["add_list"]

_OWN = """\
Your own data (python -m nn train --help says more):
  train --data houses.csv --target price     a table: numbers and text, predict a column
  train --data photographs                   a folder of images, one folder for each class
  train --data data.npz                      arrays x and y; also IDX, LIBSVM, CIFAR-10
  predict runs/houses/model.safetensors new.csv   what a trained network says of new data
"""


def add_list(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "list",
        help="list the data sets with a name, and the worked examples",
        description="List what python -m nn can run.",
    )
    parser.set_defaults(parser=parser, run=_run)


def _run(options: argparse.Namespace) -> int:
    print("Data sets with a name (run NAME, or train NAME with options):")
    for name, job in JOBS.items():
        needs = f" [needs glassgrad[{job.needs}]]" if job.needs else ""
        print(f"  {name:<12}{job.summary}{needs}")
    print(f"\n{_OWN}")
    found = examples()
    if not found:
        print("The worked examples come with the sources, in the folder examples.")
        return 0
    print("Worked examples (run NAME):")
    for name, example in found.items():
        print(f"  {name:<36}{example.summary}")
    return 0
