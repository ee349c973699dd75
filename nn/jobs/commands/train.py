"""``python -m nn train``: a job with a name, or a user's own data."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from nn.jobs.flags import add_manner, add_options, add_results, chosen, manner_of
from nn.jobs.job import Job, decided, options_for
from nn.jobs.materials import MaterialError
from nn.jobs.materials.reading import read
from nn.jobs.materials.source import FORMATS, Source
from nn.jobs.options import Options
from nn.jobs.parser import Parser, one_of, whole_number
from nn.jobs.performing import Conduct, perform
from nn.jobs.plan import Plan
from nn.jobs.registry import JOBS

__all__ = ["add_train", "job_plan"]

FILES = """\
  report.html        everything at a glance; open it in a browser
  model.safetensors  the trained weights; python -m nn predict takes them
  history.json       all figures, for programs
  graph.svg          the backpropagation graph of one training step
  neuron.svg         one neuron of the network, with its numbers"""

DESCRIPTION = f"""\
Train a network on your own data, or on a data set that has a name.

One fifth of the data is set aside as a test before training begins. The network learns from the
rest. Then its gradients are checked against finite differences, and these files are written to
the folder --out:

{FILES}
"""

EXAMPLES = """\
examples:
  python -m nn train --data houses.csv --target price
  python -m nn train --data photographs --size 32 32
  python -m nn train --data train-images-idx3-ubyte.gz --epochs 5
  python -m nn train --data heart.libsvm --model linear
  python -m nn train digits

--data takes delimited text with a --target, folders of images (one folder for each class), .npz
with arrays x and y, IDX files, LIBSVM's text, and CIFAR-10's binary files. What was read, and
what was made of it, is in the report. The options of a data set with a name:
  python -m nn train digits --help
"""

_JOB = """\
{summary}.

{needs}nothing is downloaded. One fifth of the data is set aside as a test before training begins.
The network learns from the rest. Then its gradients are checked against finite differences, and
these files are written to the folder --out:

{files}
"""

_JOB_EXAMPLES = """\
examples:
  python -m nn train {name}
  python -m nn train {name} --dry-run
  python -m nn train {name} --hidden 64 32 --activation tanh --init xavier-normal
  python -m nn train {name} --optimizer sgd --lr 0.1 --epochs 50 --out runs/sgd

The same options give the same files, byte for byte, on the same machine.
"""


def add_train(commands: argparse._SubParsersAction[Parser]) -> None:
    """Add the command."""
    train = commands.add_parser(
        "train",
        help="train a network on your own data, or on a data set that has a name",
        description=DESCRIPTION,
        epilog=EXAMPLES,
    )
    train.set_defaults(parser=train, run=_own)
    _add_source(train)
    add_manner(train, columns=True)
    add_options(train, Options(lr="auto"), by_data=_BY_DATA)
    add_results(train, "")
    jobs = train.add_subparsers(metavar="JOB", title="data sets with a name")
    for name, job in JOBS.items():
        _add_job(jobs, name, job)


def _add_job(jobs: argparse._SubParsersAction[Parser], name: str, job: Job) -> None:
    needs = "The data come with scikit-learn; " if job.needs else "The data are made up; "
    summary = job.summary[:1].upper() + job.summary[1:]
    parser = jobs.add_parser(
        name,
        help=job.summary,
        description=_JOB.format(summary=summary, needs=needs, files=FILES),
        epilog=_JOB_EXAMPLES.format(name=name),
    )
    add_options(parser, job.options)
    add_results(parser, f"runs/{name}")

    def run(options: argparse.Namespace) -> int:
        if getattr(options, "data", None) is not None:
            raise MaterialError(f"{name} has its own data; leave out {name}, or --data")
        return perform(job_plan(name, job, chosen(options)), conduct(options))

    parser.set_defaults(run=run, parser=parser)


def job_plan(name: str, job: Job, given: dict[str, Any]) -> Plan:
    """What a job with a name is to do.

    Args:
        name: of the job.
        job: the job.
        given: options that were given, by name; None for those that were not.
    """
    material = job.material()
    return Plan(material, decided(material, job.options, given), job.options, (name,), job.good)


_BY_DATA = ("model", "hidden", "batch_norm", "dropout", "epochs", "batch_size")
"""Options of which the data decide what holds."""


def _add_source(parser: argparse.ArgumentParser) -> None:
    data = parser.add_argument_group("your own data")
    data.add_argument("--data", metavar="PATH", type=Path, help="a file, or a folder of images")
    data.add_argument(
        "--target", metavar="COLUMN", help="the column to predict; of .npz the array of targets"
    )
    data.add_argument(
        "--format",
        metavar="NAME",
        type=one_of(FORMATS),
        help=f"what the file is, where its ending does not say: one of {', '.join(FORMATS)}",
    )
    data.add_argument(
        "--task",
        metavar="NAME",
        type=one_of(("classification", "regression")),
        help="classification or regression (default: text and a few whole numbers are classes)",
    )
    data.add_argument("--labels", metavar="PATH", type=Path, help="the labels of an IDX file")
    data.add_argument(
        "--ignore", metavar="COLUMN", nargs="+", default=[], help="columns to leave out"
    )
    data.add_argument(
        "--missing",
        metavar="HOW",
        type=one_of(("error", "mean")),
        default="error",
        help="what to do where a value is missing: error, or take the mean (default: error)",
    )
    pixels = whole_number(1, 4096)
    data.add_argument(
        "--image",
        metavar=("HEIGHT", "WIDTH"),
        nargs=2,
        type=pixels,
        help="the columns of a sample are the pixels of an image of this size",
    )
    data.add_argument(
        "--size",
        metavar=("HEIGHT", "WIDTH"),
        nargs=2,
        type=pixels,
        help="bring the images of a folder to this size",
    )
    data.add_argument("--grey", action="store_true", help="make the images of a folder grey")


def _own(options: argparse.Namespace) -> int:
    if options.data is None:
        parser: Parser = options.parser
        if any(value is not None for value in (*chosen(options).values(), options.target)):
            parser.error("what is to be learnt? give --data PATH, or the name of a data set")
        parser.print_help()
        return 0
    source = Source(
        options.data, options.target, options.format, options.task, options.labels,
        tuple(options.ignore), options.missing, _pair(options.image), _pair(options.size),
        options.grey, manner_of(options),
    )  # fmt: skip
    if options.out is None:
        options.out = Path("runs") / (source.path.name.split(".")[0] or "own")
    material = read(source)
    given = chosen(options)
    share = Options().test_share if given["test_share"] is None else given["test_share"]
    train = len(material.y) if material.tested is None else len(material.y) - len(material.tested)
    standard = options_for(material, round(train * (1 - share)))
    plan = Plan(material, decided(material, standard, given), standard, tuple(source.words()))
    return perform(plan, conduct(options))


def _pair(given: list[int] | None) -> tuple[int, int] | None:
    return None if given is None else (given[0], given[1])


def conduct(options: argparse.Namespace) -> Conduct:
    """How the run is to be done."""
    return Conduct(options.out, options.resume, options.restart, options.dry_run, options.quiet)
