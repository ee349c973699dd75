"""All checks of a training before it begins, as one call."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from autodiff import Tensor
from nn.checks.finding import Finding
from nn.checks.result import CheckResult
from nn.checks.sampling import sample
from nn.checks.table import CHECKS, RUNS
from nn.checks.trial import Trial
from nn.module.base import Module
from nn.module.tree import float_type
from nn.training.batches import Data, Targets
from nn.training.freezing import Parts, as_parts, freezing
from nn.training.generators import found_generators
from nn.training.moments import Moment
from nn.training.untrained import check_parts

__all__ = ["check", "untouched"]

SECONDS = 5.0


class _Stateless:
    """Stands for an optimizer that is not stepped."""

    def step(self) -> None: ...

    def zero_grad(self) -> None: ...

    def state_dict(self) -> dict[str, Any]:
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None: ...


@contextmanager
def untouched(model: Module, *others: Any, stepped: Any = None) -> Iterator[None]:
    """A model's tensors, gradients, buffers and modes, and all generators, are put back at the end.

    Args:
        model: the model.
        *others: what may hold tensors or generators: a loss, data, functions.
        stepped: an optimizer whose state is put back, too.
    """
    tensors: list[Tensor] = [*model.parameters(), *model.buffers()]
    for other in others:
        if isinstance(other, Module):
            tensors += [*other.parameters(), *other.buffers()]
    found = found_generators(model=model, others=others, stepped=stepped)
    moment = Moment(tensors, _Stateless() if stepped is None else stepped, found)
    modes = [(module, module.training) for module in model.modules()]
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    finally:
        moment.restore()
        for module, mode in modes:
            module.training = mode


def check(
    model: Module,
    loss: Callable[[Any, Any], Any],
    data: Data,
    optimizer: Any = None,
    *,
    step: Callable[[Any, Any], Any] | None = None,
    targets: Targets = None,
    batch_size: int | None = 64,
    frozen: Parts = (),
) -> CheckResult:
    """Look for mistakes before training: in the data, the model, the loss and the optimizer.

    A few seconds at most: some thousand samples are looked at, and copies of the model are
    trained for a moment. The model, its gradients, buffers and modes, the optimizer, the loader
    and all random generators are afterwards as before.

    A finding is ``wrong`` where it cannot be meant so, and a ``warning`` where training may work
    but probably not as meant. What a check cannot judge it leaves: see ``skipped`` of the result.

    Args:
        model: the model, before its training.
        loss: a function or module of predictions and targets.
        data: as for `fit`: arrays (inputs, targets), samples, a dataset, a loader, batches.
        optimizer: if it is given, whether it holds the model's parameters, and what its learning
            rate does in ten steps, are looked at too.
        step: a training step of your own, a function of inputs and targets, if you do not train
            by `fit`: it is called twice, and what it did is undone. It is the only way to see a
            forgotten ``zero_grad``. Give the optimizer as well.
        targets: which part of a batch the targets are, as for `fit`.
        batch_size: samples in a batch, where the data do not give batches themselves.
        frozen: modules that are not to be trained, as for `fit`.

    Returns:
        The findings. Printed, they are a report; ``ok`` says whether nothing was found, and
        ``raise_if_wrong()`` raises if something was.

    Raises:
        TypeError: the model, loss or optimizer are none, or a step is given without optimizer.
        ValueError: there are no data.

    Example:
        >>> import nn
        >>> x, y = nn.data.make_blobs(300, rng=0)
        >>> model = nn.Sequential(nn.Linear(2, 16, rng=0), nn.ReLU(), nn.Linear(16, 3, rng=1))
        >>> found = check(model, nn.CrossEntropyLoss(), (x, y + 1))
        >>> found.ok, [one.name for one in found.problems][0]
        (False, 'label range')
        >>> print(found["label range"])
        wrong   label range: the labels are off by one: they go from 1 to 3
                expected: class indices from 0 to 2, as the model has 3 outputs
                to mend it: count from 0: targets - 1
    """
    check_parts(model, loss, _Stateless() if optimizer is None else optimizer)
    if step is not None and optimizer is None:
        raise TypeError(
            "check was given a step without the optimizer that it uses, whose state could not be "
            "put back; give optimizer="
        )
    began = time.perf_counter()
    findings: list[Finding] = []
    skipped: dict[str, str] = {}
    stuck = False
    stepped = None if step is None else optimizer
    parts = as_parts(frozen, model)
    with freezing(parts), untouched(model, loss, data, step, stepped=stepped):
        part = sample(data, targets, float_type(model), batch_size)
        trial = Trial(model, loss, optimizer, part, step, parts)
        for name, (running, function) in CHECKS.items():
            if running and (trial.failed or stuck):
                skipped[name] = "model and loss do not run"
                continue
            if time.perf_counter() - began > SECONDS - 1:
                skipped[name] = "there was no time left"
                continue
            try:
                found = function(trial)
            except Exception as error:
                skipped[name] = f"it raised {type(error).__name__}: {error}"
                continue
            if found is None:
                skipped[name] = "it has nothing to say of such a model, loss or data"
            else:
                findings.append(replace(found, name=name))
                stuck |= name == RUNS and found.verdict == "wrong"
    return CheckResult(tuple(findings), skipped, time.perf_counter() - began)
