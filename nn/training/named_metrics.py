"""The metrics of a fit, by name, and what its loss says of the model's scores."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from nn import metrics as known
from nn.functional.binary import binary_cross_entropy_with_logits
from nn.functional.class_margins import multilabel_soft_margin_loss
from nn.functional.classification import cross_entropy, nll_loss
from nn.functional.likelihoods import binary_cross_entropy
from nn.functional.margins import soft_margin_loss
from nn.losses.base import Loss
from nn.metrics import Metric

__all__ = ["Function", "Metrics", "named_metrics", "plain_loss"]

Array = np.ndarray[Any, Any]
Function = Callable[[Any, Any], Any]
Metrics = Mapping[str, Metric | Function] | Sequence[str | Metric | Function] | None

# The score above which the model of such a loss says yes.
_THRESHOLDS: Mapping[Any, float] = {
    binary_cross_entropy: 0.5,
    binary_cross_entropy_with_logits: 0.0,
    soft_margin_loss: 0.0,
    multilabel_soft_margin_loss: 0.0,
}
# With these every output is a question of its own; with the others several may be classes.
_SEVERAL = (multilabel_soft_margin_loss,)
# What the outputs are of a model with such a loss.
_GIVEN: Mapping[Any, str] = {
    cross_entropy: "logits",
    nll_loss: "log_probabilities",
    binary_cross_entropy: "probabilities",
    binary_cross_entropy_with_logits: "logits",
}

_BY_NAME: dict[str, type[Metric]] = {
    kind.name: kind
    for kind in (
        known.Accuracy,
        known.TopKAccuracy,
        known.Precision,
        known.Recall,
        known.F1Score,
        known.AUROC,
        known.AveragePrecision,
        known.R2Score,
        known.MeanAbsoluteError,
        known.MeanSquaredError,
        known.RootMeanSquaredError,
        known.LogLoss,
        known.Perplexity,
        known.BrierScore,
        known.CalibrationError,
    )
}
_FUNCTIONS: dict[Any, type[Metric]] = {
    getattr(known, name): kind for name, kind in _BY_NAME.items()
}


def named_metrics(metrics: Metrics, loss: Any) -> dict[str, Metric | Function]:
    """Metrics by name, from names, metrics, functions, or a dict of these.

    Args:
        metrics: as given to `nn.fit`.
        loss: the loss, which tells what the model's outputs mean, for metrics by name.

    Raises:
        TypeError: something is no metric.
        ValueError: a name is unknown, or a metric gives more than one number.
    """
    if metrics is None:
        return {}
    if isinstance(metrics, Mapping):
        return {name: _one(metric, loss) for name, metric in metrics.items()}
    alone = isinstance(metrics, str | Metric) or callable(metrics)
    named: dict[str, Metric | Function] = {}
    for metric in [metrics] if alone else metrics:
        name = metric if isinstance(metric, str) else _name(metric)
        if name in named:
            raise ValueError(f"two metrics have the name {name!r}; give a dict of metrics by name")
        named[name] = _one(metric, loss)
    return named


def _name(metric: Any) -> str:
    if isinstance(metric, Metric) and metric.name:
        return metric.name
    if isinstance(metric, functools.partial):
        return _name(metric.func)
    return str(getattr(metric, "__name__", type(metric).__name__))


def _one(metric: Any, loss: Any) -> Metric | Function:
    if isinstance(metric, str):
        return _by_name(metric, loss)
    if isinstance(metric, type) and issubclass(metric, Metric):
        raise TypeError(f"give a metric, not its class: {metric.__name__}()")
    if not callable(metric):
        raise TypeError(
            f"{metric!r} is no metric; give names such as 'accuracy', metrics of nn.metrics, or "
            "functions of predictions and targets"
        )
    settings: dict[str, Any] = {}
    function = metric
    while isinstance(function, functools.partial) and not function.args:
        settings = {**function.keywords, **settings}
        function = function.func
    try:
        kind = _FUNCTIONS.get(function)
    except TypeError:
        # What has no hash is a callable of the user's own.
        kind = None
    # A function of this library is the same as its streaming form, which keeps only sums.
    found = metric if kind is None else kind(**settings)
    several = isinstance(found, known.ConfusionMatrix)
    if several or (isinstance(found, Metric) and vars(found).get("average", "") is None):
        raise ValueError(
            f"{found!r} gives more than one number, and a figure of a fit is one; give average=, "
            "or measure it after the fit"
        )
    return found


def _by_name(name: str, loss: Any) -> Metric:
    if name not in _BY_NAME:
        raise ValueError(
            f"unknown metric {name!r}; give {', '.join(map(repr, _BY_NAME))}, a metric of "
            "nn.metrics, or a function of predictions and targets"
        )
    kind, plain = _BY_NAME[name], plain_loss(loss)
    taken = inspect.signature(kind).parameters
    settings: dict[str, Any] = {}
    if "ignore_index" in taken and plain in (cross_entropy, nll_loss):
        settings["ignore_index"] = _ignored(loss)
    if "given" in taken:
        if plain not in _GIVEN:
            raise ValueError(
                f"{name} needs to know what the model gives, which this loss does not say; give "
                f"nn.metrics.{kind.__name__}(given='logits'), 'log_probabilities' or "
                "'probabilities'"
            )
        settings["given"] = _GIVEN[plain]
    if "threshold" in taken:
        return _Thresholded(kind, _THRESHOLDS.get(plain), plain in _SEVERAL, settings)
    return kind(**settings)


class _Thresholded(Metric):
    """A metric that takes one score per sample by the threshold of the loss."""

    def __init__(
        self,
        kind: type[Metric],
        threshold: float | None,
        several: bool,
        settings: Mapping[str, Any],
    ) -> None:
        self._kind = kind
        self._threshold = threshold
        self._several = several
        self._settings = dict(settings)

    def measure(self, predictions: Any, targets: Any) -> dict[str, Array]:
        shape = np.shape(predictions)
        alone = self._several or len(shape) == 1 or shape[1:] == (1,)
        sums = self._metric(alone).measure(predictions, targets)
        return {**sums, "alone": np.asarray(alone, np.int64)}

    def figure(self, sums: dict[str, Array]) -> Any:
        alone = bool(sums["alone"])
        return self._metric(alone).figure({k: v for k, v in sums.items() if k != "alone"})

    def _metric(self, alone: bool) -> Any:
        threshold = self._threshold if alone else None
        made: Any = self._kind
        return made(threshold=threshold, **self._settings)


def plain_loss(loss: Any) -> Any:
    """The function behind a loss: of modules and under other names of its parameters."""
    while isinstance(loss, functools.partial):
        loss = loss.func
    if isinstance(loss, Loss):
        loss = _OF_MODULES.get(type(loss).__name__)
    try:
        # That of nn.functional is the same under more names of its parameters.
        plain = inspect.unwrap(loss) if callable(loss) else None
        hash(plain)
    except (TypeError, ValueError):
        return None
    return plain


_OF_MODULES: dict[str, Any] = {
    "CrossEntropyLoss": cross_entropy,
    "NLLLoss": nll_loss,
    "BCELoss": binary_cross_entropy,
    "BCEWithLogitsLoss": binary_cross_entropy_with_logits,
    "SoftMarginLoss": soft_margin_loss,
    "MultiLabelSoftMarginLoss": multilabel_soft_margin_loss,
}


def _ignored(loss: Any) -> int:
    given = None
    while isinstance(loss, functools.partial):
        given = loss.keywords.get("ignore_index") if given is None else given
        loss = loss.func
    return int(getattr(loss, "ignore_index", -100) if given is None else given)
