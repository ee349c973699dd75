"""What estimators minimise: losses by name, and means of them by the weights of samples."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import autodiff as ad
from nn.functional.binary import binary_cross_entropy_with_logits
from nn.functional.classification import cross_entropy
from nn.functional.regression import l1_loss, mse_loss
from nn.functional.robust import huber_loss

__all__ = ["CLASSIFICATION", "MULTILABEL", "REGRESSION", "loss_function", "objective"]

Loss = Callable[..., Any]

CLASSIFICATION: dict[str, Loss] = {"cross_entropy": cross_entropy}
REGRESSION: dict[str, Loss] = {
    "squared_error": mse_loss,
    "absolute_error": l1_loss,
    "huber": huber_loss,
}
MULTILABEL: Loss = binary_cross_entropy_with_logits


def loss_function(given: Any, named: Mapping[str, Loss]) -> Loss:
    """A loss by its name, or the one that was given.

    Raises:
        ValueError: there is none of that name.
        TypeError: it is no function.
    """
    if isinstance(given, str):
        if given not in named:
            raise ValueError(f"loss must be a function or one of {sorted(named)}, not {given!r}")
        return named[given]
    if not callable(given):
        raise TypeError(
            f"loss must be a function of outputs and targets, or one of {sorted(named)}, not "
            f"{given!r}"
        )
    found: Loss = given
    return found


def objective(loss: Loss, settings: Mapping[str, Any], weighted: bool) -> Loss:
    """The loss as a fit takes it: a mean over samples.

    Args:
        loss: a function of outputs and targets.
        settings: its further arguments.
        weighted: whether targets come with the weights of samples, ``(targets, weight)``. Then it
            is the mean over the batch of w_i L_i; weights should be 1 on average.

    Raises:
        TypeError: samples have weights, and the loss has no argument ``reduction``.
    """
    whole = functools.partial(loss, **settings) if settings else loss
    if not weighted:
        return whole
    try:
        known = set(inspect.signature(loss).parameters)
    except (TypeError, ValueError):
        known = set()
    if "reduction" not in known:
        raise TypeError(
            f"samples or classes have weights, and the loss {loss!r} gives a mean over all "
            "samples; let it take reduction='none' and give a loss for each, as the functions of "
            "nn.functional do"
        )
    return functools.partial(_weighted, functools.partial(loss, **settings, reduction="none"))


def _weighted(each: Loss, outputs: Any, targets: Any) -> Any:
    wanted, weight = targets
    losses = each(outputs, wanted)
    if losses.ndim > 1:
        losses = ad.mean(losses, axis=tuple(range(1, losses.ndim)))
    return ad.mean(losses * weight)
