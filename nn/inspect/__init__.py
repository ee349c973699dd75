"""Looking into a model: what goes through it, over its inputs and over its parameters.

A model, a loss and a batch come in, and stay as they are; plain data go out (`data`, `views`): no
tensors, no text for readers, no drawings. `nn.report` puts them on a page; what draws finds them
through `Module.inspected`.
It may import `nn.module`, `nn.layers` and `nn.io`.
"""

from nn.inspect.copies import without_chance
from nn.inspect.data import Flow, GradientCheck, Histogram, LayerStatistics
from nn.inspect.flow import measure
from nn.inspect.gradients import check_gradients
from nn.inspect.inputs import boundary, saliency
from nn.inspect.parameters import filters, surface
from nn.inspect.summary import Summary, SummaryRow, summary
from nn.inspect.views import Boundary, Filters, Saliency, Surface

__all__ = [
    "Boundary",
    "Filters",
    "Flow",
    "GradientCheck",
    "Histogram",
    "LayerStatistics",
    "Saliency",
    "Summary",
    "SummaryRow",
    "Surface",
    "boundary",
    "check_gradients",
    "filters",
    "measure",
    "saliency",
    "summary",
    "surface",
    "without_chance",
]


def __dir__() -> list[str]:
    return sorted(__all__)
