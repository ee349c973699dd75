"""What training and evaluation share: batches, metrics, and a pass without training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autodiff import Tensor, no_grad
from nn.data import DataLoader
from nn.metrics.labels import as_array
from nn.module.base import Module
from nn.module.inputs import as_node
from nn.training.named_metrics import Metric, Metrics, named_metrics

__all__ = [
    "Data",
    "Loss",
    "as_input",
    "as_loader",
    "as_pair",
    "evaluate",
    "float_type",
    "predict",
    "without_training",
]

Array = np.ndarray[Any, Any]
Data = Any
"""Whatever a `DataLoader` takes, or one."""
Loss = Callable[[Any, Any], Tensor]


def as_loader(data: Data, batch_size: int, shuffle: bool, rng: Any) -> DataLoader:
    """A loader as it is, or one over a pair of arrays."""
    if isinstance(data, DataLoader):
        return data
    if isinstance(data, list) and not all(isinstance(item, tuple) for item in data):
        # Lists of two are pairs too; of tuples they are samples.
        data = tuple(data)
    if isinstance(data, tuple) and len(data) != 2:
        raise ValueError(
            f"data must be a pair (inputs, targets), a list of such samples or a DataLoader, and "
            f"{len(data)} arrays were given"
        )
    return DataLoader(data, batch_size, shuffle, rng=rng)


def as_pair(batch: Any) -> tuple[Any, Any]:
    """The inputs and targets of a batch.

    Raises:
        TypeError: it has no two parts.
    """
    if isinstance(batch, tuple | list) and len(batch) == 2:
        return batch[0], batch[1]
    parts = f" of {len(batch)}" if isinstance(batch, tuple | list | Mapping) else ""
    raise TypeError(
        f"a batch is a pair (inputs, targets), and the loader gave a {type(batch).__name__}"
        f"{parts}; let the dataset give samples (x, y)"
    )


def float_type(model: Module) -> np.dtype[Any] | None:
    """The type of the model's parameters, which float inputs are brought to."""
    return next((p.dtype for p in model.parameters() if p.dtype.kind == "f"), None)


def as_input(x: Any, kind: np.dtype[Any] | None) -> Tensor:
    """A batch as a tensor."""
    if kind is not None and isinstance(x, np.ndarray) and x.dtype.kind == "f":
        x = x.astype(kind, copy=False)
    batch = as_node(x)
    if batch.name is None:
        batch.name = "x"
    return batch


def without_training(
    model: Module, loader: DataLoader, loss: Loss | None, metrics: Mapping[str, Metric]
) -> tuple[dict[str, float], Array]:
    """Figures and predictions over all batches, without training."""
    was_training, kind = model.training, float_type(model)
    model.eval()
    total, seen = 0.0, 0
    outputs: list[Array] = []
    targets: list[Array] = []
    try:
        with no_grad():
            for batch in loader:
                x, y = (batch[0], None) if loss is None else as_pair(batch)
                prediction = model(as_input(x, kind))
                outputs.append(np.array(prediction.data))
                if loss is not None:
                    total += float(loss(prediction, y).item()) * len(x)
                    targets.append(as_array(y))
                    seen += len(x)
    finally:
        model.train(was_training)
    if not outputs:
        raise ValueError("there are no batches to evaluate; give at least one whole batch")
    joined = np.concatenate(outputs)
    if loss is None:
        return {}, joined
    figures = {"loss": total / seen}
    wanted = np.concatenate(targets)
    figures.update({name: float(metric(joined, wanted)) for name, metric in metrics.items()})
    return figures, joined


def _inputs(x: Any) -> Any:
    return x.data if isinstance(x, Tensor) else x


def predict(model: Module, x: Any, batch_size: int = 256) -> Array:
    """The model's outputs for all inputs, in evaluation mode and without gradients.

    Args:
        model: the model; its training mode is as before afterwards.
        x: inputs of shape (N, ...).
        batch_size: how many are computed at once.

    Returns:
        An array whose axis 0 has length N.

    Example:
        >>> import nn
        >>> predict(nn.Linear(2, 3), np.zeros((5, 2))).shape
        (5, 3)
    """
    return without_training(model, DataLoader((_inputs(x),), batch_size), None, {})[1]


def evaluate(
    model: Module, loss: Loss, data: Data, *, metrics: Metrics = None, batch_size: int = 256
) -> dict[str, float]:
    """Loss and metrics over data, in evaluation mode and without gradients.

    Args:
        model: the model; its training mode is as before afterwards.
        loss: a mean over samples.
        data: a pair (inputs, targets), a list of samples, a dataset, or a `DataLoader`.
        metrics: as for `fit`.
        batch_size: how many samples are computed at once.

    Returns:
        ``{"loss": ..., metric: ...}``.
    """
    return without_training(
        model, as_loader(data, batch_size, False, None), loss, named_metrics(metrics, loss)
    )[0]
