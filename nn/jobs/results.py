"""What a run found out, as figures for programs, and as files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from nn.inspect import GradientCheck
from nn.inspect.data import Flow
from nn.jobs.bench import Bench
from nn.jobs.kept import model_file
from nn.jobs.pictures import Neuron
from nn.jobs.tasks import Outcome
from nn.report.filling import flow_of, software
from nn.training import predict

__all__ = ["MODEL", "NAMES", "Results"]

MODEL = "model.safetensors"
NAMES = (MODEL, "history.json", "graph.svg", "neuron.svg", "report.html")
SOFTWARE = ("glassgrad", "numpy", "scikit-learn")


@dataclass(frozen=True)
class Results:
    """A trained network with everything that was found out about it.

    Attributes:
        bench: the run.
        check: verdict on the gradients.
        graph: drawing of a training step.
        neuron: drawing of a neuron; None where there is none to draw.
    """

    bench: Bench
    check: GradientCheck
    graph: str
    neuron: Neuron | None

    @cached_property
    def outcome(self) -> Outcome:
        """What came of the test part."""
        outputs = predict(self.bench.network, self.bench.x_test)
        return self.bench.task.outcome(outputs, self.bench.tested, self.bench.figures["loss"])

    @property
    def epochs(self) -> str:
        """How many epochs were finished."""
        done, asked = len(self.bench.history), self.bench.options.epochs
        return f"{done} of {asked}" if self.bench.history.interrupted else str(asked)

    def files(self, report: str) -> dict[str, bytes]:
        """The contents of all files, by name; the same run gives the same bytes.

        Args:
            report: the page.
        """
        neuron = {} if self.neuron is None else {"neuron.svg": self.neuron.svg}
        texts = {
            "history.json": json.dumps(self.figures(), indent=1, allow_nan=False) + "\n",
            "graph.svg": self.graph,
            **neuron,
            "report.html": report,
        }
        made = {name: text.encode() for name, text in texts.items()}
        return {MODEL: model_file(self.bench), **made}

    def figures(self) -> dict[str, Any]:
        """All figures, as they stand in ``history.json``."""
        bench = self.bench
        return {
            **self.outcome.figures(),
            "interrupted": bench.history.interrupted,
            "epochs": [_epoch(epoch) for epoch in bench.history],
            "gradients": bench.gradients,
            "parameters": bench.parameters,
            "samples": {"train": len(bench.y_train), "test": len(bench.y_test)},
            "gradient_check": asdict(self.check),
            "layers": {title.lower(): _flow(flow) for title, flow in bench.flows.items()},
            "learning_rate": bench.rate,
            "seed": bench.options.seed,
            "options": asdict(bench.options),
            "command": bench.plan.command(),
            "versions": dict(software(SOFTWARE)),
        }


def _epoch(figures: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {
        "loss": "train_loss",
        "accuracy": "train_accuracy",
        "r2_score": "train_r2",
        "val_r2_score": "test_r2",
    }
    return {
        renamed.get(name, name.replace("val_", "test_")): value for name, value in figures.items()
    }


def _flow(found: Flow) -> dict[str, Any]:
    flow = flow_of("", found)
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
