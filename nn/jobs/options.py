"""What a run depends on: one record for all jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

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

__all__ = ["ACTIVATIONS", "LOSSES", "MODELS", "OPTIMIZERS", "RATES", "Options", "spelt"]

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
RATES = {"sgd": 0.1, "adam": 0.003, "adamw": 0.003}
MODELS = {
    "mlp": "fully connected layers",
    "cnn": "convolutions of images",
    "linear": "no hidden layer",
}
LOSSES = {
    "squared": "mean squared error",
    "absolute": "mean absolute error",
    "huber": "squared where the error is small, absolute where it is large",
}


def _option(default: Any, flag: str, meaning: str) -> Any:
    return field(default=default, metadata={"flag": flag, "meaning": meaning})


@dataclass(frozen=True, slots=True)
class Options:
    """What a run depends on beside its data; two equal ones make the same files.

    The meaning of each option is in the metadata of its field, from where ``--help`` and
    the report take it.
    """

    model: str = _option("mlp", "--model", "what kind of network")
    hidden: tuple[int, ...] = _option(
        (256, 128), "--hidden", "units in each fully connected hidden layer"
    )
    channels: tuple[int, ...] = _option(
        (16, 32), "--channels", "channels of each convolution of a cnn"
    )
    activation: str = _option("relu", "--activation", "what each hidden unit does with its sum")
    init: str = _option("he_normal", "--init", "how weights are drawn before training")
    batch_norm: bool = _option(
        True, "--batch-norm", "bring each hidden unit to mean 0 and variance 1 within a batch"
    )
    dropout: float = _option(
        0.3, "--dropout", "share of hidden units switched off at random in each step"
    )
    loss: str = _option("squared", "--loss", "what a wrong number costs")
    label_smoothing: float = _option(
        0.1, "--label-smoothing", "share of certainty that the target gives to all classes alike"
    )
    optimizer: str = _option("adamw", "--optimizer", "how gradients become steps")
    lr: float | str = _option(
        RATES["adamw"],
        "--lr",
        "learning rate of the first step, or auto to find one; it falls to 0 along a cosine",
    )
    weight_decay: float = _option(0.01, "--weight-decay", "how strongly weights are pulled to 0")
    epochs: int = _option(30, "--epochs", "how often the training data are gone through")
    batch_size: int = _option(64, "--batch-size", "samples per step")
    test_share: float = _option(0.2, "--test-share", "share of the samples set aside as a test")
    seed: int = _option(0, "--seed", "fixes everything that is drawn at random")

    def given(self, values: Mapping[str, Any]) -> Options:
        """These options with others in the place of some.

        Args:
            values: by name; None for one that was not given.
        """
        new = {name: value for name, value in values.items() if value is not None}
        if "optimizer" in new and "lr" not in new and self.lr != "auto":
            new["lr"] = RATES[new["optimizer"]]
        for name in ("hidden", "channels"):
            if name in new:
                new[name] = tuple(new[name])
        return replace(self, **new)

    def rows(self, without: frozenset[str] = frozenset()) -> Iterator[tuple[str, str, str]]:
        """Flag, value and meaning of every option but some."""
        for entry in fields(self):
            if entry.name not in without:
                value = getattr(self, entry.name)
                yield entry.metadata["flag"], spelt(value), entry.metadata["meaning"]

    def words(self, standard: Options) -> list[str]:
        """The words of a command line that say what is not standard, and the seed."""
        words: list[str] = []
        for entry in fields(self):
            value, flag = getattr(self, entry.name), entry.metadata["flag"]
            usual = getattr(standard, entry.name)
            if entry.name == "lr" and usual != "auto" and self.optimizer != standard.optimizer:
                usual = RATES[self.optimizer]
            if isinstance(value, bool):
                words += [] if value == usual else [flag if value else f"--no-{flag[2:]}"]
            elif value != usual or entry.name == "seed":
                words += [flag, *spelt(value).split()]
        return words


def spelt(value: Any) -> str:
    """A value as it is written on the command line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " ".join(str(item) for item in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
