"""Models whose parameters are the mean of where another model's have been."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

import autodiff as ad
from autodiff import Tensor, no_grad
from autodiff.extending import raw
from nn.module.base import Module
from nn.module.checks import function
from nn.module.parameter import Buffer
from nn.names.missing import missing
from nn.optim.lr_scheduler.ramps import SWALR as SWALR

__all__ = [
    "AveragedModel",
    "get_ema_avg_fn",
    "get_ema_multi_avg_fn",
    "get_swa_avg_fn",
    "get_swa_multi_avg_fn",
    "update_bn",
]

Average = Callable[[Any, Any, Any], Any]
Averages = Callable[[Any, Any, Any], None]


def get_ema_avg_fn(decay: float = 0.999) -> Average:
    """The exponential mean, decay · mean + (1 − decay) · new, as a function for `AveragedModel`.

    Args:
        decay: from 0 to 1.

    Raises:
        ValueError: decay is not.

    Example:
        >>> get_ema_avg_fn(0.75)(1.0, 2.0, 5)
        1.25
    """
    if not 0.0 <= decay <= 1.0:
        raise ValueError(f"decay must be from 0 to 1, and {decay} was given")
    return lambda mean, new, count: decay * mean + (1 - decay) * new


def get_swa_avg_fn() -> Average:
    """The plain mean, mean + (new − mean) / (count + 1), as a function for `AveragedModel`.

    Example:
        >>> get_swa_avg_fn()(1.0, 2.0, 3)
        1.25
    """
    return lambda mean, new, count: mean + (new - mean) / (count + 1)


def get_ema_multi_avg_fn(decay: float = 0.999) -> Averages:
    """`get_ema_avg_fn` of lists, whose means it changes in place.

    Args:
        decay: from 0 to 1.

    Raises:
        ValueError: decay is not.

    Example:
        >>> mean = ad.Tensor(1.0)
        >>> get_ema_multi_avg_fn(0.75)([mean], [ad.Tensor(2.0)], 5)
        >>> mean.item()
        1.25
    """
    return _of_lists(get_ema_avg_fn(decay))


def get_swa_multi_avg_fn() -> Averages:
    """`get_swa_avg_fn` of lists, whose means it changes in place.

    Example:
        >>> mean = ad.Tensor(1.0)
        >>> get_swa_multi_avg_fn()([mean], [ad.Tensor(2.0)], 3)
        >>> mean.item()
        1.25
    """
    return _of_lists(get_swa_avg_fn())


def _of_lists(average: Average) -> Averages:
    def averages(means: Any, new: Any, count: Any) -> None:
        for mean, now in zip(means, new, strict=True):
            mean.data = raw(average(mean.detach(), now.detach(), count))

    return averages


class AveragedModel(Module):
    """A copy of a model whose parameters are a mean of those that the model had.

    Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better
    Generalization", 2018; with `get_ema_avg_fn` Polyak's mean that forgets.

    Args:
        model: the model, which is copied.
        avg_fn: gives the new mean from the mean so far, the model's parameter and the number of
            models in the mean; the plain mean if not given.
        multi_avg_fn: instead, changes a list of means, tensors, by the list of the model's
            parameters and the number.
        use_buffers: average floating buffers, too, instead of taking the model's.

    Attributes:
        module: the copy.
        n_averaged: buffer of shape (), the number of models in the mean.

    Raises:
        TypeError: what is no model or no function was given as one.
        ValueError: two functions were given.

    Example:
        >>> import nn
        >>> model = nn.Linear(1, 1)
        >>> mean = AveragedModel(model)
        >>> for value in (1.0, 2.0, 6.0):
        ...     model.weight.data = [[value]]
        ...     mean.update_parameters(model)
        >>> mean.module.weight.tolist(), mean.n_averaged.item()
        ([[3.0]], 3)
    """

    def __init__(
        self,
        model: Module,
        avg_fn: Average | None = None,
        multi_avg_fn: Averages | None = None,
        use_buffers: bool = False,
    ) -> None:
        super().__init__()
        if not isinstance(model, Module):
            raise TypeError(f"AveragedModel takes a module, not a {type(model).__name__}")
        for name, given in (("avg_fn", avg_fn), ("multi_avg_fn", multi_avg_fn)):
            if given is not None:
                function("AveragedModel", name, given)
        if avg_fn is not None and multi_avg_fn is not None:
            raise ValueError("AveragedModel takes avg_fn or multi_avg_fn, not both")
        self.module: Module = copy.deepcopy(model)
        self.n_averaged: Buffer = Buffer(np.zeros((), np.int64))
        self.avg_fn: Average | None = avg_fn
        self.multi_avg_fn: Averages | None = multi_avg_fn
        self.use_buffers: bool = use_buffers

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the copy gives."""
        return self.module(*args, **kwargs)

    def update_parameters(self, model: Module) -> None:
        """Take the model's parameters as they are into the mean; the first are copied.

        Args:
            model: the one that is trained. It may be called in a compiled step.

        Raises:
            ValueError: its parameters are not those of the model that was copied.
        """
        pairs = _pairs(self.module.named_parameters(), model.named_parameters())
        buffers = _pairs(self.module.named_buffers(), model.named_buffers())
        averaged = list(pairs)
        for mean, new in buffers:
            if self.use_buffers and mean.dtype.kind == "f":
                averaged.append((mean, new))
            else:
                mean.data = np.positive(raw(new))
        with no_grad():
            count = Tensor.detach(self.n_averaged)
            seen = {mean.dtype: count.astype(mean.dtype) for mean, _ in averaged}
            means = [Tensor(np.positive(raw(mean))) for mean, _ in averaged]
            now = [new.detach() for _, new in averaged]
            if self.multi_avg_fn is not None:
                self.multi_avg_fn(means, now, count)
            else:
                average = self.avg_fn or get_swa_avg_fn()
                means = [
                    average(mean, new, seen[mean.dtype])
                    for mean, new in zip(means, now, strict=True)
                ]
            for (mean, _), both, new in zip(averaged, means, now, strict=True):
                mean.data = raw(ad.where(count > 0, both, new).astype(mean.dtype))
            self.n_averaged.data = np.add(raw(self.n_averaged), 1)


def _pairs(ours: Iterable[Any], theirs: Iterable[Any]) -> list[tuple[Tensor, Tensor]]:
    mean, new = dict(ours), dict(theirs)
    if {k: t.shape for k, t in mean.items()} != {k: t.shape for k, t in new.items()}:
        raise ValueError(
            "the mean is of a model of another structure: it has "
            f"{', '.join(mean)}, and the model given has {', '.join(new)}, or shapes differ"
        )
    return [(mean[name], new[name]) for name in mean]


def update_bn(loader: Iterable[Any], model: Module) -> None:
    """Let a model's batch norms find their running figures anew, by one pass over data.

    Args:
        loader: batches; of tuples and lists the first element is the input.
        model: whose batch norms begin anew, with plain means over all batches.

    Example:
        >>> import numpy as np
        >>> import nn
        >>> model = nn.BatchNorm1d(1)
        >>> update_bn([np.array([[1.0], [3.0]]), np.array([[5.0], [7.0]])], model)
        >>> model.running_mean.tolist()
        [4.0]
    """
    norms: list[Any] = [
        m for m in model.modules() if isinstance(getattr(m, "running_mean", None), Tensor)
    ]
    if not norms:
        return
    before, training = [m.momentum for m in norms], model.training
    for m in norms:
        m.running_mean.data = np.zeros(m.running_mean.shape, m.running_mean.dtype)
        m.running_var.data = np.ones(m.running_var.shape, m.running_var.dtype)
        m.num_batches_tracked.data = np.zeros((), m.num_batches_tracked.dtype)
        m.momentum = None
    model.train()
    try:
        with no_grad():
            for batch in loader:
                model(batch[0] if isinstance(batch, list | tuple) else batch)
    finally:
        for m, momentum in zip(norms, before, strict=True):
            m.momentum = momentum
        model.train(training)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        raise missing(__name__, name)
