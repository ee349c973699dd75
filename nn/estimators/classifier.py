"""A classifier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import autodiff as ad
from nn.estimators.class_weighting import class_weights
from nn.estimators.mlp import TabularMLP
from nn.estimators.net import Net
from nn.estimators.objectives import CLASSIFICATION, MULTILABEL, loss_function
from nn.estimators.scikit import (
    ClassifierMixin,
    check_classification_targets,
    check_is_fitted,
    check_sample_weight,
    column_or_1d,
    type_of_target,
    validate_data,
)

__all__ = ["NetClassifier"]

Array = np.ndarray[Any, Any]


class NetClassifier(ClassifierMixin, Net):
    """A network that predicts classes: labels of any kind, or several 0/1 labels for each sample.

    The module gives one logit per class, also for two of them. It is any `nn.Module`, made anew
    in every fit by ``module(n_features, n_outputs, rng, **settings)``; if it has a method
    ``adapt(x, weight)``, this sees the training inputs first. It stays in training mode while it
    learns, and predicts in evaluation mode.

    Args:
        module: the function that makes the network; see `TabularMLP`.
        loss: ``"cross_entropy"``, or a function of logits and class indices (of logits and an
            array of 0 and 1 for several labels). With weights it has to take
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
        class_weight: weights of classes by label, or ``"balanced"``; None for equal ones.
        warm_start: whether `fit` goes on from the last one.
        dtype: ``"float32"`` or ``"float64"`` to compute in; None for the type of the data,
            float64 for integers.
        random_state: a seed, a generator of NumPy's, or None to draw from its global one.
        verbose: whether to show a bar.
        **module__settings: settings of the module, and in the same way of optimizer and loss:
            ``module__hidden=64``, ``optimizer__weight_decay=1e-3``, ``loss__label_smoothing=0.1``.

    Attributes:
        classes_: the labels, sorted.
        module_: the network.
        optimizer_: its optimizer.
        history_: the figures of every epoch, a `History`.
        n_iter_: how many epochs there were.
        n_features_in_: how many features there are.

    Raises:
        TypeError: there is no such setting.

    Example:
        >>> x = np.array([[0.0], [1.0], [2.0], [3.0]])
        >>> model = NetClassifier(module__hidden=8, random_state=0)
        >>> model.fit(x, ["low", "low", "high", "high"]).predict([[0.2], [2.9]])
        array(['low', 'high'], dtype='<U4')
    """

    classes_: Array
    _multilabel: bool

    def __init__(
        self,
        module: Callable[..., Any] = TabularMLP,
        *,
        loss: Any = "cross_entropy",
        optimizer: Any = "Adam",
        lr: float = 0.005,
        batch_size: int = 128,
        max_iter: int = 200,
        tol: float = 1e-4,
        n_iter_no_change: int | None = 10,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        class_weight: Mapping[Any, float] | str | None = None,
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
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> NetClassifier:
        """Learn from samples.

        Args:
            X: features of shape (N, D).
            y: labels of shape (N,); or 0 and 1 of shape (N, L), one column for each label.
            sample_weight: from 0 up, of shape (N,). A sample of weight 2 counts as two, one of
                weight 0 as none.

        Raises:
            ValueError: shapes do not fit, numbers are not finite, there is only one class.
        """
        x, y = self._checked(X, y)
        several = y.ndim == 2
        classes = np.arange(y.shape[1]) if several else np.unique(y)
        goes_on = self.warm_start and hasattr(self, "module_")
        if goes_on and not np.array_equal(classes, self.classes_):
            raise ValueError(
                f"with warm_start the classes must be those of the last fit, {self.classes_}, "
                f"and y has {classes}; set warm_start=False"
            )
        self.classes_ = classes
        self._learn(x, y, sample_weight, goes_on, several, None)
        return self

    def partial_fit(
        self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None
    ) -> NetClassifier:
        """Go once through samples, going on from what has been learnt.

        Args:
            X: features of shape (N, D).
            y: labels as for `fit`.
            classes: in the first call all labels that there will be.
            sample_weight: as for `fit`.

        Raises:
            ValueError: the classes are not known, or others than before.
        """
        goes_on = hasattr(self, "module_")
        if isinstance(self.class_weight, str):
            raise ValueError(
                "class_weight='balanced' counts the labels of all samples, which partial_fit does "
                "not have; give the weights as a dict"
            )
        x, y = self._checked(X, y, reset=not goes_on)
        several = y.ndim == 2
        if classes is not None:
            known = np.unique(classes)
            if goes_on and not np.array_equal(known, self.classes_):
                raise ValueError(f"classes={known} is not what was given before, {self.classes_}")
        elif goes_on:
            known = self.classes_
        elif several:
            known = np.arange(y.shape[1])
        else:
            raise ValueError("the first call of partial_fit needs classes, all labels there are")
        self.classes_ = known
        self._learn(x, y, sample_weight, goes_on, several, 1)
        return self

    def _checked(self, X: Any, y: Any, reset: bool = True) -> tuple[Array, Array]:
        reset = reset and not (self.warm_start and hasattr(self, "module_"))
        if hasattr(y, "toarray"):
            y = y.toarray()
        x, y = validate_data(self, X, y, multi_output=True, dtype=self._types(), reset=reset)
        check_classification_targets(y)
        if type_of_target(y) == "multilabel-indicator":
            return x, y
        return x, column_or_1d(y, warn=True)

    def _learn(
        self, x: Array, y: Array, given: Any, goes_on: bool, several: bool, epochs: int | None
    ) -> None:
        count = len(self.classes_)
        if (several and count != y.shape[1]) or (goes_on and several != self._multilabel):
            raise ValueError(f"y of shape {y.shape} does not go with the {count} classes of before")
        indices = y.astype(x.dtype) if several else self._indices(y)
        weight = None
        if given is not None:
            weight = check_sample_weight(given, x, dtype=np.float64, ensure_non_negative=True)
        if self.class_weight is not None:
            if several:
                raise ValueError(
                    "class_weight is for samples of one class each; for several labels give "
                    "sample_weight"
                )
            of_classes = class_weights(self.class_weight, self.classes_, indices, weight)
            weight = of_classes[indices] * (1.0 if weight is None else weight)
        if weight is not None:
            kept = weight > 0
            x, indices, weight = x[kept], indices[kept], weight[kept]
        if not len(x):
            raise ValueError("the weights are 0 for all samples, so there is no class to learn")
        if epochs is None and not several and (indices == indices[0]).all():
            raise ValueError(
                f"{type(self).__name__} needs samples of two classes at least, and all have one "
                f"class, {self.classes_[indices[0]]!r}"
            )
        self._multilabel = several
        fresh = self._prepared(x, len(self.classes_), goes_on)
        strata = None if several else indices
        self._train(x, indices, weight, fresh=fresh, epochs=epochs, strata=strata)

    def _indices(self, y: Array) -> Array:
        found = np.searchsorted(self.classes_, y).clip(max=len(self.classes_) - 1)
        wrong = self.classes_[found] != y
        if wrong.any():
            raise ValueError(
                f"y has labels that are not among the classes {self.classes_}: "
                f"{np.unique(y[wrong])[:5]}"
            )
        return found.astype(np.int64)

    def _loss(self) -> Callable[..., Any]:
        if isinstance(self.loss, str) and getattr(self, "_multilabel", False):
            loss_function(self.loss, CLASSIFICATION)
            return MULTILABEL
        return loss_function(self.loss, CLASSIFICATION)

    def _meaning(self) -> str:
        return "one logit for each class"

    def _logits(self, X: Any) -> Array:
        check_is_fitted(self)
        x = validate_data(self, X, dtype=self._types(), reset=False)
        return self._outputs(x)

    def decision_function(self, X: Any) -> Array:
        """Logits of shape (N, C); of two classes the difference, of shape (N,)."""
        logits = self._logits(X)
        if not self._multilabel and len(self.classes_) == 2:
            return np.asarray(logits[:, 1] - logits[:, 0])
        return logits

    def predict_proba(self, X: Any) -> Array:
        """Probabilities of shape (N, C): softmax of the logits; of several labels sigmoid."""
        logits = self._logits(X)
        found = ad.sigmoid(logits) if self._multilabel else ad.softmax(logits, axis=1)
        return np.asarray(found.numpy())

    def predict_log_proba(self, X: Any) -> Array:
        """Logarithms of the probabilities, without loss where these are tiny."""
        logits = self._logits(X)
        found = ad.logsigmoid(logits) if self._multilabel else ad.log_softmax(logits, axis=1)
        return np.asarray(found.numpy())

    def predict(self, X: Any) -> Array:
        """The most probable labels, of shape (N,); of several labels 0 and 1 of shape (N, L)."""
        logits = self._logits(X)
        if self._multilabel:
            return (logits > 0).astype(np.int64)
        return np.asarray(self.classes_[logits.argmax(axis=1)])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
