"""What a report says, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

from nn.inspect.data import Histogram

__all__ = ["Curve", "Fact", "Flow", "Layer", "Mistake", "Panel", "Picture", "Report"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with its name, such as ``test accuracy`` and ``98.9 %``.

    Attributes:
        name: what it is.
        value: the figure as text.
        note: a few words on it.
        good: whether it is as it should be; None where there is no such thing.
    """

    name: str
    value: str
    note: str = ""
    good: bool | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """One figure over the epochs, from epoch 1 on.

    Attributes:
        name: printed at its end.
        values: one number per epoch.
        style: ``forward`` (blue) or ``backward`` (orange).
    """

    name: str
    values: tuple[float, ...]
    style: str = "forward"


@dataclass(frozen=True, slots=True)
class Panel:
    """Curves that share a pair of axes.

    Attributes:
        title: what is measured.
        curves: the curves.
        percent: whether values are shares, printed as per cent.
        logarithmic: whether the vertical axis is; for positive values only.
    """

    title: str
    curves: tuple[Curve, ...]
    percent: bool = False
    logarithmic: bool = False


@dataclass(frozen=True, slots=True)
class Mistake:
    """A sample with what the model thought of it.

    Attributes:
        pixels: rows of grey levels from 0 (paper) to 1 (ink).
        true: its class.
        predicted: the class with the highest probability.
        probabilities: one per class.
    """

    pixels: tuple[tuple[float, ...], ...]
    true: int
    predicted: int
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """What passes through one layer.

    Attributes:
        name: of the layer.
        activations: distribution of its outputs.
        gradients: distribution of the loss's gradient by its outputs.
        spread: standard deviation of the outputs.
        rms: root mean square of the gradients.
        notes: such as ``3 % of units dead``.
        alarming: whether a note speaks of trouble.
    """

    name: str
    activations: Histogram
    gradients: Histogram
    spread: float
    rms: float
    notes: tuple[str, ...] = ()
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Activations and gradients through all layers at one moment.

    Attributes:
        title: the moment.
        verdict: ``healthy``, or what is wrong.
        healthy: whether it is.
        explanation: the numbers behind the verdict.
        layers: in forward order.
    """

    title: str
    verdict: str
    healthy: bool
    explanation: str
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG document with words about it.

    Attributes:
        title: heading of its section.
        text: what it shows.
        svg: the document, trusted: it is put into the page as it is.
    """

    title: str
    text: str
    svg: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that is on the page.

    Attributes:
        title: of the page.
        summary: one sentence under the title.
        facts: the most important figures.
        panels: learning curves.
        curves_text: what to know about them.
        classes: names of the classes.
        confusion: counts; row = true class, column = predicted class.
        mistakes: samples that were misclassified.
        mistakes_text: how many there are and how they were chosen.
        flows: activations and gradients per layer.
        gradient_check: the verdict of the gradient check and what was done for it.
        pictures: drawings of graphs.
        model: the model as it prints.
        options: name, value and meaning of each option.
        versions: name and version of the software used.
        command: the command that makes the same files again.
        repeatable: whether it does; not after an interruption.
    """

    title: str
    summary: str
    facts: tuple[Fact, ...]
    panels: tuple[Panel, ...]
    curves_text: str
    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    mistakes: tuple[Mistake, ...]
    mistakes_text: str
    flows: tuple[Flow, ...]
    gradient_check: Fact
    pictures: tuple[Picture, ...]
    model: str
    options: tuple[tuple[str, str, str], ...]
    versions: tuple[tuple[str, str], ...]
    command: str
    repeatable: bool = True
