"""One step of training: forward, loss, backward, update."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from autodiff import Tensor
from autodiff.errors import NonFiniteError
from nn.module.base import Module
from nn.module.tree import float_type
from nn.optim import Optimizer
from nn.training.batches import Targets, only_arrays, taken_apart
from nn.training.divisors import divisor_of, is_sum
from nn.training.generators import found_generators
from nn.training.moments import Moment
from nn.training.recorded import Recorded
from nn.training.step_parts import gradients, update, whole
from nn.training.untrained import check_parts

__all__ = ["Step", "StepResult"]

_ndarray = np.ndarray


class StepResult(NamedTuple):
    """What a step found.

    Attributes:
        loss: its value before the update.
        outputs: of the model, nested as it gave them; None if they were not asked for.
        targets: of the batch.
        parts: the parts of a loss that has several, by name.
        size: how many samples there were.
        weight: of this loss in a mean over batches.
        updated: whether the parameters were changed; with accumulation not by every batch.
    """

    loss: float
    outputs: Any
    targets: Any
    parts: dict[str, float]
    size: int
    weight: float
    updated: bool


class Step:
    """A training step: give it a batch, and the model has learnt from it.

    It is compiled (see `autodiff.compile`) where it can be. Where not, it runs as written, and
    `reason` says why. What a compiled step gives does not depend on when it was recorded.

    Args:
        model: the model. Inputs that are a tuple are its arguments, a dict its named ones.
        loss: a function of outputs and targets, a mean over samples. It gives a number, or a
            dict of parts by name: the entry ``loss`` is minimised, or else the sum of all.
        optimizer: over the model's parameters.
        compile: None to compile where it can be, True to raise where it cannot, False never to.
        accumulate: how many batches make one update. It is that of one large batch: every
            loss counts by its number of samples (by the weights of its targets, for the losses
            for classes).
        targets: which part of a batch the targets are: its key or index, or several of them;
            by default a batch is a pair (inputs, targets).
        outputs: whether the model's outputs are wanted.
        on_backward: called when the gradients are there and the update has not begun.

    Attributes:
        reason: why it is not compiled; empty if it is.
        where: gives what errors say of the place, for example " in epoch 2".

    Raises:
        TypeError: the model, loss or optimizer are none.
        ValueError: ``accumulate`` is no positive integer.

    Example:
        >>> import nn
        >>> model = nn.Linear(2, 1)
        >>> step = Step(model, nn.MSELoss(), nn.optim.SGD(model.parameters(), lr=0.01))
        >>> x = np.array([[1.0, 2.0], [3.0, 4.0]], np.float32)
        >>> first, *_, last = [step((x, x[:, :1])).loss for _ in range(5)]
        >>> bool(last < first), step.compiled, step.reason
        (True, True, '')
    """

    def __init__(
        self,
        model: Module,
        loss: Callable[[Any, Any], Any],
        optimizer: Optimizer,
        *,
        compile: bool | None = None,
        accumulate: int = 1,
        targets: Targets = None,
        outputs: bool = True,
        on_backward: Callable[[], Any] | None = None,
    ) -> None:
        check_parts(model, loss, optimizer)
        if isinstance(accumulate, bool) or not isinstance(accumulate, int | np.integer):
            raise ValueError(f"accumulate must be a whole number of batches, not {accumulate!r}")
        if accumulate < 1:
            raise ValueError(f"accumulate must be at least 1, and {accumulate} was given")
        self.model = model
        self.loss = loss
        self.optimizer = optimizer
        self.accumulate: int = int(accumulate)
        self.targets = targets
        self.outputs = outputs
        self.on_backward = on_backward
        self.where: Callable[[], str] = str
        self.reason: str = ""
        self._demanded = compile is True
        self._divisor = divisor_of(loss)
        self._adds_up = is_sum(loss)
        self._waiting, self._weight = 0, 0.0
        self._kind = float_type(model)
        self._held = _parameters(optimizer) or list(model.parameters())
        self._usual: tuple[Any, Any] = None, None
        self._generators: dict[str, np.random.Generator] = {}
        parts = (model, loss, optimizer, outputs)
        self._gradients = Recorded(gradients, *parts, moment=self._moment)
        self._whole = Recorded(whole, *parts, moment=self._moment)
        self._update = Recorded(update, optimizer, moment=self._moment)
        self._all = (self._gradients, self._whole, self._update)
        if compile is False:
            self.as_written("compile=False was given")
        elif not isinstance(optimizer, Optimizer):
            self.as_written(
                f"the optimizer, a {type(optimizer).__name__}, is not derived from "
                "nn.optim.Optimizer, so it is not known what it changes"
            )

    @property
    def compiled(self) -> bool:
        """Whether the step is compiled."""
        return not self.reason

    def as_written(self, reason: str) -> None:
        """Compile no more, for this reason."""
        self.reason = reason
        for one in self._all:
            one.refuse(reason)

    def _moment(self) -> Moment:
        tensors: list[Tensor] = [*self.model.parameters(), *self.model.buffers()]
        if isinstance(self.loss, Module):
            tensors += [*self.loss.parameters(), *self.loss.buffers()]
        known = {id(t) for t in tensors}
        tensors += [p for p in _parameters(self.optimizer) if id(p) not in known]
        if not self._generators:
            self._generators = found_generators(model=self.model, loss=self.loss)
        return Moment(tensors, self.optimizer, self._generators)

    def __call__(self, batch: Any) -> StepResult:
        """Learn from a batch.

        Args:
            batch: a pair (inputs, targets), or what ``targets`` takes apart.

        Raises:
            FloatingPointError: the loss is NaN or infinite; the parameters are as before.
            TracingError: the step cannot be compiled, and ``compile=True`` was given.
        """
        known = False
        if batch.__class__ is tuple and len(batch) == 2 and self.targets is None:
            inputs, targets = batch
            if inputs.__class__ is targets.__class__ is _ndarray:
                # What was taken apart before need not be looked at again.
                known = inputs.dtype is self._usual[0] and targets.dtype is self._usual[1]
        if known and inputs.ndim:
            size = len(inputs)
        else:
            inputs, targets, size = taken_apart(batch, self.targets, self._kind)
            if not self.reason and not (only_arrays(inputs) and only_arrays(targets)):
                self.as_written("a batch holds plain values of Python beside arrays")
            if inputs.__class__ is targets.__class__ is _ndarray:
                self._usual = inputs.dtype, targets.dtype
        weight = self._divisor(targets, size)
        if not self.reason and self.accumulate == 1 and self.on_backward is None:
            found, loss = self._at_once(inputs, targets)
            if self._whole.reason:
                self._share_reason()
            if found.__class__ is not tuple:
                return StepResult(loss, None, targets, {}, size, weight, True)
            return self._result(found, loss, targets, size, weight, True)
        fresh, scale = not self._waiting, None
        if self.accumulate > 1 and not self._adds_up:
            scale = np.asarray(weight, self._kind or np.float64)
        found = self._gradients(inputs, targets, scale, fresh)
        self._share_reason()
        result = self._result(found, _first(found).item(), targets, size, weight, False)
        self._waiting += 1
        self._weight += weight
        if self._waiting < self.accumulate:
            return result
        self.flush()
        return result._replace(updated=True)

    def _at_once(self, inputs: Any, targets: Any) -> tuple[Any, float]:
        """Forward to update in one, which ends before the update if the loss is not finite."""
        try:
            found = self._whole(inputs, targets)
        except NonFiniteError as error:
            if error.phase == "required":
                raise self._diverged(error) from None
            raise
        return found, _first(found).item()

    def flush(self) -> bool:
        """Update by what has been accumulated, if anything has.

        Returns:
            Whether there was something.
        """
        if not self._waiting:
            return False
        if self.accumulate > 1 and not self._adds_up and self._weight:
            for p in self._held:
                if p.grad is not None:
                    p.grad = np.divide(p.grad, np.asarray(self._weight, p.dtype))
        self._waiting, self._weight = 0, 0.0
        if self.on_backward is not None:
            self.on_backward()
        self._update()
        self._share_reason()
        return True

    def _share_reason(self) -> None:
        reason = next((one.reason for one in self._all if one.reason), "")
        if not reason:
            return
        failure = next((one.failure for one in self._all if one.failure is not None), None)
        if self._demanded and failure is not None:
            raise failure
        self.as_written(reason)

    def _result(
        self, found: Any, loss: float, targets: Any, size: int, weight: float, updated: bool
    ) -> StepResult:
        if not math.isfinite(loss):
            raise self._diverged(loss)
        if not isinstance(found, tuple):
            return StepResult(loss, None, targets, {}, size, weight, updated)
        _, parts, *outputs = found
        values = {name: float(part.item()) for name, part in parts.items()}
        return StepResult(
            loss, outputs[0] if outputs else None, targets, values, size, weight, updated
        )

    def _diverged(self, loss: Any) -> FloatingPointError:
        return FloatingPointError(
            f"the loss became {loss}{self.where()}; try a smaller learning rate, and look for NaN "
            "or huge numbers in the data"
        )

    def __repr__(self) -> str:
        how = "compiled" if self.compiled else f"as written: {self.reason}"
        return f"Step({type(self.model).__name__}, {type(self.optimizer).__name__}, {how})"


def _first(found: Any) -> Any:
    return found[0] if isinstance(found, tuple) else found


def _parameters(optimizer: Any) -> list[Tensor]:
    groups = getattr(optimizer, "param_groups", None)
    return [p for group in groups for p in group["params"]] if groups else []
