"""What is found in a model, as plain data."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Flow", "GradientCheck", "Histogram", "LayerStatistics"]


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts in equal bins from ``low`` to ``high``."""

    counts: tuple[int, ...]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LayerStatistics:
    """What passes through one layer.

    Attributes:
        name: of the layer.
        outputs: distribution of its outputs that are finite and not 0.
        gradients: distribution of the loss's gradient by its outputs.
        std: standard deviation of the outputs.
        rms: root mean square of the gradients.
        zeros: share of the outputs that are exactly 0.
        dead: share of units that pass on no gradient, whatever the sample; None without an
            activation.
        saturated: share of outputs where the activation is flat; None without one with bounds.
        trouble: ``"dead"`` or ``"saturated"`` where that is true of many; else empty.
        alarming: whether there is trouble, or gradients are far from those of the last layer.
    """

    name: str
    outputs: Histogram
    gradients: Histogram
    std: float
    rms: float
    zeros: float
    dead: float | None = None
    saturated: float | None = None
    trouble: str = ""
    alarming: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """Activations and gradients through all layers at one moment.

    Attributes:
        layers: in forward order.
        first: name of the first layer.
        last: name of the last one before the output.
        ratio: the gradients' root mean square at the first over that at the last.
        limits: between which ratios are healthy.
        troubles: such as ``vanishing`` or ``dead: 0, 2``; none if all is healthy.
    """

    layers: tuple[LayerStatistics, ...]
    first: str
    last: str
    ratio: float
    limits: tuple[float, float]
    troubles: tuple[str, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing is wrong."""
        return not self.troubles


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """The verdict on the gradients of a model.

    Attributes:
        passed: whether every derivative was confirmed.
        verdict: ``correct``, ``wrong`` or ``undecided``.
        parameters: how many parameters the check covered.
        derivatives: how many numerical derivatives were compared with gradients.
        largest_relative_error: the largest difference found, as a part of the largest
            derivative for the same array of parameters.
        samples: how many samples the loss was computed of.
        complaints: one line for each derivative that was not confirmed.
    """

    passed: bool
    verdict: str
    parameters: int
    derivatives: int
    largest_relative_error: float
    samples: int
    complaints: tuple[str, ...]
