"""A regression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nn.estimators.mlp import TabularMLP, centre_and_scale
from nn.estimators.net import Net
from nn.estimators.objectives import REGRESSION, loss_function
from nn.estimators.scikit import (
    RegressorMixin,
    check_is_fitted,
    check_sample_weight,
    validate_data,
)

__all__ = ["NetRegressor"]

Array = np.ndarray[Any, Any]


class NetRegressor(RegressorMixin, Net):
    """A network that predicts one number or several.

    The network learns (y − μ)/σ, with mean and standard deviation of each target in the first
    fit, so that its settings do not depend on units. Modules, optimizers and training are as for
    `NetClassifier`.

    Args:
        module: the function ``(n_features, n_outputs, rng, **settings)`` that makes the network;
            see `TabularMLP`.
        loss: ``"squared_error"``, ``"absolute_error"``, ``"huber"``, or a function of outputs and
            standardised targets of shape (N, K). With weights it has to take
            ``reduction="none"``.
        optimizer: the name of a class in `nn.optim`, or a function of parameters and settings.
        lr: the learning rate; ``optimizer__lr`` goes before it.
        batch_size: how many samples make a step; if there are fewer, all of them.
        max_iter: after how many epochs a fit ends at the latest.
        tol: by how much the loss has to fall to count as improved.
        n_iter_no_change: after how many epochs without that a fit ends; None for never.
        early_stopping: whether to set samples aside, watch their loss, and go back to the epoch
            in which it was smallest.
        validation_fraction: which share of the samples is set aside.
        standardize_targets: whether to do that; else μ is 0 and σ is 1.
        warm_start: whether `fit` goes on from the last one.
        dtype: ``"float32"`` or ``"float64"`` to compute in; None for the type of the data,
            float64 for integers.
        random_state: a seed, a generator of NumPy's, or None to draw from its global one.
        verbose: whether to show a bar.
        **module__settings: settings of the module, and in the same way of optimizer and loss:
            ``module__hidden=64``, ``optimizer__weight_decay=1e-3``, ``loss__delta=2.0``.

    Attributes:
        module_: the network.
        optimizer_: its optimizer.
        history_: the figures of every epoch, a `History`.
        n_iter_: how many epochs there were.
        n_features_in_: how many features there are.
        target_mean_: μ of each target.
        target_scale_: σ of each target.

    Raises:
        TypeError: there is no such setting.

    Example:
        >>> x = np.linspace(0, 1, 50)[:, None]
        >>> model = NetRegressor(random_state=0).fit(x, 1000 * x[:, 0] ** 2)
        >>> model.predict([[0.0], [1.0]]).shape, model.score(x, 1000 * x[:, 0] ** 2) > 0.99
        ((2,), True)
    """

    target_mean_: Array
    target_scale_: Array
    _flat: bool

    def __init__(
        self,
        module: Callable[..., Any] = TabularMLP,
        *,
        loss: Any = "squared_error",
        optimizer: Any = "Adam",
        lr: float = 0.005,
        batch_size: int = 128,
        max_iter: int = 200,
        tol: float = 1e-4,
        n_iter_no_change: int | None = 10,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        standardize_targets: bool = True,
        warm_start: bool = False,
        dtype: Any = None,
        random_state: Any = None,
        verbose: bool = False,
        **module__settings: Any,
    ) -> None:
        super().__init__(
            module,
            loss=loss,
            optimizer=optimizer,
            lr=lr,
            batch_size=batch_size,
            max_iter=max_iter,
            tol=tol,
            n_iter_no_change=n_iter_no_change,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            warm_start=warm_start,
            dtype=dtype,
            random_state=random_state,
            verbose=verbose,
            **module__settings,
        )
        self.standardize_targets = standardize_targets

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetRegressor:
        """Learn from samples.

        Args:
            X: features of shape (N, D).
            y: numbers of shape (N,) or (N, K).
            sample_weight: from 0 up, of shape (N,). A sample of weight 2 counts as two, one of
                weight 0 as none.

        Raises:
            ValueError: shapes do not fit, or numbers are not finite.
        """
        goes_on = self.warm_start and hasattr(self, "module_")
        self._learn(X, y, sample_weight, goes_on, None)
        return self

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetRegressor:
        """Go once through samples, going on from what has been learnt; arguments as for `fit`.

        Mean and spread of inputs and targets are those of the first call.
        """
        self._learn(X, y, sample_weight, hasattr(self, "module_"), 1)
        return self

    def _learn(self, X: Any, y: Any, given: Any, goes_on: bool, epochs: int | None) -> None:
        x, y = validate_data(
            self,
            X,
            y,
            multi_output=True,
            y_numeric=True,
            dtype=self._types(),
            reset=not goes_on,
        )
        flat = y.ndim == 1
        target = y.reshape(len(y), -1).astype(np.float64)
        weight = None
        if given is not None:
            weight = check_sample_weight(given, x, dtype=np.float64, ensure_non_negative=True)
            kept = weight > 0
            x, target, weight = x[kept], target[kept], weight[kept]
        fresh = self._prepared(x, target.shape[1], goes_on)
        if fresh:
            self.target_mean_ = np.zeros(target.shape[1])
            self.target_scale_ = np.ones(target.shape[1])
            if self.standardize_targets:
                self.target_mean_, self.target_scale_ = centre_and_scale(target, weight)
        self._flat = flat
        scaled = ((target - self.target_mean_) / self.target_scale_).astype(x.dtype)
        self._train(x, scaled, weight, fresh=fresh, epochs=epochs)

    def _loss(self) -> Callable[..., Any]:
        return loss_function(self.loss, REGRESSION)

    def _meaning(self) -> str:
        return "one number for each target"

    def predict(self, X: Any) -> Array:
        """Predictions of shape (N,), or (N, K) if the targets had that shape."""
        check_is_fitted(self)
        x = validate_data(self, X, dtype=self._types(), reset=False)
        outputs = self._outputs(x)
        found = (outputs * self.target_scale_ + self.target_mean_).astype(outputs.dtype)
        return found[:, 0] if self._flat else found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
