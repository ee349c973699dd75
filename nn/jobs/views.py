"""What a trained network does with its inputs: filters, saliency, regions, inputs that matter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from nn import inspect
from nn.jobs.bench import Bench
from nn.report import Bars, Block, Picture, Section, Text
from nn.report.text import number

__all__ = ["sections"]

Array = np.ndarray[Any, Any]

SAMPLES = 10
"""So many samples are shown with what the network looks at."""
ASKED = 1000
"""Through so many samples of the test part the inputs that matter are found."""
MOST = 25
"""So many inputs are listed."""


def sections(bench: Bench) -> tuple[Section, ...]:
    """What there is to show of a network: by images, or by columns.

    Args:
        bench: the run, trained.
    """
    if bench.material.picturing is not None:
        return tuple(filter(None, [_filters(bench), _saliency(bench)]))
    found = [_inputs(bench)]
    if bench.material.classes and bench.x_test.shape[1:] == (2,):
        found.insert(0, _regions(bench))
    return tuple(found)


def _filters(bench: Bench) -> Section | None:
    # Here, because a library of networks does not load one of drawings.
    import viz

    seen = bench.material.picturing
    assert seen is not None
    if bench.options.model == "cnn":
        weights, shape = bench.network.state_dict()["conv1.conv.weight"], None
        name, what = "conv1.conv.weight", "a kernel of the first convolution"
    else:
        first = next(n for n, p in bench.network.named_parameters() if p.ndim == 2)
        weights, shape = bench.network.state_dict()[first], (seen.shape[1], seen.shape[2])
        name, what = first, "what a unit of the first layer weighs the pixels with"
        if seen.shape[0] > 1:
            return None
    said = (
        f"Each square is {what}: where green, {_ink(bench)} speaks for it, where purple, against. "
        f"There are {len(weights)}."
    )
    chart = viz.filters(inspect.filters(bench.network, name, shape), title="Filters")
    return Section(
        "filters", "What the first layer looks for", (Text(said), Picture("Filters", chart.svg))
    )


def _ink(bench: Bench) -> str:
    seen = bench.material.picturing
    return "light" if seen is not None and seen.dark else "ink"


def _one_of_each(bench: Bench) -> Array:
    """Places in the test part: the first sample of each class, in turn."""
    labels = bench.material.y[bench.tested]
    if not bench.material.classes:
        return np.arange(min(SAMPLES, len(labels)))
    firsts = [np.flatnonzero(labels == k) for k in range(len(bench.material.classes))]
    found = [places[0] for places in firsts if len(places)]
    return np.array(found[:SAMPLES], np.int64)


def _saliency(bench: Bench) -> Section:
    # Here, because a library of networks does not load one of drawings.
    import viz

    seen = bench.material.picturing
    assert seen is not None
    places = _one_of_each(bench)
    x = bench.x_test[places]
    found = inspect.saliency(bench.network, x)
    # Pixels that are columns are an image only by what the data say of them.
    shape = (len(x), *seen.shape[1:])
    images = replace(
        found, inputs=found.inputs.reshape(shape), gradients=found.gradients.reshape(shape)
    )
    said = (
        "For one image of each class the derivative of its score by the pixels: where green, more "
        f"{_ink(bench)} would raise the score of the class that the network gives, where purple, "
        "lower it."
        if bench.material.classes
        else "The derivative of the prediction by the pixels: where green, more "
        f"{_ink(bench)} would raise it."
    )
    chart = viz.saliency(images, title="What the network looks at", names=bench.material.classes)
    return Section("saliency", "What it looks at", (Text(said), Picture("Saliency", chart.svg)))


def _inputs(bench: Bench) -> Section:
    """How much the outputs change with each column, as a list of bars."""
    names = bench.material.columns
    x = bench.x_test[:ASKED]
    gradients = inspect.saliency(bench.network, x).gradients.reshape(len(x), -1)
    sizes = np.abs(gradients).mean(axis=0)
    order = np.argsort(-sizes, kind="stable")[:MOST]
    what = "the score of the class that the network gives" if bench.material.classes else "it"
    unit = " (in standard deviations of the target)" if not bench.material.classes else ""
    said = (
        f"How much the prediction changes with each input: the mean of |∂/∂x| over "
        f"{len(x)} test {bench.material.unit}, of {what}{unit}, for a change of one standard "
        "deviation. It says what this network uses, not what causes what."
    )
    if len(names) > MOST:
        said += f" The {MOST} largest of {len(names)}."
    rows = tuple((names[i], float(sizes[i]), number(float(sizes[i]), 3)) for i in order)
    return Section("inputs", "Inputs that matter", (Text(said), Bars(rows)))


def _regions(bench: Bench) -> Section:
    # Here, because a library of networks does not load one of drawings.
    import viz

    labels = bench.material.y[bench.tested]
    found = inspect.boundary(bench.network, bench.x_test, labels)
    names = " and ".join(bench.material.columns)
    said = (
        f"What the network says for every pair of {names} (scaled), and the test part: the deeper "
        "a colour, the surer it is."
    )
    named: dict[str, Any] = {"names": bench.material.classes, "features": bench.material.columns}
    picture: Block = Picture("Regions", viz.boundary(found, title="Regions", **named).svg)
    return Section("regions", "What it decides", (Text(said), picture))
