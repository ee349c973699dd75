"""What a run found out, as a report, as figures for programs, and as files."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from nn.inspect import GradientCheck
from nn.io.container import encode
from nn.jobs.digits.data import CLASSES
from nn.jobs.digits.pictures import Neuron
from nn.jobs.digits.training import Bench
from nn.report import Fact, Panel, Picture, Report, render
from nn.report.filling import (
    confusion_of,
    curves_of,
    fact_of,
    mistakes_of,
    short,
    software,
)
from nn.report.text import percent
from nn.training import predict

__all__ = ["FILES", "Results", "weights"]

Array = np.ndarray[Any, Any]

FILES = ("model.safetensors", "history.json", "graph.svg", "neuron.svg", "report.html")
MOST_MISTAKES = 24
SOFTWARE = ("glassgrad", "numpy", "scikit-learn")


@dataclass(frozen=True)
class Results:
    """A trained network with everything that was found out about it.

    Attributes:
        bench: the run.
        check: verdict on the gradients.
        graph: drawing of a training step.
        neuron: drawing of a neuron.
    """

    bench: Bench
    check: GradientCheck
    graph: str
    neuron: Neuron

    @property
    def probabilities(self) -> Array:
        """What the network makes of the test part, float64 of shape (N, 10)."""
        scores = predict(self.bench.network, self.bench.data.x_test).astype(np.float64)
        shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
        result: Array = shifted / shifted.sum(axis=1, keepdims=True)
        return result

    @property
    def accuracy(self) -> float:
        """Share of the test part that is read correctly."""
        return self.bench.tested["accuracy"]

    @property
    def guessing(self) -> float:
        """Share of the test part that has the most frequent label."""
        labels = self.bench.data.y_test
        return float(np.bincount(labels).max() / len(labels))

    @property
    def learnt(self) -> bool:
        """Whether the accuracy is above that of guessing by more than chance explains."""
        chance = self.guessing
        return self.accuracy > chance + 3 * math.sqrt(
            chance * (1 - chance) / len(self.bench.data.y_test)
        )

    @property
    def epochs(self) -> str:
        """How many epochs were finished."""
        done, asked = len(self.bench.history), self.bench.options.epochs
        return f"{done} of {asked}" if self.bench.history.interrupted else str(asked)

    @property
    def parameters(self) -> int:
        """How many numbers were trained."""
        return sum(p.size for p in self.bench.network.parameters())

    def files(self) -> dict[str, bytes]:
        """The contents of all files, by name; the same run gives the same bytes."""
        contents = (
            weights(self.bench),
            (json.dumps(self.figures(), indent=1, allow_nan=False) + "\n").encode(),
            self.graph.encode(),
            self.neuron.svg.encode(),
            render(self.report()).encode(),
        )
        return dict(zip(FILES, contents, strict=True))

    def figures(self) -> dict[str, Any]:
        """All figures, as they stand in ``history.json``."""
        data = self.bench.data
        return {
            "test_accuracy": self.accuracy,
            "test_loss": self.bench.tested["loss"],
            "accuracy_of_guessing": self.guessing,
            "interrupted": self.bench.history.interrupted,
            "epochs": [_epoch(epoch) for epoch in self.bench.history],
            "parameters": self.parameters,
            "samples": {"train": len(data.y_train), "test": len(data.y_test)},
            "confusion": [list(row) for row in confusion_of(self.probabilities, data.y_test)],
            "gradient_check": asdict(self.check),
            "layers": {flow.title.lower(): _flow(flow) for flow in self.bench.flows},
            "seed": self.bench.options.seed,
            "options": asdict(self.bench.options),
            "command": self.bench.options.command(),
            "versions": dict(software(SOFTWARE)),
        }

    def report(self) -> Report:
        """The content of the report."""
        data, probabilities = self.bench.data, self.probabilities
        mistakes = mistakes_of(data.images, data.y_test, probabilities)
        tested, wrong = len(data.y_test), len(mistakes)
        widths = [str(data.x_train.shape[1]), *map(str, self.bench.options.hidden), "10"]
        shown = f", here the {MOST_MISTAKES} it was surest of" if wrong > MOST_MISTAKES else ""
        broken = self.bench.history.interrupted
        stopped = f" It was interrupted after {self.epochs} epochs." if broken else ""
        said = (
            f"{wrong} of {tested} test images were misread{shown}."
            if wrong
            else (f"None: all {tested} test images were read correctly.")
        )
        return Report(
            title="Reading handwritten digits",
            summary=(
                f"A network of {' → '.join(widths)} units learned from {len(data.y_train)} images "
                f"of 8 × 8 pixels and was tested on {tested} others.{stopped}"
            ),
            facts=(
                Fact(
                    "test accuracy",
                    percent(self.accuracy),
                    f"{tested - wrong} of {tested} images",
                    good=True if self.accuracy >= 0.98 else None if self.learnt else False,
                ),
                Fact("gradients", self.check.verdict, short(self.check), good=self.check.passed),
                Fact("parameters", f"{self.parameters:,}", "numbers that were trained"),
                Fact(
                    "epochs",
                    self.epochs,
                    f"of {len(self.bench.loader)} steps, {self.bench.options.optimizer}",
                ),
            ),
            panels=self._panels(),
            curves_text=(
                "The training figures are those met on the way, with dropout switched on and the "
                "weights still changing; so they may be worse than those of the test part, which "
                "is measured after each epoch. The test part steers nothing: the network is the "
                "one of the last epoch."
            ),
            classes=CLASSES,
            confusion=confusion_of(probabilities, data.y_test),
            mistakes=tuple(mistakes[:MOST_MISTAKES]),
            mistakes_text=said,
            flows=self.bench.flows,
            gradient_check=fact_of(self.check, "images"),
            pictures=(
                Picture(
                    "The graph of one training step",
                    "Forward in blue, from the images x to the loss; backward in orange, from the "
                    "loss to every parameter. Frames are the network's modules.",
                    self.graph,
                ),
                Picture("One neuron, with its numbers", self.neuron.text, self.neuron.svg),
            ),
            model=repr(self.bench.network),
            options=tuple(self.bench.options.rows()),
            versions=tuple(software(SOFTWARE)),
            command=self.bench.options.command(),
            repeatable=not broken,
        )

    def _panels(self) -> tuple[Panel, ...]:
        history = self.bench.history
        if not len(history):
            return ()
        loss = "Loss (cross-entropy, logarithmic)"
        return (
            curves_of(history, "accuracy", "Accuracy", held_out="test", percent=True),
            curves_of(history, "loss", loss, held_out="test", logarithmic=True),
        )


def weights(bench: Bench) -> bytes:
    """The network as a file, with what is needed to use it."""
    note = {
        "input": "pixels from 0 to 16, minus mean, divided by scale",
        "mean": repr(bench.data.mean),
        "scale": repr(bench.data.scale),
        "command": bench.options.command(),
    }
    return encode(bench.network.state_dict(), note)


def _epoch(figures: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {"loss": "train_loss", "accuracy": "train_accuracy"}
    return {
        renamed.get(name, name.replace("val_", "test_")): value for name, value in figures.items()
    }


def _flow(flow: Any) -> dict[str, Any]:
    layers = [
        {
            "name": layer.name,
            "activation_std": layer.spread,
            "gradient_rms": layer.rms,
            "notes": list(layer.notes),
        }
        for layer in flow.layers
    ]
    return {"verdict": flow.verdict, "healthy": flow.healthy, "layers": layers}
