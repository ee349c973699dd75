"""The metrics of a fit, by name, and what its loss says of the model's scores."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nn.functional.binary import binary_cross_entropy_with_logits
from nn.functional.class_margins import multilabel_soft_margin_loss
from nn.functional.likelihoods import binary_cross_entropy
from nn.functional.margins import soft_margin_loss
from nn.losses.binary import BCEWithLogitsLoss
from nn.metrics import classification as known

__all__ = ["Metric", "Metrics", "named_metrics", "try_out"]

Array = np.ndarray[Any, Any]
Metric = Callable[[Array, Array], float]
Metrics = Mapping[str, Metric] | Sequence[str | Metric] | None

# The score above which the model of such a loss says yes.
_THRESHOLDS: Mapping[Any, float] = {
    binary_cross_entropy: 0.5,
    binary_cross_entropy_with_logits: 0.0,
    soft_margin_loss: 0.0,
    multilabel_soft_margin_loss: 0.0,
}
# With these every output is a question of its own; with the others several may be classes.
_SEVERAL = (multilabel_soft_margin_loss,)


def named_metrics(metrics: Metrics, loss: Any) -> dict[str, Metric]:
    """Functions by name, from names, functions, or a dict that is taken as it is.

    Args:
        metrics: as given to `nn.fit`.
        loss: the loss. With one of those for yes-or-no questions, ``"accuracy"`` of a single
            score per sample has the threshold that belongs to it.

    Raises:
        ValueError: a name is unknown.
    """
    if metrics is None:
        return {}
    if isinstance(metrics, Mapping):
        return dict(metrics)
    named: dict[str, Metric] = {}
    for metric in [metrics] if isinstance(metrics, str) or callable(metrics) else metrics:
        if not isinstance(metric, str):
            named[getattr(metric, "__name__", type(metric).__name__)] = metric
        elif metric == "accuracy":
            named[metric] = _accuracy(*_threshold(loss))
        elif metric == "top_k_accuracy":
            named[metric] = known.top_k_accuracy
        else:
            raise ValueError(
                f"unknown metric {metric!r}; give 'accuracy', 'top_k_accuracy', or a function of "
                "predictions and targets"
            )
    return named


def try_out(metrics: Mapping[str, Metric], predictions: Array, targets: Array) -> None:
    """Let the metrics of this library, which say what they need, do so before an epoch is over.

    Those of the user may not bear a single batch.
    """
    for metric in metrics.values():
        if getattr(metric, "__module__", None) in (__name__, known.__name__):
            metric(predictions, targets)


def _threshold(loss: Any) -> tuple[float | None, bool]:
    """The score above which an output means yes, and whether each of several does."""
    while isinstance(loss, functools.partial):
        loss = loss.func
    if isinstance(loss, BCEWithLogitsLoss):
        return 0.0, False
    try:
        # That of nn.functional is the same under more names of its parameters.
        plain = inspect.unwrap(loss) if callable(loss) else loss
        return _THRESHOLDS.get(plain), plain in _SEVERAL
    except TypeError:
        # What has no hash is a callable of the user's own.
        return None, False


def _accuracy(threshold: float | None, several: bool) -> Metric:
    def accuracy(predictions: Array, targets: Array) -> float:
        alone = several or predictions.ndim == 1 or predictions.shape[1:] == (1,)
        return known.accuracy(predictions, targets, threshold=threshold if alone else None)

    return accuracy
