"""The options of the job, and what ``--help`` says of them."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from nn.init import SCHEMES
from nn.jobs.parser import number, one_of, whole_number
from nn.layers import (
    ELU,
    GELU,
    SELU,
    Identity,
    LeakyReLU,
    Mish,
    ReLU,
    Sigmoid,
    SiLU,
    Softplus,
    Tanh,
)
from nn.module.base import Module
from nn.optim import SGD, Adam, AdamW

__all__ = [
    "ACTIVATIONS",
    "DESCRIPTION",
    "EXAMPLES",
    "OPTIMIZERS",
    "SUMMARY",
    "Options",
    "add_options",
    "chosen",
]

SUMMARY = "read handwritten digits: 1797 images of 8 × 8 pixels (a few seconds)"

DESCRIPTION = """\
Teach a network to read handwritten digits.

The images come with scikit-learn; nothing is downloaded. One fifth of them is set aside
as a test before training begins. The network learns from the rest. Then its gradients are
checked against finite differences, and these files are written to the folder --out:

  report.html        everything at a glance; open it in a browser
  model.safetensors  the trained weights
  history.json       all figures, for programs
  graph.svg          the backpropagation graph of one training step
  neuron.svg         one neuron of the network, with its numbers
"""

EXAMPLES = """\
examples:
  python -m nn train digits
  python -m nn train digits --dry-run
  python -m nn train digits --hidden 64 32 --activation tanh --init xavier-normal
  python -m nn train digits --optimizer sgd --lr 0.1 --epochs 50 --out runs/sgd

The same options give the same files, byte for byte, on the same machine.
"""

ACTIVATIONS: dict[str, type[Module]] = {
    "relu": ReLU,
    "tanh": Tanh,
    "sigmoid": Sigmoid,
    "leaky_relu": LeakyReLU,
    "elu": ELU,
    "selu": SELU,
    "gelu": GELU,
    "silu": SiLU,
    "mish": Mish,
    "softplus": Softplus,
    "identity": Identity,
}

OPTIMIZERS = {"sgd": SGD, "adam": Adam, "adamw": AdamW}
_RATES = {"sgd": 0.1, "adam": 0.003, "adamw": 0.003}


def _option(default: Any, flag: str, meaning: str) -> Any:
    return field(default=default, metadata={"flag": flag, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Options:
    """What a run depends on; two equal ones make the same files.

    The meaning of each option is in the metadata of its field, from where ``--help`` and
    the report take it.
    """

    hidden: tuple[int, ...] = _option((256, 128), "--hidden", "units in each hidden layer")
    activation: str = _option("relu", "--activation", "what each hidden unit does with its sum")
    init: str = _option("he_normal", "--init", "how weights are drawn before training")
    batch_norm: bool = _option(
        True, "--batch-norm", "bring each hidden unit to mean 0 and variance 1 within a batch"
    )
    dropout: float = _option(
        0.3, "--dropout", "share of hidden units switched off at random in each step"
    )
    optimizer: str = _option("adamw", "--optimizer", "how gradients become steps")
    lr: float = _option(
        _RATES["adamw"], "--lr", "learning rate of the first step; it falls to 0 along a cosine"
    )
    weight_decay: float = _option(0.01, "--weight-decay", "how strongly weights are pulled to 0")
    label_smoothing: float = _option(
        0.1, "--label-smoothing", "share of certainty that the target gives to all classes alike"
    )
    epochs: int = _option(30, "--epochs", "how often the training data are gone through")
    batch_size: int = _option(64, "--batch-size", "images per step")
    seed: int = _option(0, "--seed", "fixes everything that is drawn at random")

    def rows(self) -> Iterator[tuple[str, str, str]]:
        """Flag, value and meaning of every option."""
        for entry in fields(self):
            value = getattr(self, entry.name)
            yield entry.metadata["flag"], _spelt(value), entry.metadata["meaning"]

    def command(self) -> str:
        """The command that runs the job with these options, naming what is not default."""
        words = ["python", "-m", "nn", "train", "digits"]
        for entry in fields(self):
            value, flag = getattr(self, entry.name), entry.metadata["flag"]
            standard = _RATES[self.optimizer] if entry.name == "lr" else entry.default
            if isinstance(value, bool):
                words += [] if value == standard else [flag if value else f"--no-{flag[2:]}"]
            elif value != standard or entry.name == "seed":
                words += [flag, *_spelt(value).split()]
        return shlex.join(words)


def _spelt(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(str(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of the job to a parser."""
    standard = {entry.name: entry for entry in fields(Options)}

    def add(group: Any, name: str, note: str = "", **settings: Any) -> None:
        entry = standard[name]
        default = settings.setdefault("default", entry.default)
        assert entry.default is not MISSING
        shown = _spelt(entry.default if default is None else default)
        text = f"{entry.metadata['meaning']}{note} (default: {shown})"
        group.add_argument(entry.metadata["flag"], help=text.replace("%", "%%"), **settings)

    network = parser.add_argument_group("the network")
    add(network, "hidden", nargs="+", metavar="N", type=whole_number(1, 4096))
    _names(network, add, "activation", "NAME", ACTIVATIONS)
    _names(network, add, "init", "NAME", SCHEMES)
    add(network, "batch_norm", action=argparse.BooleanOptionalAction)
    add(network, "dropout", metavar="SHARE", type=number(0, 1))
    training = parser.add_argument_group("the training")
    _names(training, add, "optimizer", "NAME", OPTIMIZERS)
    add(
        training,
        "lr",
        "; for sgd 0.1",
        metavar="RATE",
        type=number(0, open_low=True),
        default=None,
    )
    add(training, "weight_decay", metavar="RATE", type=number(0))
    add(training, "label_smoothing", metavar="SHARE", type=number(0, 1))
    add(training, "epochs", metavar="N", type=whole_number(1, 100_000))
    add(training, "batch_size", metavar="N", type=whole_number(2, 1_000))
    add(training, "seed", metavar="N", type=whole_number(0, 2**32 - 1))
    results = parser.add_argument_group("the results")
    results.add_argument(
        "--out",
        metavar="FOLDER",
        type=Path,
        default=Path("runs/digits"),
        help="where the files go; made if it does not exist (default: runs/digits)",
    )
    results.add_argument(
        "--dry-run",
        action="store_true",
        help="take one step, check the gradients, and say what would be written; write nothing",
    )
    results.add_argument("--quiet", action="store_true", help="print nothing but errors")


def _names(group: Any, add: Any, name: str, metavar: str, known: Any) -> None:
    listed = ", ".join(known)
    add(group, name, f"; one of {listed}", metavar=metavar, type=one_of(known))


def chosen(namespace: argparse.Namespace) -> Options:
    """The options that were given on the command line."""
    values = {entry.name: getattr(namespace, entry.name) for entry in fields(Options)}
    values["hidden"] = tuple(values["hidden"])
    if values["lr"] is None:
        values["lr"] = _RATES[values["optimizer"]]
    return Options(**values)
