"""What a report shows, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from nn.inspect.data import Histogram

__all__ = ["Curve", "Fact", "Flow", "Layer", "Mistake", "Panel", "Picture", "Pixel"]

Pixel: TypeAlias = float | tuple[float, float, float]
"""Grey from 0 (paper) to 1 (ink), or red, green and blue from 0 to 1."""


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
    """One figure over the epochs.

    Attributes:
        name: printed at its end.
        values: one number per epoch.
        style: ``forward`` (blue), ``backward`` (orange), or ``depth1`` to ``depth6`` for layers
            from the first to the last.
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
        first: the epoch of the first values; 0 for how it was before training.
    """

    title: str
    curves: tuple[Curve, ...]
    percent: bool = False
    logarithmic: bool = False
    first: int = 1


@dataclass(frozen=True, slots=True)
class Mistake:
    """A sample with what the model thought of it.

    Attributes:
        pixels: rows of pixels.
        true: its class.
        predicted: the class with the highest probability.
        probabilities: one per class.
    """

    pixels: tuple[tuple[Pixel, ...], ...]
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
    """An SVG document.

    Attributes:
        title: what it is, for those who cannot see it.
        svg: the document, trusted: it is put into the page as it is.
    """

    title: str
    svg: str
