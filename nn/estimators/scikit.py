"""What is taken from scikit-learn, typed as far as it is used: it says no types itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autodiff.errors import missing_extra

__all__ = [
    "BaseEstimator",
    "ClassifierMixin",
    "RegressorMixin",
    "check_classification_targets",
    "check_is_fitted",
    "check_random_state",
    "check_sample_weight",
    "column_or_1d",
    "train_test_split",
    "type_of_target",
    "validate_data",
]

if TYPE_CHECKING:

    class BaseEstimator:
        """Settings by name, and how an estimator is shown."""

        @classmethod
        def _get_param_names(cls) -> list[str]: ...

        def get_params(self, deep: bool = True) -> dict[str, Any]:
            """The settings by name."""

        def set_params(self, **params: Any) -> Any:
            """Change settings."""

        def __getstate__(self) -> dict[str, Any]: ...
        def __setstate__(self, state: dict[str, Any]) -> None: ...
        def __sklearn_tags__(self) -> Any: ...

    class ClassifierMixin:
        """The score of classifiers."""

        def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
            """The share of labels that are predicted."""

    class RegressorMixin:
        """The score of regressions."""

        def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
            """R², the share of the variance that is explained."""

    def check_classification_targets(y: Any) -> None:
        """Refuse targets that are no labels."""

    def check_is_fitted(estimator: Any) -> None:
        """Refuse an estimator that has not been fitted."""

    def check_random_state(seed: Any) -> Any:
        """A RandomState."""

    def check_sample_weight(weight: Any, x: Any, **options: Any) -> Any:
        """Weights of samples as an array."""

    def column_or_1d(y: Any, *, warn: bool = False) -> Any:
        """A column as a row of numbers."""

    def train_test_split(*arrays: Any, **options: Any) -> list[Any]:
        """Two parts of each array."""

    def type_of_target(y: Any) -> str:
        """Which kind of targets they are."""

    def validate_data(estimator: Any, *arrays: Any, **options: Any) -> Any:
        """Arrays of the right shape, finite, and of as many features as before."""

else:
    try:
        from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
        from sklearn.model_selection import train_test_split
        from sklearn.utils import check_random_state, column_or_1d
        from sklearn.utils.multiclass import check_classification_targets, type_of_target
        from sklearn.utils.validation import _check_sample_weight as check_sample_weight
        from sklearn.utils.validation import check_is_fitted, validate_data
    except ImportError:
        raise missing_extra("scikit-learn", "data") from None
