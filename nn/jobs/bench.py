"""Everything that a run works with, set up from its plan alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nn.checks import lr_find
from nn.data import DataLoader, train_test_split
from nn.inspect import measure
from nn.inspect.data import Flow
from nn.jobs.materials import Material, MaterialError, Scaling
from nn.jobs.network import build
from nn.jobs.options import OPTIMIZERS, Options
from nn.jobs.plan import Plan
from nn.jobs.tasks import Task, task_of
from nn.module.base import Module
from nn.module.sequential import Sequential
from nn.optim import Optimizer
from nn.training import History

__all__ = ["Bench", "divided", "shaped"]

Array = np.ndarray[Any, Any]

MOMENTUM = 0.9
PROBE = 256
"""Training samples through which the layers are looked at."""


def divided(material: Material, share: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Numbers of the samples that are learnt from, and of those that are set aside.

    Classes are held in the same proportion in both parts.

    Raises:
        MaterialError: there are too few samples.
    """
    everything = np.arange(len(material.y))
    if material.tested is not None:
        return np.setdiff1d(everything, material.tested), material.tested
    wanted = max(2, len(material.classes))
    if round(share * len(everything)) < 1 or (1 - share) * len(everything) < 2 * wanted:
        raise MaterialError(
            f"{len(everything)} {material.unit} are too few to learn from and to set "
            f"{100 * share:g} % of them aside as a test"
        )
    strata = material.y if material.classes else None
    train, test = train_test_split(everything, test_size=share, stratify=strata, rng=rng)
    return train, test


@dataclass
class Bench:
    """Everything a run works with.

    Attributes:
        plan: what was asked for.
        task: what is to be predicted, and how it is judged.
        x_train: inputs of the network, scaled, to learn from.
        y_train: targets as the loss takes them.
        x_test: likewise of the part set aside, scaled by the figures of the training part.
        y_test: likewise.
        tested: which samples are in the test part.
        scaling: of the inputs.
        network: the network.
        loss: what training minimises.
        optimizer: over the network's parameters.
        loader: batches of the training data.
        rate: the learning rate of the first step.
        history: the figures of the finished epochs.
        gradients: how large the gradient is at each layer, before training and after each epoch.
        flows: activations and gradients before and after training.
        figures: loss and metrics of the test part, for the network as it is in the end.
    """

    plan: Plan
    task: Task
    x_train: Array
    y_train: Array
    x_test: Array
    y_test: Array
    tested: Array
    scaling: Scaling
    network: Sequential
    loss: Module
    optimizer: Optimizer
    loader: DataLoader
    rate: float
    history: History
    gradients: list[dict[str, float]] = field(default_factory=list)
    flows: dict[str, Flow] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)

    @property
    def options(self) -> Options:
        """What was asked for."""
        return self.plan.options

    @property
    def material(self) -> Material:
        """What is learnt from."""
        return self.plan.material

    @property
    def parameters(self) -> int:
        """How many numbers are trained."""
        return sum(p.size for p in self.network.parameters())

    @classmethod
    def build(cls, plan: Plan) -> Bench:
        """Set everything up from the plan and its seed alone.

        Raises:
            MaterialError: the data cannot be divided.
        """
        options, material = plan.options, plan.material
        streams = np.random.SeedSequence(options.seed).spawn(4)
        split, weights, chance, order = (np.random.default_rng(s) for s in streams)
        train, test = divided(material, options.test_share, split)
        scaling = Scaling.of(material, material.x[train])
        x_train, x_test = (shaped(plan, scaling.apply(material.x[i])) for i in (train, test))
        task = task_of(material, material.y[train])
        y_train, y_test = (task.targets(material.y[i]) for i in (train, test))
        inputs = x_train.shape[1:]
        network = build(options, inputs, material.outputs, weights, chance)
        loss = task.loss(options)
        # A last batch of a single sample could not be normalised.
        loader = DataLoader(
            (x_train, y_train), min(options.batch_size, len(x_train)), True, drop_last=True,
            rng=order,
        )  # fmt: skip
        rate = _rate(options, network, loss, x_train, y_train)
        optimizer = _optimizer(options, network, rate)
        return cls(
            plan, task, x_train, y_train, x_test, y_test, test, scaling, network, loss,
            optimizer, loader, rate, History(),
        )  # fmt: skip

    def probe(self) -> Flow:
        """Activations and gradients at this moment."""
        return measure(self.network, self.task.plain_loss(), *self.batch(PROBE))

    def batch(self, size: int) -> tuple[Array, Array]:
        """The first samples of the training part."""
        return self.x_train[:size], self.y_train[:size]


def shaped(plan: Plan, x: Array) -> Array:
    """Inputs as the network takes them: pixels as an image where it looks at images."""
    seen = plan.material.picturing
    if plan.options.model == "cnn" and seen is not None:
        return x.reshape(len(x), *seen.shape)
    return x


def _optimizer(options: Options, network: Module, rate: float) -> Optimizer:
    settings = {"momentum": MOMENTUM, "nesterov": True} if options.optimizer == "sgd" else {}
    made: Optimizer = OPTIMIZERS[options.optimizer](
        network.parameters(), lr=rate, weight_decay=options.weight_decay, **settings
    )
    return made


def _rate(options: Options, network: Module, loss: Module, x: Array, y: Array) -> float:
    if not isinstance(options.lr, str):
        return options.lr
    size = min(options.batch_size, len(x))
    try:
        found = lr_find(network, loss, (x, y), _optimizer(options, network, 1e-3), batch_size=size)
    except ValueError as error:
        raise MaterialError(f"no learning rate was found: {error}; give --lr yourself") from None
    return float(f"{found.suggestion:.3g}")
