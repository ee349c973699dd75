"""A model on trial: copies of it, a batch, and what it gives for that."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any

import numpy as np

import autodiff as ad
from nn.checks.known_losses import Known, known
from nn.checks.sampling import Sample, rows
from nn.module.base import Module
from nn.training.batches import called, only_arrays
from nn.training.step_parts import as_total

__all__ = ["Trial", "leaves_of", "shake"]

Array = np.ndarray[Any, Any]
FEW = 32
"""So many samples are in the batch that goes through the model."""
AWAY = 1e-3
"""Seconds of one sample's way through a model, above which the batch is smaller."""


def leaves_of(outputs: Any) -> list[Any]:
    """The tensors in what a model gave."""
    return [leaf for leaf in ad.tree.leaves(outputs) if isinstance(leaf, ad.Tensor)]


def shake(model: Module, seed: int) -> None:
    """Move all parameters of a copy by chance."""
    rng = np.random.default_rng(seed)
    for p in model.parameters():
        if p.dtype.kind == "f":
            p.data = p.data + rng.normal(0, 0.2, p.shape).astype(p.dtype)


class Trial:
    """What checks are given.

    Args:
        model: the user's, which checks only read.
        loss: likewise.
        optimizer: likewise, or None.
        data: some of the data.
        step: the user's own training step, or None.
        frozen: parts of the model that are not trained.

    Attributes:
        frozen: their names in the model.
        inputs: of a small batch.
        targets: of it.
        size: how many samples it has.
        outputs: what the model gives for it in evaluation mode: the first array in that.
        single: whether outputs and targets are one array each.
        known: which loss it is, found out by its values.
        value: the loss of that batch, None if it raised.
        error: what the model or loss raised.
        failed: which of them: ``model``, ``loss`` or nothing.
    """

    def __init__(
        self,
        model: Module,
        loss: Callable[[Any, Any], Any],
        optimizer: Any,
        data: Sample,
        step: Callable[..., Any] | None,
        frozen: tuple[Module, ...] = (),
    ) -> None:
        self.model = model
        self.loss = loss
        self.optimizer = optimizer
        self.data = data
        self.step = step
        self.frozen: set[str] = {
            name for name, part in model.named_modules() if any(part is one for one in frozen)
        }
        self.plain: bool = only_arrays((data.inputs, data.targets))
        self.size: int = min(FEW, data.size) if self.plain else data.size
        self.inputs: Any = None
        self.targets: Any = None
        self._cut(self.size)
        self.outputs: Array | None = None
        self.tail: Any = None
        self.single: bool = False
        self.value: float | None = None
        self.known: Known | None = None
        self.error: Exception | None = None
        self.failed: str = ""
        self.seconds: float = 0.0
        self._first()

    def _cut(self, size: int) -> None:
        self.size = size
        part: Any = (self.data.inputs, self.data.targets)
        self.inputs, self.targets = rows(part, slice(0, size)) if self.plain else part

    def twin(self) -> tuple[Module, Any]:
        """A copy of model and loss, which belong together."""
        return copy.deepcopy((self.model, self.loss))

    def train(self, twin: Module) -> None:
        """Switch a copy of the model to training, as `fit` does: what is frozen stays in use."""
        twin.train()
        for name in self.frozen:
            twin.get_submodule(name).eval()

    def stepping(self) -> tuple[Module, Any, Any]:
        """A copy of model, loss and optimizer."""
        return copy.deepcopy((self.model, self.loss, self.optimizer))

    def _first(self) -> None:
        model, loss = self.twin()
        model.eval()
        began = time.perf_counter()
        try:
            found = called(model, self.inputs)
            self.seconds = time.perf_counter() - began
            if self.plain and self.seconds > AWAY * self.size and self.size > 8:
                self._cut(8)
                found = called(model, self.inputs)
        except Exception as error:
            self.error, self.failed = error, "model"
            return
        tensors = leaves_of(found)
        if tensors:
            self.tail = tensors[0]
            self.outputs = np.asarray(tensors[0].numpy())
        self.single = isinstance(found, ad.Tensor) and isinstance(self.targets, np.ndarray)
        if self.single and self.outputs is not None:
            self.known = known(loss, self.outputs, self.targets)
        try:
            self.value = float(as_total(loss(found, self.targets))[0].item())
        except Exception as error:
            self.error, self.failed = error, "loss"

    def given(self, model: Module, inputs: Any) -> Array | None:
        """The first array of what a model gives, without a graph."""
        with ad.no_grad():
            tensors = leaves_of(called(model, inputs))
        return np.asarray(tensors[0].numpy()) if tensors else None

    def loss_of(self, model: Module, loss: Any, inputs: Any = None, targets: Any = None) -> Any:
        """The loss as a tensor."""
        outputs = called(model, self.inputs if inputs is None else inputs)
        return as_total(loss(outputs, self.targets if targets is None else targets))[0]

    @property
    def of_classes(self) -> bool:
        """Whether the loss is one for classes."""
        return self.known is not None and self.known.kind in ("cross entropy", "NLL")

    @property
    def of_answers(self) -> bool:
        """Whether the loss is one for yes or no."""
        return self.known is not None and self.known.kind in ("BCE", "BCE with logits")

    @property
    def of_numbers(self) -> bool:
        """Whether the loss is one for numbers."""
        return self.known is not None and self.known.kind in ("squared error", "absolute error")

    @property
    def labels(self) -> Array | None:
        """Class indices of all samples, if targets are such; yes or no likewise."""
        y = self.data.targets
        if not isinstance(y, np.ndarray) or y.dtype == object:
            return None
        if self.of_classes and y.dtype.kind in "iu":
            return y
        if self.of_answers and (y.ndim == 1 or y.shape[1:] == (1,)):
            return y.reshape(-1) if np.isin(y, (0, 1)).all() else None
        return None

    @property
    def table(self) -> Array | None:
        """The inputs of all samples as float columns, if they are a table of numbers."""
        x = self.data.inputs
        return x if isinstance(x, np.ndarray) and x.ndim == 2 and x.dtype.kind == "f" else None
