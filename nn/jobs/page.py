"""The report of a run: the same for all jobs."""

from __future__ import annotations

import math

from nn.jobs import views
from nn.jobs.bench import Bench
from nn.jobs.network import widths
from nn.jobs.results import SOFTWARE, Results
from nn.report import (
    Code,
    Curve,
    Fact,
    Panel,
    Panels,
    Picture,
    Report,
    Rows,
    Section,
    Text,
    Verdict,
)
from nn.report.filling import curves_of, fact_of, flow_of, short, software

__all__ = ["report_of"]

DRAWN = 6
"""So many layers have a curve."""


def report_of(results: Results) -> Report:
    """The content of the report."""
    bench = results.bench
    material, outcome = bench.material, results.outcome
    stopped = f" It was interrupted after {results.epochs} epochs." if _broken(bench) else ""
    inputs = bench.x_train.shape[1:]
    return Report(
        material.title,
        f"A network of {widths(bench.options, inputs, material.outputs)} units learned from "
        f"{len(bench.y_train)} {material.unit} and was tested on {len(bench.y_test)} others: "
        f"{material.said}.{stopped}",
        (
            outcome.fact(bench.plan.good),
            Fact(
                "gradients", results.check.verdict, short(results.check), good=results.check.passed
            ),
            Fact("parameters", f"{bench.parameters:,}", "numbers that were trained"),
            Fact(
                "epochs",
                results.epochs,
                f"of {len(bench.loader)} steps, {bench.options.optimizer}",
            ),
        ),
        (
            *_learning(bench),
            *outcome.sections(),
            *views.sections(bench),
            _flows(bench),
            Section("check", "Gradient check", (Verdict(fact_of(results.check, material.unit)),)),
            *_drawings(results),
            _read(bench),
            Section("model", "The model", (Code(repr(bench.network)),)),
            _again(bench),
        ),
        tuple(software(SOFTWARE)),
    )


def _broken(bench: Bench) -> bool:
    return bench.history.interrupted


def _learning(bench: Bench) -> tuple[Section, ...]:
    if not len(bench.history):
        return ()
    task = bench.task
    chance = "with dropout switched on and " if bench.options.dropout else "with "
    said = (
        f"The training figures are those met on the way, {chance}the weights still changing; so "
        "they may be worse than those of the test part, which is measured after each epoch. The "
        "test part steers nothing: the network is the one of the last epoch."
    )
    title = task.title[:1].upper() + task.title[1:]
    panels = (
        curves_of(bench.history, task.metric, title, held_out="test", percent=task.percent),
        curves_of(bench.history, "loss", task.loss_title, held_out="test", logarithmic=True),
    )
    return (Section("curves", "Learning curves", (Text(said), Panels(panels))),)


def _flows(bench: Bench) -> Section:
    said = (
        "What goes forward through the layers (blue: the outputs of each layer) and what comes "
        "back (orange: the gradient of the loss by those outputs), for one batch of training "
        "data. Exact zeros are counted beside the histograms, not in them."
    )
    flows = [flow_of(title, flow) for title, flow in bench.flows.items()]
    later = () if len(bench.gradients) < 2 else (Text(_TIME), Panels((_gradients(bench),)))
    return Section(
        "flow", "Activations and gradients, layer by layer", (Text(said), *flows, *later)
    )


_TIME = (
    "Gradients over time: how large (root mean square) the gradient of the loss is at the outputs "
    "of each layer, for the same samples before training (epoch 0) and after every epoch."
)


def _gradients(bench: Bench) -> Panel:
    names = list(bench.gradients[0])
    if len(names) > DRAWN:
        # The ends, and what lies evenly between them.
        names = [names[round(i * (len(names) - 1) / (DRAWN - 1))] for i in range(DRAWN)]
    tones = [1 + round(i * 5 / max(len(names) - 1, 1)) for i in range(len(names))]
    curves = tuple(
        Curve(name, tuple(entry.get(name, math.nan) for entry in bench.gradients), f"depth{tone}")
        for name, tone in zip(names, tones, strict=True)
    )
    return Panel("Gradient by layer (rms, logarithmic)", curves, logarithmic=True, first=0)


def _drawings(results: Results) -> tuple[Section, ...]:
    graph = (
        f"Forward in blue, from the {results.bench.material.unit} x to the loss; backward in "
        "orange, from the loss to every parameter. Frames are the network's modules."
    )
    title = "The graph of one training step"
    found = [Section("graph", title, (Text(graph), Picture(title, results.graph)))]
    if results.neuron is not None:
        title = "One neuron, with its numbers"
        picture = Picture(title, results.neuron.svg)
        found.append(Section("neuron", title, (Text(results.neuron.text), picture)))
    return tuple(found)


def _read(bench: Bench) -> Section:
    material = bench.material
    rows = tuple((f.name, f.kind, f.values, f.use) for f in material.fields)
    said = f"{len(material.y)} {material.unit}: {material.said}."
    scaled = (
        "The network sees columns of mean 0 and standard deviation 1, by the figures of the "
        "training part."
        if material.picturing is None
        else "The network sees pixels of mean 0 and standard deviation 1, by the figures of the "
        "training part."
    )
    head = ("name", "kind", "values", "use")
    return Section(
        "data",
        "What was read",
        (Text(said), Rows(rows, head), *map(Text, material.notes), Text(scaled)),
    )


def _again(bench: Bench) -> Section:
    said = "The same command gives the same files, byte for byte, on the same machine."
    if _broken(bench):
        said = (
            "It was interrupted: the same command with --resume goes on, and gives the files that "
            "it would have given uninterrupted."
        )
    rows = tuple(bench.plan.rows())
    return Section(
        "again", "Make it again", (Text(said), Code(bench.plan.command()), Rows(rows, code=True))
    )
