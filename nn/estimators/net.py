"""What classifiers and regressions have in common: their settings, and fits."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autodiff import random as library
from nn.data import DataLoader
from nn.estimators.building import Recipe
from nn.estimators.mlp import TabularMLP
from nn.estimators.nested import optimizer_class
from nn.estimators.objectives import objective
from nn.estimators.pickling import Pickled
from nn.estimators.samples import Samples, set_aside
from nn.estimators.scikit import check_random_state
from nn.module.base import Module
from nn.training.early_stopping import EarlyStopping
from nn.training.evaluation import predict
from nn.training.fit import fit
from nn.training.history import History
from nn.training.settings import checked_count

__all__ = ["Net"]

Array = np.ndarray[Any, Any]

_LIBRARY = threading.RLock()


class Net(Pickled):
    """A network as an estimator: settings, and what a fit does whatever the targets are.

    Args:
        module: a function ``(n_features, n_outputs, rng, **settings)`` that makes the network.
        loss: the name of a loss, or a function of outputs and targets.
        optimizer: the name of a class in `nn.optim`, or a function of parameters and settings.
        lr: the learning rate; ``optimizer__lr`` goes before it.
        batch_size: how many samples make a step; if there are fewer, all of them.
        max_iter: after how many epochs a fit ends.
        tol: what counts as an improvement of the loss must be larger.
        n_iter_no_change: after how many epochs without one a fit ends; None for never.
        early_stopping: whether to watch the loss of samples that are set aside, and go back
            to the epoch in which it was smallest.
        validation_fraction: which share of the samples these are.
        warm_start: whether `fit` goes on from the last one.
        dtype: float type to compute in; None for that of the data, float64 if they are integers.
        random_state: a seed, a generator of NumPy's, or None to draw from its global one.
        verbose: whether to show a bar.
        **module__settings: settings of the module, and in the same way of optimizer and loss:
            ``module__hidden=64``, ``optimizer__weight_decay=1e-3``, ``loss__delta=2.0``.
    """

    module_: Module
    optimizer_: Any
    history_: History
    n_iter_: int
    n_features_in_: int
    _rng: np.random.Generator

    def __init__(
        self,
        module: Callable[..., Any] = TabularMLP,
        *,
        loss: Any,
        optimizer: Any = "Adam",
        lr: float = 0.005,
        batch_size: int = 128,
        max_iter: int = 200,
        tol: float = 1e-4,
        n_iter_no_change: int | None = 10,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        warm_start: bool = False,
        dtype: Any = None,
        random_state: Any = None,
        verbose: bool = False,
        **module__settings: Any,
    ) -> None:
        self.module = module
        self.loss = loss
        self.optimizer = optimizer
        self.lr = lr
        self.batch_size = batch_size
        self.max_iter = max_iter
        self.tol = tol
        self.n_iter_no_change = n_iter_no_change
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.warm_start = warm_start
        self.dtype = dtype
        self.random_state = random_state
        self.verbose = verbose
        self._take(module__settings)

    def _factory(self, part: str) -> Any:
        if part == "optimizer":
            return optimizer_class(self.optimizer)
        return self._loss() if part == "loss" else self.module

    def _loss(self) -> Callable[..., Any]:
        """The loss as a function."""
        raise NotImplementedError

    def _types(self) -> list[type[np.floating[Any]]]:
        """The float types that inputs may have; others become the first."""
        if self.dtype is None:
            return [np.float64, np.float32]
        kind = np.dtype(self.dtype)
        if kind not in (np.float32, np.float64):
            raise ValueError(f"dtype must be float32, float64 or None, not {self.dtype!r}")
        return [kind.type]

    def _prepared(self, x: Array, n_outputs: int, goes_on: bool) -> bool:
        """Have a module and an optimizer, those of before or fresh ones; whether fresh ones."""
        wanted = Recipe(
            self.module,
            self._settings("module"),
            optimizer_class(self.optimizer),
            self._settings("optimizer"),
            x.shape[1],
            n_outputs,
            0,
            x.dtype.name,
        )
        known = self._known("optimizer")
        if known is None or "lr" in known:
            wanted.optimizer_settings = {"lr": self.lr, **wanted.optimizer_settings}
        self._settings("loss")
        if goes_on and hasattr(self, "module_"):
            self._go_on(wanted)
            return False
        if isinstance(self.random_state, np.random.Generator):
            seed = int(self.random_state.integers(2**31))
        else:
            seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        self._rng = np.random.default_rng([seed, 1])
        wanted.seed = seed
        self._recipe = wanted
        with self._own_library():
            self.module_ = wanted.make()
            wanted.check(self.module_, x[:2], self._meaning())
        self.optimizer_ = wanted.make_optimizer(self.module_)
        self.history_ = History()
        return True

    def _meaning(self) -> str:
        """What an output of the module is."""
        raise NotImplementedError

    def _go_on(self, wanted: Recipe) -> None:
        """Take over what has been set since the last fit, as far as it can be."""
        old = self._recipe
        for name in ("module", "module_settings", "n_outputs", "dtype"):
            before, now = getattr(old, name), getattr(wanted, name)
            if before != now:
                raise ValueError(
                    f"{type(self).__name__} cannot go on from the last fit: {name} was {before} "
                    f"and is {now}; set warm_start=False, or make another estimator"
                )
        if old.optimizer is not wanted.optimizer:
            self.optimizer_ = wanted.make_optimizer(self.module_)
        else:
            changed = {
                name: value
                for name, value in wanted.optimizer_settings.items()
                if old.optimizer_settings.get(name) != value
            }
            for group in self.optimizer_.param_groups:
                group.update(changed)
        wanted.seed = old.seed
        self._recipe = wanted

    def _train(
        self,
        x: Array,
        target: Array,
        weight: Array | None,
        *,
        fresh: bool,
        epochs: int | None = None,
        strata: Array | None = None,
    ) -> None:
        """Train on samples, all of which have positive weights.

        Args:
            x: inputs.
            target: what the loss takes.
            weight: of the samples; None for equal ones.
            fresh: whether the module has learnt nothing yet.
            epochs: how many, without any stopping; None for what the settings say.
            strata: labels whose shares samples that are set aside are to have.
        """
        stops = epochs is None
        n_epochs = checked_count("max_iter", self.max_iter, 1) if epochs is None else epochs
        size = checked_count("batch_size", self.batch_size, 1)
        parts: list[Any] = [x, target, *([] if weight is None else [weight])]
        held_out: Any = None
        with self._own_library():
            if stops and self.early_stopping:
                seed = int(self._rng.integers(2**31))
                parts, held_out = set_aside(parts, self.validation_fraction, strata, seed)
            if weight is not None:
                # One on average, so that weights do not change the learning rate.
                mean = parts[2].mean()
                parts[2] = (parts[2] / mean).astype(x.dtype)
                if held_out is not None:
                    held_out[2] = (held_out[2] / held_out[2].mean()).astype(x.dtype)
            if fresh and hasattr(self.module_, "adapt"):
                self.module_.adapt(parts[0], parts[2] if weight is not None else None)
            self._fit(parts, held_out, n_epochs, size, stops)
        self.n_iter_ = len(self.history_)

    def _fit(self, parts: list[Any], held_out: Any, epochs: int, size: int, stops: bool) -> None:
        watched = "loss" if held_out is None else "val_loss"
        callbacks = []
        if stops and self.n_iter_no_change is not None:
            patience = checked_count("n_iter_no_change", self.n_iter_no_change, 1)
            best = held_out is not None
            callbacks.append(EarlyStopping(watched, patience, self.tol, restore_best=best))
        n = len(parts[0])
        # A batch of a single sample has no variance, which batch normalisation divides by.
        alone = n > size > 1 and n % size == 1
        history = fit(
            self.module_,
            objective(self._loss(), self._settings("loss"), len(parts) == 3),
            self.optimizer_,
            DataLoader(Samples(parts), min(size, n), shuffle=True, drop_last=alone, rng=self._rng),
            None if held_out is None else DataLoader(Samples(held_out), max(size, 256)),
            epochs=epochs,
            callbacks=callbacks,
            progress=bool(self.verbose),
        )
        before = len(self.history_)
        for epoch in history:
            self.history_.epochs.append({**epoch, "epoch": before + epoch["epoch"]})
        self.history_.interrupted = history.interrupted
        self.history_.reason = history.reason

    def _outputs(self, x: Array) -> Array:
        """What the module gives for inputs."""
        # Predicting puts the library's generator back, which no fit in another thread may see.
        with _LIBRARY:
            return np.asarray(predict(self.module_, x))

    @contextmanager
    def _own_library(self) -> Iterator[None]:
        """What draws from the library's generator draws from the estimator's, for reproduction."""
        with _LIBRARY:
            shared = library.generator().bit_generator
            before = shared.state
            shared.state = np.random.default_rng(int(self._rng.integers(2**63))).bit_generator.state
            try:
                yield
            finally:
                shared.state = before
