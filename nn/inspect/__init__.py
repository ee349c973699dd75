"""Looking into a model: what goes through its layers, and whether its gradients are right.

A model, a loss and a batch come in, and stay as they are; plain data go out (`data`): no
tensors, no text for readers, no drawings. `nn.report` puts them on a page.
It may import `nn.module` and `nn.layers`.
"""

from nn.inspect.copies import without_chance
from nn.inspect.data import Flow, GradientCheck, Histogram, LayerStatistics
from nn.inspect.flow import measure
from nn.inspect.gradients import check_gradients

__all__ = [
    "Flow",
    "GradientCheck",
    "Histogram",
    "LayerStatistics",
    "check_gradients",
    "measure",
    "without_chance",
]
