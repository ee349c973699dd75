"""``python -m nn predict``: what a trained network says of new data."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nn.io.files import write_atomically
from nn.jobs.flags import add_manner, manner_of
from nn.jobs.kept import load_kept
from nn.jobs.materials.anew import read_new
from nn.jobs.materials.source import FORMATS
from nn.jobs.parser import Parser, one_of
from nn.jobs.predicting import answered
from nn.jobs.threads import single_thread

__all__ = ["add_predict"]

DESCRIPTION = """\
Ask a trained network about new data.

The data are read as those were that it learnt from: a table with the same columns in any order,
a folder of images, or arrays of the same shape. The predictions are delimited text: one line for
each sample, for classes with the probability of each. If the data hold the column that is
predicted, it is said how good the predictions are.
"""

EXAMPLES = """\
examples:
  python -m nn predict runs/houses/model.safetensors new.csv
  python -m nn predict runs/houses new.csv --out predictions.csv
  python -m nn predict runs/photographs/model.safetensors others
"""


def add_predict(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "predict",
        help="ask a trained network about new data",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    parser.add_argument(
        "model", metavar="MODEL", type=Path, help="a model that train wrote, or its folder"
    )
    parser.add_argument("data", metavar="DATA", type=Path, help="a file, or a folder of images")
    parser.add_argument(
        "--out", metavar="FILE", type=Path, help="where the predictions go (default: printed)"
    )
    parser.add_argument(
        "--format",
        metavar="NAME",
        type=one_of(FORMATS),
        help=f"what the data are, where the ending does not say: one of {', '.join(FORMATS)}",
    )
    add_manner(parser, columns=False)
    parser.set_defaults(parser=parser, run=_run)


def _run(options: argparse.Namespace) -> int:
    model: Path = options.model
    if model.is_dir():
        model = model / "model.safetensors"
    kept = load_kept(model)
    new = read_new(options.data, kept.reading, options.format, manner_of(options))
    with single_thread():
        answers = answered(kept, new)
    text = answers.text()
    if options.out is None:
        print(text, end="")
    else:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(options.out, text.encode())
    # What is printed may be read by another program.
    said = [*new.notes, answers.judged()]
    if options.out is not None:
        said.append(f"{len(new.x)} predictions are in {options.out}.")
    for line in filter(None, said):
        print(line, file=sys.stdout if options.out is not None else sys.stderr)
    return 0
