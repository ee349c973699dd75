"""A pass over data without training: figures, and predictions."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from autodiff import Tensor, no_grad
from nn.data import DataLoader
from nn.metrics import Metric
from nn.module.base import Module
from nn.module.tree import float_type
from nn.training.batches import (
    Data,
    Targets,
    as_loader,
    called,
    nested,
    taken_apart,
    took_first,
)
from nn.training.divisors import divisor_of
from nn.training.generators import found_generators, generator_states, restore_generators
from nn.training.named_metrics import Function, Metrics, named_metrics
from nn.training.step_parts import as_total
from nn.training.tallies import Tally, joined, plain

__all__ = ["Loss", "evaluate", "figures_over", "predict"]

Array = np.ndarray[Any, Any]
Loss = Callable[[Any, Any], Any]


@contextlib.contextmanager
def without_trace(model: Module, *more: Any) -> Iterator[None]:
    """A model in evaluation mode; afterwards its modes and all generators are as before."""
    modes = [(module, module.training) for module in model.modules()]
    generators = found_generators(model=model, more=more)
    states = generator_states(generators)
    model.eval()
    try:
        with no_grad():
            yield
    finally:
        for module, mode in modes:
            module.training = mode
        restore_generators(generators, states)


def _again(loader: Any) -> Any:
    """A loader that can be walked through while another walk through it is under way."""
    return copy.copy(loader) if isinstance(loader, DataLoader) else loader


def figures_over(
    model: Module,
    loader: Any,
    loss: Loss,
    metrics: Mapping[str, Metric | Function],
    targets: Targets = None,
    steps: int | None = None,
) -> dict[str, float]:
    """Loss and metrics over all batches, without training and without a trace."""
    kind, divisor, tally = float_type(model), divisor_of(loss), Tally(metrics)
    with without_trace(model, loader):
        for number, batch in enumerate(_again(loader)):
            if steps is not None and number >= steps:
                break
            inputs, wanted, size = taken_apart(batch, targets, kind)
            outputs = called(model, inputs)
            total, parts = as_total(loss(outputs, wanted))
            values = {name: float(part.item()) for name, part in parts.items()}
            tally.loss(float(total.item()), values, divisor(wanted, size))
            tally.outputs(outputs, wanted, size)
    if not tally.seen:
        raise ValueError("there are no batches to evaluate; give at least one whole batch")
    return tally.figures()


def predict(model: Module, x: Any, batch_size: int = 256) -> Any:
    """The model's outputs for all inputs, in evaluation mode and without gradients.

    It leaves no trace: modes and random generators are as before. The same batch size gives the
    same bits. Another one may change the last bits of a matrix product, whose sums NumPy's BLAS
    orders by its shape.

    Args:
        model: the model.
        x: inputs of shape (N, ...), a tuple of them for a model of several arguments, a dict
            for named ones; or a `DataLoader` or anything else that gives batches, of which the
            targets, if they are pairs, are left aside.
        batch_size: how many are computed at once.

    Returns:
        An array whose axis 0 has length N; nested as the outputs of the model are.

    Example:
        >>> import nn
        >>> predict(nn.Linear(2, 3), np.zeros((5, 2))).shape
        (5, 3)
    """
    kind = float_type(model)
    loader: Any = x
    if isinstance(x, tuple | Mapping):
        loader = nested((x,), batch_size, False, None)
    elif isinstance(x, list | Tensor) or hasattr(x, "__array__"):
        loader = DataLoader((x.data if isinstance(x, Tensor) else x,), batch_size)
    elif hasattr(x, "__getitem__"):
        loader = DataLoader(x, batch_size)
    else:
        loader = as_loader(x, batch_size, False, None)
    found = []
    with without_trace(model, loader):
        for batch in _again(loader):
            inputs = took_first(batch, kind).inputs
            found.append(plain(called(model, inputs)))
    if not found:
        raise ValueError("there are no batches to predict; give at least one input")
    return joined(found)


def evaluate(
    model: Module,
    loss: Loss,
    data: Data,
    *,
    metrics: Metrics = None,
    batch_size: int | None = 256,
    targets: Targets = None,
    steps: int | None = None,
) -> dict[str, float]:
    """Loss and metrics over data, in evaluation mode and without gradients.

    It leaves no trace: modes and random generators are as before. Only sums are kept, so the
    data may be larger than the memory; functions as metrics need all outputs at once.

    Args:
        model: the model.
        loss: a mean over samples.
        data: a pair (inputs, targets), a list of samples, a dataset, a `DataLoader`, or
            anything that gives batches.
        metrics: as for `fit`.
        batch_size: how many samples are computed at once.
        targets: as for `fit`.
        steps: after how many batches to end.

    Returns:
        ``{"loss": ..., metric: ...}``.
    """
    loader = as_loader(data, batch_size, False, None)
    return figures_over(model, loader, loss, named_metrics(metrics, loss), targets, steps)
